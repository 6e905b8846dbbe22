import { randomUUID } from 'node:crypto';
import { parseArguments } from '@groundcrew/ground';
import type {
  CheckDataOptions,
  Engine,
  EngineCapabilities,
  EngineCheck,
  EngineOptions,
  GetOptions,
  ListOptions,
  PutOptions,
  StoredStream,
  StreamList,
  StreamRef,
} from '../engine.ts';
import { checkOptions, engineOptions, getOptions, listOptions, putOptions } from '../engine-options.ts';
import { pulled } from '../pulled.ts';
import { isRepositoryError, RepositoryError } from '../repository-error.ts';
import { withoutDeadLocks } from './locks.ts';
import { type BackupSummary, EMPTY, pathOf, plainText, STORED, streamsIn, summaryIn } from './messages.ts';
import { fileOf, MARK, tagWords } from './names.ts';
import { Range } from './range.ts';
import { isAtLeast, type ResticSetting, runRestic, tooOld, versionIn } from './run-restic.ts';
import { Source } from './source.ts';

/** Snapshots that one command forgets: their ids are 65 bytes of its arguments each. */
const FORGET_AT_ONCE = 500;
/** Bytes of a list that are read: some hundred thousand snapshots. */
const LONGEST_LIST = 256 * 1024 * 1024;

/** Restic as an `Engine`, by its program. */
export class ResticEngine implements Engine {
  readonly name = 'restic';
  readonly #setting: ResticSetting;

  constructor(setting: ResticSetting) {
    this.#setting = setting;
  }

  async capabilities(options: EngineOptions = {}): Promise<EngineCapabilities> {
    parseArguments('restic.capabilities', engineOptions, options);
    const { stdout } = await runRestic(this.#setting, ['version'], { signal: options.signal });
    const version = versionIn(stdout);
    if (version === undefined)
      throw new RepositoryError(
        'engine-missing',
        `${this.#setting.program} is not restic: it tells no version`,
        {
          remedy: 'Install it: `apt-get install restic`.',
        },
      );
    if (!isAtLeast(version, [0, 14])) throw tooOld(version);
    return { version, seeks: false };
  }

  async create(options: EngineOptions = {}): Promise<void> {
    parseArguments('restic.create', engineOptions, options);
    const { signal } = options;
    await this.#refuseRemains(signal);
    await runRestic(this.#setting, ['init'], { signal });
  }

  async put(
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<StoredStream> {
    parseArguments('restic.put', putOptions, options);
    const { tags = {}, signal, onProgress } = options;
    const file = fileOf(name);
    const stored = randomUUID();
    const words = tagWords(tags);
    const source = await Source.begin(content, onProgress);
    let summary: BackupSummary | undefined;
    try {
      const marks = [MARK, `${STORED}=${stored}`, ...(source.isEmpty ? [`${EMPTY}=1`] : [])];
      await runRestic(
        this.#setting,
        [
          'backup',
          '--json',
          '--stdin',
          '--stdin-filename',
          file,
          // One name, wherever it runs: restic would take streams of another host for others.
          '--host',
          'groundcrew',
          ...[...marks, ...words].flatMap((word) => ['--tag', word]),
        ],
        {
          stdin: source.pieces(),
          signal,
          onLine: ({ stream, text }) => {
            if (stream === 'stdout') summary = summaryIn(text) ?? summary;
          },
        },
      );
    } finally {
      source.end();
    }
    if (summary === undefined)
      throw new RepositoryError('engine-failed', 'restic backup: it told no summary of what it stored');
    const { snapshot, bytes, added } = summary;
    // A connection that breaks looks like the end of a stream to restic on the other machine, which then stores what it has.
    if (bytes !== source.sent)
      throw new RepositoryError('stream-cut', `restic stored ${bytes} bytes of ${source.sent} of ${file}`, {
        remedy: 'Store it again.',
      });
    const id = snapshot.length === 64 ? snapshot : await this.#idOf(stored, signal);
    return {
      id,
      name,
      tags,
      path: pathOf(name),
      size: source.size,
      ...(added === undefined ? {} : { addedBytes: added }),
    };
  }

  get(stream: StreamRef, options: GetOptions = {}): AsyncIterable<Uint8Array> {
    parseArguments('restic.get', getOptions, options);
    const { offset = 0, length = Infinity, signal, lock } = options;
    const range = new Range(offset, stream.size === 0 ? 0 : length);
    return pulled(async (hand, until) => {
      const enough = new AbortController();
      const isShort = range.isDone && stream.size !== 0;
      if (isShort) return;
      const run = runRestic(this.#setting, ['dump', prefixOf(stream.id), pathOf(stream.name)], {
        lock,
        signal: AbortSignal.any([until, enough.signal]),
        onStdout: async (bytes) => {
          const part = range.of(bytes);
          if (part.length > 0) await hand(part);
          // An empty stream is read to its end, which shows that it is there.
          if (range.isDone && stream.size !== 0) enough.abort(enough);
        },
      });
      await run.catch((error: unknown) => {
        if (error !== enough) throw error;
      });
    }, signal);
  }

  async list(options: ListOptions = {}): Promise<StreamList> {
    parseArguments('restic.list', listOptions, options);
    const { tags = {}, signal, lock } = options;
    return withoutDeadLocks(this.#setting, signal, async () => {
      const wanted = [MARK, ...tagWords(tags)].join(',');
      const { stdout, stderr } = await runRestic(this.#setting, ['snapshots', '--json', '--tag', wanted], {
        signal,
        lock,
        keep: LONGEST_LIST,
      });
      const list = streamsIn(stdout, plainText(stderr));
      if (list === undefined)
        throw new RepositoryError('engine-failed', 'restic snapshots: its list is not one of JSON');
      return list;
    });
  }

