import type { ConfiguredBefore, ConfiguredService } from './configured-service.ts';
import type { LevelCoverage } from './coverage.ts';
import type { LevelContext } from './strategy.ts';
import type { ToldLevels } from './told-levels.ts';

/** The workers whose log told what was wanted, and the others. */
interface HeardWorkers {
  readonly confirmed: readonly number[];
  readonly others: readonly number[];
}

/**
 * Whether a process has told what is wanted.
 *
 * @param alone - it is the only worker, so that lines without a process id are its own
 */
export type HasTold = (pid: number, log: ToldLevels, alone: boolean) => boolean;

/**
 * Waits until the log tells of each process what is wanted, or nothing more comes.
 *
 * @param had - the workers before; those that still run are workers, also while they do not catch SIGHUP
 */
export async function heardWorkers(
  service: ConfiguredService,
  before: ConfiguredBefore,
  had: readonly number[],
  has: HasTold,
  context: LevelContext,
): Promise<HeardWorkers> {
  // Nothing tells that a service has read a file of Python's own, but lines at DEBUG.
  const isSilent = before.isAppended && service.target.level !== 'debug';
  const end = context.clock.now() + (isSilent ? 0 : SETTLE);
  const met = new Set(had);
  for (;;) {
    const now = await service.processes(context);
    for (const pid of now.workers) met.add(pid);
    const workers = [...met].filter((pid) => now.running.has(pid));
    const seen = await service.toldSince(before, context);
    const confirmed = workers.filter((pid) => has(pid, seen, workers.length === 1));
    const others = workers.filter((pid) => !confirmed.includes(pid));
    if ((workers.length > 0 && others.length === 0) || context.clock.now() >= end)
      return { confirmed, others };
    await context.clock.sleep(LOOK, context.signal);
  }
}

/** @param what - of those that did not tell: `logged nothing that tells of it` */
export const workerCoverage = (
  { name }: ConfiguredService,
  { confirmed, others }: HeardWorkers,
  what: string,
): LevelCoverage => ({
  asked: confirmed.length + others.length,
  confirmed: confirmed.length,
  unverifiable: others.map((pid) => `${name}: process ${pid} ${what}`),
  down: [],
});

/** Milliseconds in which a service is expected to log that it took a level, and between two looks. */
const SETTLE = 30_000;
const LOOK = 250;
