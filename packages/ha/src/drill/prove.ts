import { z } from 'zod';
import { aFunction, anObjectWith, aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { DrillEntry, DrillHistory, Regression } from '@groundcrew/monitoring';
import {
  type Journal,
  memoryJournal,
  type Outcome,
  type Plan,
  type ProgressEvent,
  type Proof,
  prover,
  run,
} from '@groundcrew/runbook';
import {
  drillImplementations,
  type DrillImplementationsOptions,
  type DrillTarget,
} from './drill-implementations.ts';
import type { DrillReport } from './drill-report.ts';
import { type DrillOptions, planDrill } from './plan-drill.ts';

/** Facts about one fault that the target survived within the aims. */
export interface DrillFacts {
  readonly target: string;
  readonly fault: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Downtime, with what the sampling could have missed. */
  readonly downtimeMs: number;
  /** Digest of the plan. */
  readonly digest: string;
}

/** Proof that a target survived a fault, which was made, measured and undone in this process. */
export type DrillProof = Proof<'DrillProof', DrillFacts>;

const mint = prover<'DrillProof', DrillFacts>();

/** Tells whether a value is a proof that a drill of this process made. */
export const isDrillProof = (value: unknown): value is DrillProof => mint.isProof(value);

export interface ProveOptions
  extends Omit<DrillOptions, 'target'>, Omit<DrillImplementationsOptions, 'target' | 'onReport'> {
  /** Digest of `planDrill` with the same target, faults, aims and timing, as somebody approved it. */
  readonly approved: string;
  /** Journal of the run, from which a fault can be undone after a crash. @default in memory */
  readonly journal?: Journal | undefined;
  /** History to which each drill is added, and against which it is compared. @default none */
  readonly history?: DrillHistory | undefined;
  /** Aborting it undoes the fault and ends the drill. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
}

/** Names: what the others may say is checked by `planDrill`, `drillImplementations` and `run`, which they are given to. */
const proveOptions = optionsSchema<ProveOptions>({
  faults: z.unknown(),
  aims: z.unknown().optional(),
  timing: z.unknown().optional(),
  approved: z.string(),
  journal: z.unknown().optional(),
  hosts: z.unknown(),
  sudo: z.unknown().optional(),
  watchEvery: z.unknown().optional(),
  clock: z.unknown().optional(),
  history: anObjectWith<DrillHistory>('a DrillHistory', 'append', 'check').optional(),
  signal: aSignal.optional(),
  onProgress: aFunction.optional(),
});

export interface Proven {
  readonly plan: Plan;
  /** Outcome of the run: `refused` if the plan was not approved, `failed` if a fault could not be made or undone. */
  readonly outcome: Outcome;
  /** One entry for each fault that was measured. */
  readonly drills: readonly Drilled[];
}

export interface Drilled {
  readonly report: DrillReport;
  /** The proof, if the verdict is `pass`. */
  readonly proof: DrillProof | undefined;
  /** `undefined` without a history. */
  readonly regression: Regression | undefined;
}

/**
 * Proves that a target survives: makes the faults of an approved plan, measures what users notice, and undoes them.
 *
 * @throws InputError, PlanError; what the history throws
 * @example
 * const faults = [{ kind: 'freeze', host: 'api-2', victim: 'keystone on api-2', pids: ['cat', '/run/keystone.pid'] }];
 * const plan = planDrill({ target: 'keystone', faults });
 * // … somebody reads explain(plan), and approves its digest …
 * const { drills } = await prove({ name: 'keystone', probe: httpProbe(url) }, { faults, hosts, approved });
 */
export async function prove(target: DrillTarget, options: ProveOptions): Promise<Proven> {
  parseArguments('prove', proveOptions, options);
  const { faults, aims, timing, approved, journal = memoryJournal(), history, signal, onProgress } = options;
  const plan = planDrill({ target: target.name, faults, aims, timing });
  const reports: DrillReport[] = [];
  const { hosts, sudo, watchEvery, clock } = options;
  const execution = run(plan, {
    approved,
    journal,
    implementations: drillImplementations({
      target,
      hosts,
      sudo,
      watchEvery,
      clock,
      onReport: (report) => reports.push(report),
    }),
    onFailure: 'roll-back',
  });
  if (onProgress !== undefined) execution.events.on('progress', onProgress);
  // Both stages at once: a drill is one long step, which only the second one ends.
  const stop = (): void => {
    execution.cancel();
    execution.cancel();
  };
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const outcome = await execution.outcome;
    const drills: Drilled[] = [];
    for (const report of reports) drills.push(await drilled(report, plan, history));
    return { plan, outcome, drills };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function drilled(report: DrillReport, plan: Plan, history: DrillHistory | undefined): Promise<Drilled> {
  const { target, fault, at, downtime, verdict } = report;
  const proof =
    verdict === 'pass'
      ? mint.prove({ target, fault, at, downtimeMs: downtime.atMost ?? downtime.ms, digest: plan.digest })
      : undefined;
  if (history === undefined || downtime.atMost === undefined) return { report, proof, regression: undefined };
  const entry: DrillEntry = {
    at,
    target,
    fault,
    healed: report.healed === true,
    downtime: { ms: downtime.ms, atMost: downtime.atMost },
    ...(report.mttr === undefined ? {} : { mttr: report.mttr.ms }),
    ...(report.degradation === undefined ? {} : { degradation: report.degradation.relative }),
  };
  const regression = await history.check(entry);
  await history.append(entry);
  return { report, proof, regression };
}
