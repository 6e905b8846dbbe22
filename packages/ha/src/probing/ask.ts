import {
  aFunction,
  aPositiveDuration,
  aSignal,
  type Duration,
  GroundcrewError,
  MissingPackageError,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { type Completeness, type Gap, type Observed } from '@groundcrew/core';
import { RunbookError } from '@groundcrew/runbook';
import * as z from 'zod';

/** Options of every check of a target. */
export interface CheckOptions {
  /** Ends the check: it rejects with the signal's reason, since who aborts does not want an answer. */
  readonly signal?: AbortSignal | undefined;
  /** The time for the whole check; what did not answer by then is a gap. @default '5s' */
  readonly timeout?: Duration | undefined;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: (() => number) | undefined;
}

/** The options of a check with their defaults, in milliseconds. */
export interface CheckedOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeout: number;
  readonly now: () => number;
}

/** Parts of the schemas of what every checker takes. */
export const checkOptions = {
  signal: aSignal.optional(),
  timeout: aPositiveDuration.default(5_000),
  now: aFunction.default(() => Date.now),
};
const checkSchema = optionsSchema<CheckOptions>(checkOptions);

/** @throws InputError on an option that there is not */
export const checkedOptions = (operation: string, options: CheckOptions): CheckedOptions =>
  parseArguments(operation, checkSchema, options) as unknown as CheckedOptions;

/** Milliseconds in which a reading that was cut off may still hand over the part that it has. */
const GRACE = 100;

/** An error of a reading that knows why something could not be read: denied, failed, cut off. */
export class UnreadError extends GroundcrewError {
  readonly code = 'unread';
  readonly kind: Gap['kind'];

  constructor(
    kind: Gap['kind'],
    message: string,
    options: { readonly remedy?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.kind = kind;
  }
}

/** The result of a reading that saw a part only: the part, and why the rest is missing. */
export class Partly<T> {
  readonly value: T;
  readonly gaps: readonly Gap[];

  constructor(value: T, gaps: readonly Gap[]) {
    this.value = value;
    this.gaps = gaps;
  }
}

/**
 * Reads one thing within a deadline. Whatever goes wrong on the way becomes a gap; only the caller's abort, and a
 * mistake of ours, are thrown.
 *
 * The reading gets a signal that fires at the deadline, on the caller's abort, and when reading is over; it destroys its
 * sockets then. One that has a part to tell returns `Partly` when it fires.
 */
export async function ask<T>(
  source: string,
  reading: (signal: AbortSignal) => Promise<T | Partly<T>>,
  { signal, timeout, now }: CheckedOptions,
): Promise<Observed<T | undefined>> {
  signal?.throwIfAborted();
  const at = new Date(now()).toISOString();
  const own = new AbortController();
  const late = new UnreadError('failed', `no whole answer within ${timeout} ms`, {
    remedy: 'Look at it on its own machine: it is stopped, frozen, overloaded or unreachable from here.',
  });
  const over = Promise.withResolvers<never>();
  let timer = setTimeout(() => {
    own.abort(late);
    timer = setTimeout(() => over.reject(late), GRACE);
  }, timeout);
  const pass = (): void => {
    own.abort(signal?.reason);
    over.reject(signal?.reason);
  };
  signal?.addEventListener('abort', pass, { once: true });
  try {
    const read = await Promise.race([reading(own.signal), over.promise]);
    if (!(read instanceof Partly)) return { value: read, at, source, completeness: 'complete', gaps: [] };
    const { value, gaps } = read;
    return { value, at, source, completeness: gaps.length > 0 ? 'partial' : 'complete', gaps };
  } catch (error) {
    signal?.throwIfAborted();
    const gap = unread(source, own.signal.aborted ? own.signal.reason : error);
    return { value: undefined, at, source, completeness: completenessOf(gap), gaps: [gap] };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', pass);
    over.promise.catch(() => undefined);
    own.abort(new UnreadError('failed', 'over'));
  }
}

/**
 * The gap that a failed reading leaves.
 *
 * @throws the error itself, if it is a mistake of ours and no answer of the world's
 */
export function unread(what: string, error: unknown): Gap {
  const gap = (kind: Gap['kind'], why: string, remedy?: string): Gap => ({
    what,
    kind,
    why,
    remedy,
    requestIds: [],
  });
  if (error instanceof UnreadError) return gap(error.kind, error.message, error.remedy);
  if (error instanceof z.ZodError)
    return gap('cut', `an answer that is not understood: ${z.prettifyError(error)}`);
  if (error instanceof RunbookError || error instanceof MissingPackageError)
    return gap('failed', error.message, error.remedy);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const known = CODES[error.code];
    if (known !== undefined) return gap(known.kind, known.why(error), known.remedy);
    return gap('failed', messageOf(error));
  }
  throw error;
}

function completenessOf(gap: Gap): Completeness {
  return gap.kind === 'cut' ? 'failed' : gap.kind;
}

/** Several addresses tried, none answered: node's AggregateError has a code and no message. */
function messageOf(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const messages = inner.filter((cause) => cause instanceof Error).map((cause) => cause.message);
  const code = 'code' in error ? String(error.code) : '';
  return messages.length > 0 ? messages.join('; ') : error.message || code;
}

interface Known {
  readonly kind: Gap['kind'];
  readonly why: (error: Error) => string;
  readonly remedy?: string;
}

const CODES: Readonly<Record<string, Known>> = {
  ECONNREFUSED: {
    kind: 'failed',
    why: (error) => `nobody listens: ${messageOf(error)}`,
    remedy: 'Start it, or correct the address.',
  },
  EACCES: { kind: 'denied', why: messageOf, remedy: 'Give this user the right to open it.' },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    kind: 'failed',
    why: () => 'it does not speak TLS',
    remedy: 'Ask the port that does.',
  },
  EPERM: { kind: 'denied', why: messageOf, remedy: 'Give this user the right to open it.' },
  ER_ACCESS_DENIED_ERROR: {
    kind: 'denied',
    why: messageOf,
    remedy: 'Check user and password; to read wsrep_* a user needs no privilege at all.',
  },
  ER_HOST_NOT_PRIVILEGED: {
    kind: 'denied',
    why: messageOf,
    remedy: 'Create the user for the address from which this asks.',
  },
};
