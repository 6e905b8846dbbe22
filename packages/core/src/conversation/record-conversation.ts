import {
  aClock,
  aFunction,
  type Clock,
  optionsSchema,
  parseArguments,
  Secret,
  systemClock,
} from '@groundcrew/ground';
import { z } from 'zod';
import { ConversationSecrets } from './conversation-secrets.ts';
import { ExchangeSink } from './exchange-sink.ts';
import type { RecordedExchange } from './recorded-exchange.ts';
import { RecordedAttempt } from './recorded-attempt.ts';

export interface RecordConversationOptions {
  /**
   * The path of a new file, to which each exchange is written as one line of JSON when it has ended; or a function that is called
   * with it. Nothing is held in memory. A file that is there already is refused.
   */
  readonly to: string | ((exchange: RecordedExchange) => void);
  /** Bytes of a body, sent or answered; a larger one is left out, and that is recorded. @default 4,194,304 (4 MiB) */
  readonly maxBody?: number | undefined;
  /** The number of exchanges; those past it are counted as `lost`. @default 100,000 */
  readonly limit?: number | undefined;
  /** Further secrets to be left out: what a service knows that was never sent nor answered under a name. @default none */
  readonly secrets?: readonly (string | Secret)[] | undefined;
  /** What sends. @default the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** For `at`. @default the machine's */
  readonly clock?: Clock | undefined;
}

/** Records what clients say and hear. */
export interface ConversationRecorder extends Disposable {
  /** For `connect({ fetch })`. One may serve several clients. */
  readonly fetch: typeof fetch;
  /** The number of exchanges that were written. */
  readonly recorded: number;
  /** The number of exchanges that were not: past `limit`, after `close`, or because the sink failed. */
  readonly lost: number;
  /** Writes what has not ended as such (`unread`), and ends the recording. Requests go on, unrecorded. */
  close(): void;
}

const options = optionsSchema<RecordConversationOptions>({
  to: z.union([z.string().min(1), aFunction], 'must be the path of a new file, or a function'),
  maxBody: z.int().min(0).optional(),
  limit: z.int().min(1).optional(),
  secrets: z.array(z.union([z.string(), z.instanceof(Secret)], 'must be text, or a Secret')).optional(),
  fetch: aFunction.optional(),
  clock: aClock.optional(),
});

/**
 * Records what a client says and hears: each request on the wire, its answer or failure, without the secrets of either. Tokens,
 * logins, passwords, keys, user data and what else has the name or the shape of a secret are left out, and what was sent as one
 * is not found in an answer either, in any encoding. The bytes of images are neither recorded nor held.
 *
 * `readConversation` reads it, `conversationLog` makes lines of a log of it, and `simulateCloud({ conversation })` of
 * `@groundcrew/sim` answers by it.
 *
 * @throws InputError if an option is of the wrong kind, or the file cannot be created
 * @example
 * using conversation = recordConversation({ to: 'run.jsonl' });
 * await using cloud = connect({ cloud: 'prod', fetch: conversation.fetch });
 */
export function recordConversation(given: RecordConversationOptions): ConversationRecorder {
  parseArguments('recordConversation', options, given);
  const { to, maxBody = 4 * 1024 * 1024, limit = 100_000, clock = systemClock } = given;
  const secrets = new ConversationSecrets(
    (given.secrets ?? []).map((secret) => (secret instanceof Secret ? secret.reveal() : secret)),
  );
  const sink = new ExchangeSink(to, limit);
  const open = new Set<RecordedAttempt>();
  const send = async (...[input, init]: Parameters<typeof fetch>): Promise<Response> => {
    // The global one is looked up when it is needed: msw replaces it.
    const inner = given.fetch ?? fetch;
    const attempt = new RecordedAttempt({ input, init, at: clock.now(), maxBody, secrets }, (ended, make) => {
      open.delete(ended);
      sink.take(make);
    });
    open.add(attempt);
    try {
      return attempt.answered(await inner(input, init));
    } catch (error) {
      attempt.failed(error);
      throw error;
    }
  };
  const close = (): void => {
    for (const attempt of open) attempt.abandon();
    sink.close();
  };
  return {
    fetch: send,
    get recorded() {
      return sink.recorded;
    },
    get lost() {
      return sink.lost;
    },
    close,
    [Symbol.dispose]: close,
  };
}
