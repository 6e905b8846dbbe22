import { type Cloud, gapOf } from '@groundcrew/core';
import {
  aDuration,
  aPositiveDuration,
  aSignal,
  type Duration,
  type Gap,
  InputError,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { candidates, tryRemove } from './leftovers.ts';
import { aMark, type ProbeLeftover, type MarkedKind } from './marked.ts';

export interface SweepLeftoversOptions {
  /** The mark of the probes, as `probe` has it. */
  readonly mark: string;
  /** Younger things are left alone: a probe may be at work on them. By the cloud's and this machine's clock. */
  readonly olderThan: Duration;
  /** The longest wait for each thing to be gone. @default '2m' */
  readonly patience?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SweepReport {
  readonly removed: readonly { readonly kind: MarkedKind; readonly id: string; readonly name: string }[];
  /** What should have been removed and is still there. */
  readonly failed: readonly ProbeLeftover[];
  /** What has a name of the mark and was not touched, with the reason. */
  readonly kept: readonly ProbeLeftover[];
  /** Lists that could not be read: there may be more. */
  readonly gaps: readonly Gap[];
}

const sweepOptions = optionsSchema<SweepLeftoversOptions>({
  mark: aMark,
  olderThan: aDuration,
  patience: aPositiveDuration.optional(),
  signal: aSignal.optional(),
});

/**
 * Removes what probes left behind because they were killed. Only what has the mark in its metadata, the name that belongs to
 * it, and the project of the token is deleted; all three are looked at once more just before. Other projects are never read.
 *
 * @throws InputError on wrong options, and if the token is of no project
 * @example await sweepLeftovers(cloud, { mark: 'probe-eu1', olderThan: '15m' });
 */
export async function sweepLeftovers(cloud: Cloud, options: SweepLeftoversOptions): Promise<SweepReport> {
  parseArguments('sweepLeftovers', sweepOptions, options);
  const { mark, patience = '2m', signal } = options;
  const before = cloud.clock.now() - milliseconds(options.olderThan);
  const call = signal === undefined ? {} : { signal };
  const { project } = (await cloud.token(call)) ?? {};
  if (project === undefined)
    throw new InputError(
      'sweepLeftovers: cloud: must have a token of a project: what is its own is not known',
      {
        field: 'cloud',
        operation: 'sweepLeftovers',
      },
    );
  const owner = { mark, project: project.id };
  const removed: { kind: MarkedKind; id: string; name: string }[] = [];
  const failed: ProbeLeftover[] = [];
  const kept: ProbeLeftover[] = [];
  const gaps: Gap[] = [];
  // Servers first: a volume that is at one of them is free then.
  for (const kind of ['server', 'volume'] as const) {
    const found = await candidates(cloud, kind, { owner, call }).catch((error: unknown) => {
      signal?.throwIfAborted();
      gaps.push(gapOf(`${kind}s`, error));
      return [];
    });
    for (const { id, name, proof } of found) {
      const thing = { kind, id, name };
      if (typeof proof === 'string') kept.push({ ...thing, because: proof });
      else if (proof.createdAt > before) kept.push({ ...thing, because: 'it is too young' });
      else {
        const left = await tryRemove(cloud, thing, owner, { ...call, patience });
        signal?.throwIfAborted();
        if (left === undefined) removed.push(thing);
        else failed.push(left);
      }
    }
  }
  return { removed, failed, kept, gaps };
}
