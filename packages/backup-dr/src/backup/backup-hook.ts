import {
  aFunction,
  aPositiveDuration,
  type Clock,
  type Duration,
  durationWords,
  messageOf,
  milliseconds,
  optionsSchema,
} from '@groundcrew/ground';
import { z } from 'zod';

/** What a hook is told of its server. */
export interface HookedServer {
  readonly id: string;
  readonly name: string;
  /** Ids of its volumes of which snapshots are taken. */
  readonly volumes: readonly string[];
}

/**
 * Brings the application of a server to rest while the snapshots of its disks are taken: flush and lock tables, freeze file systems. It
 * is at rest for as long as the slowest snapshot takes, never while bytes are read.
 */
export interface BackupHook {
  /** Id or name of the server. */
  readonly server: string;
  readonly before: (server: HookedServer, options: { readonly signal: AbortSignal }) => Promise<void>;
  /**
   * Lets it go on. Called however `before` and the snapshots ended, again if it fails, and first of all by a run that goes on for one that
   * was killed: it must bear being called where nothing is at rest.
   */
  readonly after: (server: HookedServer, options: { readonly signal: AbortSignal }) => Promise<void>;
  /** The time that each of the two may take. @default '30s' */
  readonly timeout?: Duration | undefined;
  /**
   * What happens where `before` fails: `continue`, as a power cut would leave the disks, which the point says; `leave-out` its bytes; or
   * `fail` the backup. @default 'continue'
   */
  readonly onError?: 'continue' | 'leave-out' | 'fail' | undefined;
}

export const backupHook = optionsSchema<BackupHook>({
  server: z.string().min(1),
  before: aFunction,
  after: aFunction,
  timeout: aPositiveDuration.optional(),
  onError: z.enum(['continue', 'leave-out', 'fail']).optional(),
});

/** Times that `after` is tried: an application that stays at rest is down. */
const ATTEMPTS = 3;
/** Milliseconds between them. */
const PAUSE = 1_000;

interface Calling {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Calls `before`. @returns why it failed; `undefined` if it did not */
export const broughtToRest = (
  hook: BackupHook,
  server: HookedServer,
  calling: Calling,
): Promise<string | undefined> => called(hook, 'before', server, calling);

/**
 * Calls `after`, until it succeeds or was tried often enough. It is called when the backup was called off, too.
 *
 * @returns why it failed; `undefined` if it did not
 */
export async function letGoOn(
  hook: BackupHook,
  server: HookedServer,
  clock: Clock,
): Promise<string | undefined> {
  // Under no signal but its own time limit.
  const { signal } = new AbortController();
  let why: string | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    why = await called(hook, 'after', server, { clock, signal });
    if (why === undefined) return undefined;
    if (attempt < ATTEMPTS) await clock.sleep(PAUSE);
  }
  return why;
}

async function called(
  hook: BackupHook,
  word: 'before' | 'after',
  server: HookedServer,
  { clock, signal }: Calling,
): Promise<string | undefined> {
  const { timeout = '30s' } = hook;
  const late = new AbortController();
  const ended = new AbortController();
  const limit = clock.sleep(milliseconds(timeout), ended.signal).then(
    () => late.abort(new Error(`it took longer than ${durationWords(timeout)}`)),
    () => undefined,
  );
  const over = AbortSignal.any([signal, late.signal]);
  const deserted = new Promise<never>((_, reject) => {
    over.addEventListener('abort', () => reject(over.reason as Error), { once: true });
  });
  try {
    over.throwIfAborted();
    await Promise.race([(async () => hook[word](server, { signal: over }))(), deserted]);
    return undefined;
  } catch (error) {
    return messageOf(over.aborted ? over.reason : error);
  } finally {
    ended.abort();
    await limit;
  }
}
