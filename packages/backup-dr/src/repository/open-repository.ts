import { randomUUID } from 'node:crypto';
import {
  Emitter,
  InputError,
  isGroundcrewError,
  parseArguments,
  type ReadOptions,
  signalOptions,
} from '@groundcrew/ground';
import type { HeldLease } from '@groundcrew/runbook';
import type { Engine } from './engine.ts';
import { latestPoint } from './latest-point.ts';
import type { ManifestReading } from './manifest.ts';
import type { PointList, RecoveryPoint } from './point.ts';
import { pointsIn } from './points.ts';
import { readManifests } from './read-manifests.ts';
import type {
  BackupRepository,
  CheckRepositoryOptions,
  PointContent,
  PointDraft,
  PointWriter,
  ReadStreamOptions,
  RepositoryCheck,
  RepositoryEvents,
} from './repository.ts';
import { isRepositoryError, RepositoryError } from './repository-error.ts';
import {
  checkRepositoryOptions,
  partsOf,
  pointDraft,
  pointFilter,
  readStreamOptions,
  type RepositoryOptions,
  repositoryOptions,
  type RepositoryParts,
} from './repository-options.ts';
import { verified } from './verified.ts';
import { writePoint } from './write-point.ts';

/**
 * Opens a repository of recovery points. The engine's program, the place and the password are tried, so that what is wrong with them
 * is known at once.
 *
 * @throws InputError on an option that there is not; RepositoryError `wrong-password`, `no-repository`, `engine-missing`, …
 * @example
 * await using repo = await openRepository({ engine: restic({ repository: '/srv/backups', password }) });
 * const point = await repo.latest({ project: 'shop' });
 */
export async function openRepository(options: RepositoryOptions): Promise<BackupRepository> {
  parseArguments('openRepository', repositoryOptions, options);
  const { engine, create = false, readOnly = false, signal } = options;
  if (create && readOnly)
    throw new InputError('create: what is opened to be read only is not made', {
      field: 'create',
      operation: 'openRepository',
    });
  await engine.capabilities({ signal });
  try {
    await engine.list({ lock: !readOnly, signal });
  } catch (error) {
    if (!create || !isRepositoryError(error, 'no-repository')) throw error;
    await createOnce(engine, signal);
  }
  return new Repository(partsOf(options));
}

/** Of two that make it at once, one is told that it is there. */
async function createOnce(engine: Engine, signal: AbortSignal | undefined): Promise<void> {
  try {
    await engine.create({ signal });
  } catch (error) {
    if (!isRepositoryError(error, 'repository-exists')) throw error;
    await engine.list({ signal });
  }
}

class Repository implements BackupRepository {
  readonly events = new Emitter<RepositoryEvents>();
  readonly #parts: RepositoryParts;
  readonly #closing = new AbortController();
  /** A manifest never changes under its id. */
  readonly #readings = new Map<string, ManifestReading>();

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
  }

  get engine(): Engine {
    return this.#parts.engine;
  }

  get isReadOnly(): boolean {
    return this.#parts.readOnly;
  }

  async points(options: ReadOptions = {}): Promise<PointList> {
    parseArguments('repository.points', signalOptions, options);
    return this.#points(this.#until(options.signal));
  }

  async latest(
    labels: Readonly<Record<string, string>> = {},
    options: ReadOptions = {},
  ): Promise<RecoveryPoint | undefined> {
    parseArguments('repository.latest', pointFilter, labels);
    parseArguments('repository.latest', signalOptions, options);
    const signal = this.#until(options.signal);
    const how = { lock: !this.#parts.readOnly, signal };
    const list = await this.engine.list(how);
    return latestPoint(list, labels, this.#readings, (manifests) =>
      readManifests(this.engine, manifests, this.#readings, how),
    );
  }

  async write(
    draft: PointDraft,
    work: (writer: PointWriter) => Promise<PointContent>,
  ): Promise<RecoveryPoint> {
    parseArguments('repository.write', pointDraft, draft);
    this.#refuseReadOnly('write');
    const { clock } = this.#parts;
    const { id = randomUUID(), at = clock.now(), labels = {} } = draft;
    const facts = { id, isNewId: draft.id === undefined, at: new Date(at).toISOString(), labels };
    const point = await writePoint(this.#parts, facts, work, {
      events: this.events,
      signal: this.#until(draft.signal),
    });
    this.events.emit('visible', { point });
    return point;
  }

  read(point: RecoveryPoint, name: string, options: ReadStreamOptions = {}): AsyncIterable<Uint8Array> {
    parseArguments('repository.read', readStreamOptions, options);
    const { offset = 0, length, signal } = options;
    const stream = point.streams.find((each) => each.name === name);
    if (stream === undefined)
      throw new RepositoryError('stream-missing', `point ${point.id} has no stream ${JSON.stringify(name)}`, {
        remedy: `It has ${point.streams.map((each) => JSON.stringify(each.name)).join(', ')}.`,
      });
    const content = this.engine.get(stream, {
      offset,
      length,
      signal: this.#until(signal),
      lock: !this.#parts.readOnly,
    });
    const isWhole = offset === 0 && (length === undefined || length >= stream.size);
    return isWhole ? verified(content, stream) : content;
  }

  async claim(point: string, options: ReadOptions = {}): Promise<HeldLease | undefined> {
    parseArguments('repository.claim', signalOptions, options);
    this.#refuseReadOnly('claim');
    const { lease, holder } = this.#parts;
    try {
      return await lease(point).acquire({ holder, signal: this.#until(options.signal) });
    } catch (error) {
      if (isGroundcrewError(error) && error.code === 'lease-held') return undefined;
      throw error;
    }
  }

  async check(options: CheckRepositoryOptions = {}): Promise<RepositoryCheck> {
    parseArguments('repository.check', checkRepositoryOptions, options);
    const signal = this.#until(options.signal);
    const found = await this.engine.check({ share: options.share, signal, lock: !this.#parts.readOnly });
    const points = await this.#points(signal).catch((error: unknown): PointList => {
      if (found.damages.length === 0 || !isRepositoryError(error, 'repository-damaged')) throw error;
      // What was found is told, also where it leaves no list.
      return { points: [], broken: [], unreadable: [], strays: [], gaps: [error.message] };
    });
    return { ...found, points };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new RepositoryError('repository-closed', 'the repository was closed'));
  }

  async #points(signal: AbortSignal): Promise<PointList> {
    const lock = !this.#parts.readOnly;
    const list = await this.engine.list({ lock, signal });
    await readManifests(this.engine, list.streams, this.#readings, { lock, signal });
    return pointsIn(list, this.#readings);
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
  }

  #refuseReadOnly(what: string): void {
    if (this.#parts.readOnly)
      throw new RepositoryError('read-only', `${what}: the repository was opened to be read only`);
  }
}