  async forget(ids: readonly string[], options: EngineOptions = {}): Promise<void> {
    parseArguments('restic.forget', engineOptions, options);
    const { signal } = options;
    for (let at = 0; at < ids.length; at += FORGET_AT_ONCE)
      await withoutDeadLocks(this.#setting, signal, () =>
        runRestic(this.#setting, ['forget', ...ids.slice(at, at + FORGET_AT_ONCE)], { signal }),
      );
    if (ids.length === 0) return;
    // It ends with success also where it could not remove one (0.15 to 0.18).
    const wanted = new Set(ids);
    const left = (await this.list({ signal })).streams.filter(({ id }) => wanted.has(id));
    if (left.length > 0)
      throw new RepositoryError(
        'engine-failed',
        `restic forget: ${left.length} of ${ids.length} are still there`,
        {
          remedy: 'Look whether the storage lets files be removed.',
        },
      );
  }

  async prune(options: EngineOptions = {}): Promise<void> {
    parseArguments('restic.prune', engineOptions, options);
    const { signal } = options;
    await withoutDeadLocks(this.#setting, signal, () => runRestic(this.#setting, ['prune'], { signal }));
  }

  async check(options: CheckDataOptions = {}): Promise<EngineCheck> {
    parseArguments('restic.check', checkOptions, options);
    const { share = 0, signal, lock } = options;
    const data = shareFlags(share);
    let lines: string[] = [];
    try {
      await withoutDeadLocks(this.#setting, signal, () => {
        lines = [];
        return runRestic(this.#setting, ['check', ...data], {
          signal,
          lock,
          onLine: ({ stream, text }) => {
            if (stream === 'stderr' && text.trim() !== '' && lines.length < MOST_DAMAGES)
              lines.push(text.trim());
          },
        });
      });
    } catch (error) {
      if (!isRepositoryError(error, 'repository-damaged')) throw error;
      return { damages: lines.length > 0 ? lines : [error.message], share };
    }
    return { damages: [], share };
  }

  /**
   * Refuses a folder that has keys or data and no config: restic would make a new key beside them, and what is there would be harder to
   * save than it was. Other storage can only be asked through restic, which asks for the config.
   */
  async #refuseRemains(signal: AbortSignal | undefined): Promise<void> {
    const { host, repository } = this.#setting;
    const folder = repository.replace(/^local:/, '');
    if (/^[a-z\d]+:/.test(folder)) return;
    const script = '[ ! -e "$1/config" ] && [ -n "$(ls -A -- "$1/keys" "$1/data" 2>/dev/null | grep -v :)" ]';
    const { exitCode } = await host.run(['sh', '-c', script, 'sh', folder], { signal, expect: 'any' });
    if (exitCode === 0)
      throw new RepositoryError('repository-damaged', `${folder} has keys or data, and its config is gone`, {
        remedy: 'Make no new one here: bring the file `config` back from a copy.',
      });
  }

  /** The whole id of a snapshot that was told in part. */
  async #idOf(stored: string, signal: AbortSignal | undefined): Promise<string> {
    const { stdout } = await runRestic(
      this.#setting,
      ['snapshots', '--json', '--tag', `${STORED}=${stored}`],
      { signal },
    );
    const [found, ...more] = streamsIn(stdout, '')?.streams ?? [];
    if (found === undefined || more.length > 0)
      throw new RepositoryError('engine-failed', 'restic snapshots: what was just stored is not in the list');
    return found.id;
  }
}

function shareFlags(share: number): string[] {
  if (share === 0) return [];
  // Restic refuses a share of nothing.
  return share === 1 ? ['--read-data'] : [`--read-data-subset=${Math.max(share * 100, 0.0001).toFixed(4)}%`];
}

/** Lines of a check that are kept. */
const MOST_DAMAGES = 200;

/**
 * Restic since 0.15 loads a snapshot by its whole id without looking whether it is there, and then tells what it tells of damage. A
 * part of the id is looked up in all releases.
 */
const prefixOf = (id: string): string => id.slice(0, 63);
