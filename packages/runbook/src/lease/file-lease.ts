import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  aClock,
  aPositiveDuration,
  backgroundClock,
  type Clock,
  type Duration,
  durationWords,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { JournalError, LeaseHeldError, type LeaseLostError } from '../journal/journal-errors.ts';
import type { FencedLease, HeldLease } from './lease.ts';
import { leaseLost } from './lease-lost.ts';
import { lifeOf, type ProcessIdentity, thisProcess } from './process-identity.ts';
import { syncFolder } from '../journal/sync-folder.ts';

export interface FileLeaseOptions {
  /** Time without a heartbeat after which a holder on another machine counts as dead. @default '1m' */
  readonly expiry?: Duration | undefined;
  /** The clock of the heartbeat. @default the machine's, by timers that do not keep the process alive */
  readonly clock?: Clock | undefined;
}

const fileLeaseOptions = optionsSchema<FileLeaseOptions>({
  expiry: aPositiveDuration.optional(),
  clock: aClock.optional(),
});

/** A lease that a file stands for. */
export interface HeldFileLease extends HeldLease {
  /** @throws LeaseLostError if another holder has taken over */
  check(): Promise<void>;
}

export type FileLease = FencedLease<HeldFileLease>;

/**
 * A lease among processes that share a folder: the holder is who made the file `PATH.TOKEN` with the highest token, and
 * making a file that is not there yet is atomic. A holder that died on this machine is succeeded at once, however long
 * ago it gave a sign of life; one elsewhere (another machine on a shared file system, another container) when its
 * heartbeat, the file's own time stamp, is older than `expiry`. The two are compared by the file server's clock alone.
 *
 * @throws InputError on an option that there is not; LeaseHeldError, JournalError from `acquire`
 */
export function fileLease(path: string, options: FileLeaseOptions = {}): FileLease {
  parseArguments('fileLease', fileLeaseOptions, options);
  const { clock = backgroundClock } = options;
  const expiry = milliseconds(options.expiry ?? '1m');
  return {
    async acquire({ holder, signal, above = 0 }) {
      const self = { holder, ...(await thisProcess()) };
      // Each turn is lost to somebody who won, and who is then found to be alive, or to have been quick.
      for (let turn = 0; turn < 100; turn += 1) {
        signal?.throwIfAborted();
        const held = await attempt(path, self, above, expiry, clock).catch((error: unknown) => {
          throw error instanceof LeaseHeldError ? error : unusable(path, error);
        });
        if (held !== undefined) return held;
      }
      throw new JournalError(`${path}: the lease is taken by other holders all the time`);
    },
  };
}

type Claim = ProcessIdentity & { readonly holder: string };

