import { messageOf } from '@groundcrew/ground';
import type { StepContext } from '@groundcrew/runbook';

/** Milliseconds between two looks at something that changes. */
export const LOOK = 300;

/**
 * Looks until there is no complaint any more, for so many milliseconds at most.
 *
 * @returns `undefined` if all is well, else the last complaint; a look that throws complains with its message
 */
export async function settled(
  look: () => Promise<string | undefined>,
  { signal, clock, progress }: StepContext,
  within: number,
): Promise<string | undefined> {
  const until = clock.now() + within;
  let told: string | undefined;
  for (;;) {
    const complaint = await look().catch((error: unknown) => {
      signal.throwIfAborted();
      return messageOf(error);
    });
    if (complaint === undefined || clock.now() >= until) return complaint;
    if (complaint !== told) progress(complaint);
    told = complaint;
    await clock.sleep(LOOK, signal);
  }
}
