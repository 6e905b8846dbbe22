import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { aSignal, messageOf, optionsSchema, parseArguments } from '@groundcrew/ground';
import { fileJournal, type Outcome, readOutput, replay, run, type RunState } from '@groundcrew/runbook';
import { z } from 'zod';
import { rememberLevels, STEPS } from './actions.ts';
import { implementationsFor } from './level-implementations.ts';
import { isLeaseOpen, isLevelRun } from './level-run.ts';
import { accessOptions, clockOf, type LevelAccess } from './level-strategies.ts';

export interface RestoreLevelsOptions extends LevelAccess {
  /** The folder of the journals: its files `*.journal`. Those of other plans are left alone. */
  readonly journals: string;
  /** Whether leases that are not over yet are ended, too. @default false */
  readonly early?: boolean | undefined;
  /** The person or program that wants it, for the journal. @default unknown */
  readonly by?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const restoreOptions = optionsSchema<RestoreLevelsOptions>({
  ...accessOptions,
  journals: z.string().min(1),
  early: z.boolean().optional(),
  by: z.string().min(1).optional(),
  signal: aSignal.optional(),
});

/** What `restoreLevels` found, each by the name of the journal's file. */
export interface RestoredLevels {
  /** Levels that were put back now. */
  readonly restored: readonly string[];
  /** Leases that are not over yet, and their end in ISO 8601; those of a run that is going on belong to it. */
  readonly held: readonly { readonly journal: string; readonly until: string }[];
  /** What could not be put back, and why: it is tried again the next time. */
  readonly failed: readonly { readonly journal: string; readonly why: string }[];
}

/**
 * Puts back the levels of leases that are over: also of callers that were killed while they set or put back. To be called at the
 * start of a program that sets levels, and by a timer.
 *
 * @throws InputError; what reading the folder throws
 * @example
 * const { failed } = await restoreLevels({ journals: '/var/lib/levels', cloud, hosts });
 */
export async function restoreLevels(options: RestoreLevelsOptions): Promise<RestoredLevels> {
  parseArguments('restoreLevels', restoreOptions, options);
  const { journals, early = false, by, signal, cloud, hosts, clock } = options;
  const access = { cloud, hosts, clock };
  const now = (): number => clockOf(access).now();
  const restored: string[] = [];
  const held: { journal: string; until: string }[] = [];
  const failed: { journal: string; why: string }[] = [];
  const names = (await readdir(journals)).filter((name) => name.endsWith('.journal')).toSorted();
  for (const name of names) {
    signal?.throwIfAborted();
    const journal = fileJournal(join(journals, name));
    try {
      const lease = leaseIn(replay(await journal.read()));
      if (lease === undefined) continue;
      const { state, until } = lease;
      if (!early && now() < Date.parse(until)) {
        held.push({ journal: name, until });
        continue;
      }
      const { outcome } = run(state.plan, {
        // Whoever approved it approved that it is put back.
        approved: state.plan.digest,
        implementations: implementationsFor(access, true),
        journal,
        gate: async () => 'open',
        by,
        signal,
      });
      const ended = await outcome;
      const why = whyNot(ended);
      if (why === undefined) restored.push(name);
      else if (isHeld(ended)) held.push({ journal: name, until });
      else failed.push({ journal: name, why });
    } catch (error) {
      // One that is damaged does not keep the others from being put back.
      failed.push({ journal: name, why: messageOf(error) });
    }
  }
  return { restored, held, failed };
}

/** The lease that a journal holds, if levels may have been changed and were not put back. */
function leaseIn(
  state: RunState | undefined,
): { readonly state: RunState; readonly until: string } | undefined {
  if (!isLevelRun(state) || !isLeaseOpen(state)) return undefined;
  return { state, until: readOutput(rememberLevels, state.steps.get(STEPS.remember)?.output).until };
}

const isHeld = (outcome: Outcome): boolean =>
  outcome.status === 'refused' && outcome.refusals.some(({ code }) => code === 'run.lease-held');

/** A setting that was not tried any more is no failure of the restoring. */
function whyNot(outcome: Outcome): string | undefined {
  if (outcome.status === 'succeeded') return undefined;
  if (outcome.status === 'refused') return outcome.refusals[0]?.reason;
  if (outcome.status === 'interrupted') return outcome.reason;
  const failures = 'failures' in outcome ? outcome.failures.filter(({ step }) => step !== STEPS.set) : [];
  if (outcome.status === 'partially-succeeded' && failures.length === 0) return undefined;
  return failures[0]?.message ?? `the run is ${outcome.status}`;
}
