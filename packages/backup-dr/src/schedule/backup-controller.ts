import { randomUUID } from 'node:crypto';
import { Emitter, isGroundcrewError, messageOf, milliseconds, systemClock } from '@groundcrew/ground';
import { campaign, type LeadershipTerm, type Plan, type Refusal, type RunKeeper } from '@groundcrew/runbook';
import type { BackupSource } from '../backup/backup-source.ts';
import { planBackup } from '../backup/plan-backup.ts';
import type { BackupPolicy } from '../backup/protect.ts';
import { AtWork, backupRuns } from './backup-runs.ts';
import type { BackupControllerEvents } from './controller-events.ts';
import { type BackupControllerOptions, checkBackupController } from './controller-options.ts';
import { decideSchedule } from './decide-schedule.ts';
import { scheduledRetention } from './scheduled-retention.ts';
import { type ScheduledWork, type ScheduleMemory, withAttempt, withoutRetention } from './schedule-memory.ts';

/** Keeps a schedule: it stores points when they are due, and forgets those that no rule keeps, as far as policies approve it. */
export interface BackupController {
  readonly events: Emitter<BackupControllerEvents>;
  /** Something changed, a point was removed by hand: look now. */
  readonly wake: () => void;
  /**
   * Works until the signal aborts. A backup that is under way then is cut off, what it made in the cloud is taken away, and the next
   * controller goes on with it. While another one holds the lease, it waits.
   *
   * @throws what `state.load` throws, StateCorruptError among it, if there is no lease; with one it tells `trouble`, makes
   *   way, and tries again
   */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

/**
 * Makes a controller of backups. Who wrote the policies has approved what they say, so that nobody is asked: a backup destroys nothing,
 * and no more points are forgotten at once than `forgetAtMost`. It remembers nothing that its state, its journals and the repository do
 * not keep: kill it at any moment, start it or another one, and it goes on where that one was.
 *
 * @throws InputError naming the field
 * @example
 * const controller = backupController({
 *   policies: [protect({ project: 'shop', rpo: '4h', keep: { daily: 14 }, forgetAtMost: 3 })],
 *   source: (project) => {
 *     const scope = cloud.scoped({ project_name: project, project_domain_name: 'Default' });
 *     return { cloud: scope, reader: imageReader(scope) };
 *   },
 *   repository: repo,
 *   ledger: proofLedger('/var/lib/groundcrew/proofs.jsonl'),
 *   state: fileState('/var/lib/groundcrew/backups.json'),
 *   journal: (name) => fileJournal(`/var/lib/groundcrew/${name}.journal`),
 *   lease: fileLease('/var/lib/groundcrew/backups'),
 * });
 * controller.events.on('declined', ({ project, refusals }) => notify(project, refusals));
 * await controller.run({ signal });
 */
export const backupController = (options: BackupControllerOptions): BackupController =>
  new Controller(options);

class Controller implements BackupController {
  readonly events = new Emitter<BackupControllerEvents>();
  readonly #options: BackupControllerOptions;
  readonly #runs: RunKeeper<ScheduleMemory, ScheduledWork>;
  readonly #atWork = new AtWork();
  readonly #sources = new Map<string, BackupSource>();
  /** Its abort ends a pause between rounds. */
  #wakeUp = new AbortController();

