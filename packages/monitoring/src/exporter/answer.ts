import { isGroundcrewError, maskText, visible } from '@groundcrew/ground';
import { acceptedFormat } from './accept.ts';
import { CONTENT_TYPES, END, exposition } from './exposition.ts';
import { type Known, type LatestRound, ownExposed, toldQuietly } from './latest-round.ts';
import type { ExporterRegistry } from './registry.ts';

/** A scrape, as far as it decides on the answer. */
export interface Scrape {
  readonly method: string;
  readonly accept: string | null | undefined;
  /** The header `X-Prometheus-Scrape-Timeout-Seconds`. */
  readonly timeout: string | null | undefined;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** One behind the other; none for `HEAD`, whose headers are those of `GET`. */
  readonly body: readonly Uint8Array<ArrayBuffer>[];
}

export interface Answering {
  readonly latest: LatestRound;
  readonly registry: ExporterRegistry;
  readonly waitMs: number;
  readonly cap: number;
  readonly now: () => number;
  readonly onError: ((error: unknown) => void) | undefined;
}

/** Answers a scrape; it does not reject. */
export async function answer(scrape: Scrape, by: Answering): Promise<Answer> {
  const { method, accept, timeout, signal } = scrape;
  if (method !== 'GET' && method !== 'HEAD')
    return told(method, 405, 'Only GET and HEAD are answered here.', { allow: 'GET, HEAD' });
  const format = acceptedFormat(accept);
  if (format === undefined)
    return told(method, 406, `There is ${CONTENT_TYPES.prometheus} and ${CONTENT_TYPES.openmetrics}.`);
  const known = await by.latest.within(waitFor(by.waitMs, timeout), signal);
  if (known.shown === undefined) return told(method, 503, whyNothing(known, by.latest.closed));
  const foreign = by.registry.hasForeign ? await foreignText(by) : undefined;
  if (foreign !== undefined) return answered(method, 200, CONTENT_TYPES.prometheus, [foreign]);
  return answered(method, 200, CONTENT_TYPES[format], [
    exposition(ownExposed(known, by.now(), by.cap).values(), format),
    known.shown.text(format),
    bytesOf(END[format]),
  ]);
}

/** Nine tenths of what the scraper grants, since the answer has to get there as well. */
function waitFor(waitMs: number, timeout: string | null | undefined): number {
  const granted = Number(timeout ?? Number.NaN) * 900;
  return granted > 0 ? Math.min(waitMs, granted) : waitMs;
}

/**
 * What prom-client writes when a user has put metrics or labels of the user's own into the registry: in the text format, since
 * one registry cannot speak both. `undefined` if one of the user's metrics fails, which does not hide the cloud's.
 */
async function foreignText({ registry, onError }: Answering): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return bytesOf(await registry.metrics());
  } catch (error) {
    toldQuietly(() => onError?.(error));
    return undefined;
  }
}

/** The reason in words that hold no secret: the text of an error from elsewhere may quote anything, and is not shown. */
function whyNothing({ failure }: Known, closed: boolean): string {
  if (closed) return 'This exporter was closed.';
  if (failure === undefined) return 'The cloud is being read for the first time; nothing is known yet.';
  const { error } = failure;
  const why = isGroundcrewError(error)
    ? visible(maskText(error.message)).slice(0, 500)
    : 'an unexpected error, which onError is told';
  return `Nothing is known yet: the last reading of the cloud failed: ${why}`;
}

const told = (
  method: string,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Answer => answered(method, status, 'text/plain; charset=utf-8', [bytesOf(`${text}\n`)], headers);

function answered(
  method: string,
  status: number,
  type: string,
  body: readonly Uint8Array<ArrayBuffer>[],
  more: Readonly<Record<string, string>> = {},
): Answer {
  const length = body.reduce((sum, part) => sum + part.length, 0);
  const headers = {
    'content-type': type,
    'content-length': String(length),
    'cache-control': 'no-store',
    vary: 'Accept',
    ...more,
  };
  return { status, headers, body: method === 'HEAD' ? [] : body };
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