async function attempt(
  path: string,
  claim: Claim,
  above: number,
  expiry: number,
  clock: Clock,
): Promise<Holding | undefined> {
  const tokens = await tokensAt(path);
  const last = tokens.at(-1) ?? 0;
  const draft = `${path}.draft-${randomUUID()}`;
  const file = await open(draft, 'wx+', 0o600);
  try {
    await file.writeFile(JSON.stringify(claim));
    await file.sync();
    const now = (await file.stat()).mtimeMs;
    if (last > 0) await refuseIfHeld(`${path}.${last}`, now, expiry);
    const token = Math.max(last, above) + 1;
    try {
      await link(draft, `${path}.${token}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await file.close();
      return undefined;
    }
    // The highest file is never removed. A process that made one that is not the highest was suspended while others held the lease.
    if ((await tokensAt(path)).at(-1) !== token) {
      await gone(`${path}.${token}`);
      await file.close();
      return undefined;
    }
    await syncFolder(path);
    // From the lowest: while one that lost still finds its own file, the next higher one is there too.
    for (const old of tokens) await gone(`${path}.${old}`);
    return new Holding(path, token, claim, file, expiry, clock);
  } catch (error) {
    await file.close();
    throw error;
  } finally {
    await gone(draft);
  }
}

/** Tokens of the files that are there, the highest last. */
async function tokensAt(path: string): Promise<number[]> {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path));
  return names
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d{0,14}$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .toSorted((a, b) => a - b);
}

/** @param now by the clock that stamps the files */
async function refuseIfHeld(file: string, now: number, expiry: number): Promise<void> {
  let text: string;
  let touched: number;
  try {
    text = await readFile(file, 'utf8');
    touched = (await stat(file)).mtimeMs;
  } catch (error) {
    // Succeeded in this moment: the successor is met in the next turn.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (text === '') return;
  const claim = claimIn(text);
  const life = claim === undefined ? 'unknown' : await lifeOf(claim);
  if (life === 'dead') return;
  const silent = Math.max(0, now - touched);
  if (life === 'unknown' && silent > expiry) return;
  const holder = claim?.holder ?? 'somebody';
  throw new LeaseHeldError(
    life === 'alive'
      ? `${holder} holds it, and its process ${claim?.pid} is alive`
      : `${holder} holds it, and gave a sign of life ${durationWords(silent)} ago`,
    {
      holder,
      remedy:
        life === 'alive'
          ? `Wait until it has ended, or end process ${claim?.pid}.`
          : `Wait until it has ended; if it is dead, the lease is free ${durationWords(expiry)} after its last sign.`,
    },
  );
}

function claimIn(text: string): Claim | undefined {
  try {
    const claim = JSON.parse(text) as Partial<Claim> | null;
    return typeof claim?.holder === 'string' && typeof claim.pid === 'number' ? (claim as Claim) : undefined;
  } catch {
    return undefined;
  }
}

class Holding implements HeldFileLease {
  readonly holder: string;
  readonly token: number;
  readonly #path: string;
  readonly #claim: Claim;
  readonly #file: FileHandle;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  readonly #beating: Promise<void>;

  constructor(path: string, token: number, claim: Claim, file: FileHandle, expiry: number, clock: Clock) {
    this.holder = claim.holder;
    this.token = token;
    this.#path = path;
    this.#claim = claim;
    this.#file = file;
    this.#clock = clock;
    this.#beating = this.#beat(expiry);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async check(): Promise<void> {
    this.#lost.signal.throwIfAborted();
    // In this order: see where the old files are removed.
    const next = await isThere(`${this.#path}.${this.token + 1}`);
    if (next || !(await isThere(`${this.#path}.${this.token}`)))
      throw this.#lose('somebody else has taken it');
  }

  async release(): Promise<void> {
    if (this.#released.signal.aborted) return;
    this.#released.abort();
    await this.#beating;
    try {
      // An empty file is a free lease whose token is remembered.
      await this.#file.truncate(0);
    } finally {
      await this.#file.close();
    }
  }

  /** Writing the same again moves the time stamp, by the file server's clock. */
  async #beat(expiry: number): Promise<void> {
    const content = JSON.stringify(this.#claim);
    let last = this.#clock.now();
    while (!this.#lost.signal.aborted) {
      try {
        await this.#clock.sleep(expiry / 6, this.#released.signal);
      } catch {
        return;
      }
      try {
        await this.check();
        await this.#file.write(content, 0);
        last = this.#clock.now();
      } catch (error) {
        // Before it expires, not after: a third of the time is left to stop in.
        const silent = this.#clock.now() - last;
        if (!this.#lost.signal.aborted && silent > expiry * 0.6)
          this.#lose(`no sign of life could be given for ${durationWords(silent)}: ${String(error)}`);
      }
    }
  }

  #lose(why: string): LeaseLostError {
    const error = leaseLost(this.holder, this.#path, why);
    this.#lost.abort(error);
    return error;
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function gone(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const unusable = (path: string, error: unknown): JournalError =>
  new JournalError(`lease ${join(path)}: ${(error as Error).message}`, { cause: error });
