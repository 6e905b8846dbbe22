import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock, Cloud } from '@groundcrew/core';
import { type Journal, memoryJournal, memoryState } from '@groundcrew/runbook';
import { onTestFinished } from 'vitest';
import {
  type BackupController,
  backupController,
  type BackupControllerOptions,
  type BackupPolicy,
  type BackupSource,
} from '../../src/backup.ts';
import type { ProofEntry, ProofRecords } from '../../src/prove.ts';
import { type BackupRepository, openRepository } from '../../src/repository.ts';
import { readers } from '../backup/readers.ts';
import { type Site, siteOf } from '../recovery/site.ts';
import { FolderEngine } from '../repository/folder-engine.ts';

/** A cloud with projects, a repository, and controllers of backups over both. */
interface Stage {
  readonly site: Site;
  readonly engine: FolderEngine;
  readonly repository: BackupRepository;
  readonly proofs: ProofEntry[];
  /** By how much the clock of our machine is ahead of the cloud's, in milliseconds. */
  ahead: number;
  /** Milliseconds since 1970, by our machine. */
  readonly now: () => number;
  /** A project with a volume of a gibibyte. */
  readonly project: (name: string) => Promise<Cloud>;
  /** Volumes, snapshots, images and attachments of a project. */
  readonly count: (project: string) => Promise<readonly number[]>;
  readonly sourceOf: (project: string) => BackupSource;
  readonly controller: (
    policies: readonly BackupPolicy[],
    differs?: Partial<BackupControllerOptions>,
  ) => Watched;
}

interface Watched {
  readonly controller: BackupController;
  /** What it told, in words. */
  readonly told: string[];
  /** Runs it until this holds, for a hundred rounds at the most. */
  readonly until: (holds: (told: readonly string[], rounds: number) => boolean) => Promise<void>;
}

export async function stage(): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'schedule-'));
  const site = siteOf();
  const engine = new FolderEngine(path.join(folder, 'repository'));
  const atWork = new AtWork();
  const clouds = new Map<string, Cloud>();
  // Hours pass in no time, but not while a run is at work: its limits of time would be over.
  const clock: Clock = {
    now: () => site.simulated.clock.now() + made.ahead,
    async sleep(ms, signal) {
      if (ms > 5_000) await atWork.done(signal);
      await site.simulated.clock.sleep(ms, signal);
    },
  };
  const repository = await openRepository({ engine, create: true, clock });
  onTestFinished(async () => {
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const journals = new Map<string, Journal>();
  const shared = {
    repository,
    clock,
    state: memoryState(),
    journal: (name: string) => {
      const there = journals.get(name) ?? memoryJournal();
      journals.set(name, there);
      return there;
    },
    ledger: { read: async (): Promise<ProofRecords> => ({ entries: made.proofs, unreadable: [] }) },
    source: (project: string) => made.sourceOf(project),
  };
  const cloudOf = (project: string): Cloud => {
    const cloud = clouds.get(project);
    if (cloud === undefined) throw new TypeError(`there is no project ${project}`);
    return cloud;
  };
  const made: Stage = {
    site,
    engine,
    repository,
    proofs: [],
    ahead: 0,
    now: () => clock.now(),
    async project(name) {
      const { cloud } = await site.project(name);
      clouds.set(name, cloud);
      const { id } = await cloud.blockStorage.volumes.create({ name: 'data', size: 1 });
      await cloud.blockStorage.volumes.waitFor(id, 'available');
      return cloud;
    },
    async count(project) {
      const cloud = cloudOf(project);
      const { volumes, snapshots, attachments } = cloud.blockStorage;
      const lists = [volumes.list(), snapshots.list(), cloud.image.images.list(), attachments.listBrief()];
      return Promise.all(
        lists.map(async (list) => (await Array.fromAsync(list as AsyncIterable<unknown>)).length),
      );
    },
    sourceOf: (project) => ({ cloud: cloudOf(project), reader: readers.attachment(cloudOf(project)) }),
    controller(policies, differs = {}) {
      const controller = backupController({ policies, ...shared, ...differs });
      controller.events.on('started', () => atWork.begin());
      controller.events.on('ended', () => atWork.end());
      return watched(controller);
    },
  };
  return made;
}

function watched(controller: BackupController): Watched {
  const { events } = controller;
  const told: string[] = [];
  let rounds = 0;
  let holds: (told: readonly string[], rounds: number) => boolean = () => false;
  let stop = new AbortController();
  const say = (text: string): void => {
    told.push(text);
    if (holds(told, rounds) || rounds >= 100) stop.abort();
  };
  events.on('decided', ({ decision }) => {
    rounds += 1;
    for (const { purpose, project, because } of decision.heldBack)
      told.push(`held ${purpose} ${project}: ${because}`);
    say('decided');
  });
  events.on('declined', ({ purpose, project, refusals }) =>
    say(`declined ${purpose} ${project}: ${refusals.map(({ code }) => code).join(' ')}`),
  );
  events.on('started', ({ purpose, project }) => say(`started ${purpose} ${project}`));
  events.on('stored', ({ project, completeness }) => say(`stored ${project} ${completeness}`));
  events.on('ended', ({ purpose, project, outcome }) =>
    say(`ended ${purpose} ${project}: ${outcome.status}`),
  );
  events.on('trouble', ({ error }) =>
    say(`trouble ${error instanceof Error ? error.message : String(error)}`),
  );
  events.on('following', () => say('following'));
  return {
    controller,
    told,
    async until(condition) {
      holds = condition;
      rounds = 0;
      stop = new AbortController();
      await controller.run({ signal: stop.signal });
    },
  };
}

/** Counts what is at work, and tells when nothing is. */
class AtWork {
  #count = 0;
  #idle = Promise.withResolvers<void>();

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers();
  }

  async done(signal: AbortSignal | undefined): Promise<void> {
    if (this.#count === 0 || signal?.aborted === true) return;
    const isAborted = signal === undefined ? [] : [once(signal, 'abort')];
    await Promise.race([this.#idle.promise, ...isAborted]);
  }
}
