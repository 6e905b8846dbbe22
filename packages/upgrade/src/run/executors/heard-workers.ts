import { messageOf } from '@groundcrew/ground';
import type { StepContext } from '@groundcrew/runbook';
import type { HeartbeatsOf, WorkerHeartbeats, WorkerReports } from './worker-heartbeats.ts';

/** What is known of a worker that was restarted, or sent a signal. */
export type WorkerState =
  | { readonly state: 'reported' | 'silent' }
  | { readonly state: 'unknown'; readonly because: string };

/** Five intervals of the slowest: Neutron's agents report each 30 seconds. */
const LOOKS = 75;
const PAUSE = 2_000;
/** An API that was restarted itself may refuse for a moment. */
const ASKS = 5;

/** Waits until workers have reported anew; of those of which nobody can tell it says why. */
export async function heardWorkers(
  { host, components }: { readonly host: string; readonly components: readonly string[] },
  { heartbeats }: WorkerReports,
  context: StepContext,
): Promise<ReadonlyMap<string, WorkerState>> {
  const states = components.map(
    async (component) =>
      [
        component,
        heartbeats === undefined
          ? unknown(`nobody was asked whether ${component} reports: the executor has no \`heartbeats\``)
          : await stateOf({ host, component }, heartbeats, context),
      ] as const,
  );
  return new Map(await Promise.all(states));
}

async function stateOf(
  worker: Parameters<HeartbeatsOf>[0],
  heartbeats: HeartbeatsOf,
  { clock, signal }: StepContext,
): Promise<WorkerState> {
  const { component } = worker;
  let before: WorkerHeartbeats | undefined;
  for (let asked = 1; before === undefined; asked += 1)
    try {
      before = await heartbeats(worker, { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (asked === ASKS)
        return unknown(`whether ${component} reports could not be asked: ${messageOf(error)}`);
      await clock.sleep(PAUSE, signal);
    }
  const last = before;
  const records = Object.entries(last);
  // Neutron tells whoever is no administrator nothing, and no error.
  if (records.length === 0) return unknown(`no service has a record of ${component}`);
  for (let look = 0; look < LOOKS; look += 1) {
    await clock.sleep(PAUSE, signal);
    const now = await heartbeats(worker, { signal }).catch(() => last);
    signal.throwIfAborted();
    if (records.every(([name, at]) => now[name] !== undefined && now[name] !== at))
      return { state: 'reported' };
  }
  return { state: 'silent' };
}

const unknown = (because: string): WorkerState => ({ state: 'unknown', because });