  constructor(options: BackupControllerOptions) {
    checkBackupController(options);
    this.#options = options;
    this.#runs = backupRuns(options, {
      sourceOf: (project) => this.#sourceOf(project),
      events: this.events,
      atWork: this.#atWork,
      over: this.wake,
    });
  }

  readonly wake = (): void => this.#wakeUp.abort();

  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { lease, holder = HOLDER, interval = INTERVAL, clock = systemClock } = this.#options;
    await campaign(lease, this.events, (term) => this.#lead(term), {
      holder,
      signal,
      retryEvery: Math.min(milliseconds(interval), 10_000),
      clock,
    });
  }

  async #lead(term: LeadershipTerm): Promise<void> {
    await this.#runs.load(term);
    const { signal } = term;
    while (!signal.aborted) {
      // Whatever ends from here on is not seen by this round.
      this.#wakeUp = new AbortController();
      let lookAgainAt: string | undefined;
      try {
        await this.#runs.resume(signal);
        lookAgainAt = await this.#round(signal);
      } catch (error) {
        if (!signal.aborted) this.events.emit('trouble', { error });
      }
      await this.#pause(lookAgainAt, signal);
    }
    await this.#runs.stop({ cancel: true });
    await this.#atWork.over();
  }

  async #pause(lookAgainAt: string | undefined, signal: AbortSignal): Promise<void> {
    const { interval = INTERVAL, clock = systemClock } = this.#options;
    const until =
      lookAgainAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(lookAgainAt) - clock.now();
    const length = Math.max(0, Math.min(milliseconds(interval), until));
    await clock.sleep(length, AbortSignal.any([signal, this.#wakeUp.signal])).catch(() => undefined);
  }

  async #round(signal: AbortSignal): Promise<string | undefined> {
    const { policies, repository, atOnce = 2, retryAfter = '15m' } = this.#options;
    const points = await repository.points({ signal });
    const now = this.#now();
    const decision = decideSchedule({
      policies,
      memory: this.#runs.memory,
      points,
      now,
      atOnce,
      retryAfterMs: milliseconds(retryAfter),
    });
    this.events.emit('decided', { at: new Date(now).toISOString(), decision });
    if (decision.retain !== undefined) await this.#retain(decision.retain, signal);
    for (const { project } of decision.begin) {
      const policy = policies.find((one) => one.project === project);
      if (policy !== undefined) await this.#backUp(policy, signal);
      signal.throwIfAborted();
    }
    return decision.lookAgainAt;
  }

  async #backUp(policy: BackupPolicy, signal: AbortSignal): Promise<void> {
    const work = { project: policy.project, purpose: 'back-up' } as const;
    const refusals = await this.#planned(policy, signal);
    if (!Array.isArray(refusals)) return this.#begin(refusals, work, signal);
    // An attempt, too: what cannot be planned now is asked again later, and not all the time.
    await this.#runs.remember((memory) => withAttempt(memory, policy.project, this.#now()));
    this.events.emit('declined', { ...work, refusals });
  }

  /** The plan of a backup, or why there is none: a project that cannot be read keeps no other one from being stored. */
  async #planned(policy: BackupPolicy, signal: AbortSignal): Promise<Plan | Refusal[]> {
    try {
      const planned = await planBackup(policy, { ...this.#sourceOf(policy.project), signal });
      return planned.ok ? planned.plan : [...planned.refusals];
    } catch (error) {
      signal.throwIfAborted();
      const [code, remedy] = isGroundcrewError(error) ? [error.code, error.remedy] : ['error', undefined];
      return [{ code, reason: messageOf(error), remedy }];
    }
  }

  async #retain(project: string, signal: AbortSignal): Promise<void> {
    const { policies, repository, ledger } = this.#options;
    const policy = policies.find((one) => one.project === project && one.forgetAtMost > 0);
    const forget = (): Promise<void> => this.#runs.remember((memory) => withoutRetention(memory, project));
    // Its policy has gone, or approves nothing any more.
    if (policy === undefined || ledger === undefined) return forget();
    const given = {
      points: await repository.points({ signal }),
      proofs: await ledger.read(),
      now: this.#now(),
    };
    const choice = scheduledRetention(policy, given);
    const work = { project, purpose: 'retention' } as const;
    if (choice.is === 'plan') return this.#begin(choice.plan, work, signal);
    await forget();
    if (choice.is === 'refused') this.events.emit('declined', { ...work, refusals: choice.refusals });
    this.wake();
  }

  async #begin(plan: Plan, about: ScheduledWork, signal: AbortSignal): Promise<void> {
    const { holder = HOLDER } = this.#options;
    await this.#runs.begin(plan, { journal: journalOf(about, this.#now()), by: holder, about }, signal);
  }

  #sourceOf(project: string): BackupSource {
    const known = this.#sources.get(project) ?? this.#options.source(project);
    this.#sources.set(project, known);
    return known;
  }

  #now(): number {
    const { clock = systemClock } = this.#options;
    return clock.now();
  }
}

const HOLDER = 'backup-controller';
const INTERVAL = '5m';

/** Unique also under a clock that was set back, and a name of files, whatever the project is called. */
function journalOf({ project, purpose }: ScheduledWork, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[:.-]/g, '');
  const name = project.replaceAll(/[^\w-]+/g, '-').slice(0, 40);
  return `${purpose}-${name}-${time}-${randomUUID().slice(0, 8)}`;
}
