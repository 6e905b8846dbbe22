import { type Emitter, systemClock } from '@groundcrew/ground';
import { type Implementation, isUnfinished, type Journal, readOutput, RunKeeper } from '@groundcrew/runbook';
import { backUpTenant } from '../backup/actions.ts';
import { backupImplementations } from '../backup/backup-implementations.ts';
import type { BackupSource } from '../backup/backup-source.ts';
import { retentionImplementations } from '../retention/retention-implementations.ts';
import type { BackupControllerEvents, StoredPoint } from './controller-events.ts';
import type { BackupControllerOptions } from './controller-options.ts';
import {
  readSchedule,
  type ScheduledWork,
  type ScheduleMemory,
  withBegun,
  withEnded,
  withoutBegun,
} from './schedule-memory.ts';

/** What the runs of a controller need of it. */
interface RunsSetting {
  readonly sourceOf: (project: string) => BackupSource;
  readonly events: Emitter<BackupControllerEvents>;
  readonly atWork: AtWork;
  /** Called when a run has ended for good: then other things may begin. */
  readonly over: () => void;
}

/** The runs of a controller of backups. */
export function backupRuns(
  options: BackupControllerOptions,
  { sourceOf, events, atWork, over }: RunsSetting,
): RunKeeper<ScheduleMemory, ScheduledWork> {
  const { policies, repository, ledger, state, journal, clock = systemClock } = options;
  const now = (): number => clock.now();
  const retains = (project: string): boolean =>
    policies.some((policy) => policy.project === project && policy.forgetAtMost > 0);
  return new RunKeeper<ScheduleMemory, ScheduledWork>({
    state,
    journal,
    memory: {
      read: readSchedule,
      running: ({ running }) => running,
      withBegun: (memory, run) => withBegun(memory, run, now()),
      withEnded: (memory, run, outcome) =>
        withEnded(memory, run, { outcome, now: now(), retains: retains(run.about.project) }),
      withoutBegun: (memory, run) => withoutBegun(memory, run, now()),
    },
    how: ({ about: { project, purpose } }) => ({
      implementations: atWork.watched(
        purpose === 'back-up'
          ? backupImplementations({ ...sourceOf(project), repository })
          : retentionImplementations({ repository, ledger: ledger ?? UNREAD }),
      ),
      clock,
    }),
    listener: {
      started: ({ journal: name, about }, plan) => events.emit('started', { ...about, plan, journal: name }),
      record: ({ about }, record) => events.emit('record', { ...about, record }),
      ended: ({ about }, _, outcome) => {
        events.emit('ended', { ...about, outcome });
        // What is to go on is resumed by the next round, and not at once: a disk that is full is full for a while.
        if (!isUnfinished(outcome)) over();
      },
      trouble: (error) => events.emit('trouble', { error }),
    },
    account: async ({ about }, kept) => {
      if (about.purpose === 'back-up')
        for (const stored of await storedIn(kept, about.project)) events.emit('stored', stored);
    },
  });
}

/**
 * What acts, also after its run has given it up: a run waits for a few seconds for what it cut off, and what a backup made in the cloud
 * takes longer to take away.
 */
export class AtWork {
  readonly #acts = new Set<Promise<unknown>>();

  watched(implementations: readonly Implementation[]): Implementation[] {
    return implementations.map(({ action, handlers }) => ({
      action,
      handlers: {
        ...handlers,
        perform: (input, context) => {
          const act = handlers.perform(input, context);
          const end = act.catch(() => undefined).finally(() => this.#acts.delete(end));
          this.#acts.add(end);
          return act;
        },
      },
    }));
  }

  /** Resolves when nothing acts. */
  async over(): Promise<void> {
    await Promise.all(this.#acts);
  }
}

/** A ledger that was taken away since retention was planned: what was proven is not known, and nothing may go. */
const UNREAD = {
  read: () => Promise.reject(new TypeError('there is no ledger of proofs any more')),
};

/** The points that a run has stored, from its journal. */
async function storedIn(journal: Journal, project: string): Promise<StoredPoint[]> {
  const records = await journal.read();
  const outputs = records.flatMap(({ event }) => (event.type === 'step-acted' ? [event.output] : []));
  return outputs.slice(-1).map((output) => ({ project, ...readOutput(backUpTenant, output) }));
}
