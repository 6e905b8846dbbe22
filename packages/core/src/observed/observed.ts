import type { Completeness, Gap, Observed } from '@groundcrew/ground';
import {
  isBodyLimitError,
  isDecodeError,
  isEndpointError,
  isForbidden,
  isGroundcrewError,
  isHttpError,
  isInputError,
  isMicroversionError,
  isPaginationError,
} from '../errors/guards.ts';
import { type DecodeError, type EndpointReason, InputError } from '../errors/errors.ts';
import { isServiceFault } from '../errors/fault.ts';

/** Options of `observe` and `observeList`. */
export interface ObserveOptions {
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number;
}

/**
 * Reads a list to its end, or as far as it goes: elements already read are kept, and what stopped it becomes a gap. An
 * element that does not decode is left out, with a gap that names it, and the others are read on, up to a thousand of
 * them. Aborting is no gap: the reason is thrown, as is any error that is not of the service.
 *
 * @example
 * const services = await observeList('compute services', cloud.compute.services.list());
 * if (services.completeness !== 'complete') report(services.gaps);
 */
export async function observeList<T>(
  source: string,
  items: AsyncIterable<T>,
  options: ObserveOptions = {},
): Promise<Observed<T[]>> {
  assertList(items);
  const at = moment(options);
  const value: T[] = [];
  const undecodable: DecodeError[] = [];
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    try {
      const { done, value: item } = await iterator.next();
      if (done === true) break;
      value.push(item);
    } catch (error) {
      if (isDecodeError(error) && error.element !== undefined) {
        undecodable.push(error);
        if (undecodable.length < MOST_ODD) continue;
        // A body of 64 MiB has millions of them: what is behind a thousand is no longer read.
        await iterator.return?.();
        break;
      }
      const gap = gapOf(source, error);
      const gaps = [gap, ...undecodableGaps(source, undecodable)];
      return { value, at, source, completeness: value.length > 0 ? 'partial' : completenessOf(gap), gaps };
    }
  }
  const gaps = undecodableGaps(source, undecodable);
  const [first] = gaps;
  const completeness =
    first === undefined ? 'complete' : value.length > 0 ? 'partial' : completenessOf(first);
  return { value, at, source, completeness, gaps };
}

/** @throws InputError if a caller without types gives no list that is read piece by piece */
function assertList(items: AsyncIterable<unknown>): void {
  if (typeof items === 'object' && items !== null && Symbol.asyncIterator in items) return;
  throw new InputError('observeList: items: must be a list of a client, or another AsyncIterable', {
    field: 'items',
    operation: 'observeList',
  });
}

/** A gap for each of the first elements that do not fit, and one that counts the others: a hostile list has a hundred thousand. */
function undecodableGaps(source: string, undecodable: readonly DecodeError[]): Gap[] {
  const named = undecodable.slice(0, MOST_NAMED).map((error) => gapOf(source, error));
  const [first] = named;
  if (first === undefined || undecodable.length <= MOST_NAMED) return named;
  const why = `${undecodable.length - MOST_NAMED} further elements do not fit either${undecodable.length < MOST_ODD ? '' : ', and what is behind them was not read'}`;
  return [...named, { ...first, why, requestIds: [] }];
}

const MOST_NAMED = 5;
/** Elements that do not fit after which a list is given up. */
const MOST_ODD = 1_000;

/** Reads one thing; `undefined` with a gap if it cannot be had. */
export async function observe<T>(
  source: string,
  reading: Promise<T> | (() => Promise<T>),
  options: ObserveOptions = {},
): Promise<Observed<T | undefined>> {
  const at = moment(options);
  try {
    const value = await (typeof reading === 'function' ? reading() : reading);
    return { value, at, source, completeness: 'complete', gaps: [] };
  } catch (error) {
    const gap = gapOf(source, error);
    return { value: undefined, at, source, completeness: completenessOf(gap), gaps: [gap] };
  }
}

/** The gap that an error leaves; throws what is no failure of a call. */
export function gapOf(what: string, error: unknown): Gap {
  // Arguments that no record takes are the caller's mistake, and no cloud's.
  if (!isGroundcrewError(error) || isInputError(error)) throw error;
  const requestIds =
    'requestIds' in error && Array.isArray(error.requestIds) ? (error.requestIds as string[]) : [];
  return { what, kind: kindOf(error), why: error.message, remedy: error.remedy, requestIds };
}

function kindOf(error: unknown): Gap['kind'] {
  if (isForbidden(error)) return 'denied';
  // A wrong region, an empty catalogue, a service that does not tell its versions: none says that this cloud has no such thing.
  if (isEndpointError(error)) return ABSENT.has(error.reason) ? 'unsupported' : 'failed';
  if (isMicroversionError(error)) {
    // A service that refuses tells its range. A proxy's 406 does not, and one that drops headers has the answer altered.
    const isKnown = error.reason === 'not-in-version' || error.supported !== undefined;
    return isKnown ? 'unsupported' : 'failed';
  }
  // The service's own 404 to a whole collection: the extension or the version does not exist here.
  if (
    isHttpError(error) &&
    (error.code === 'not-found' || (error.status === 501 && isServiceFault(error.body)))
  )
    return 'unsupported';
  if (isPaginationError(error) || isDecodeError(error) || isBodyLimitError(error)) return 'cut';
  return 'failed';
}

const ABSENT: ReadonlySet<EndpointReason> = new Set(['no-service', 'no-version']);

function completenessOf(gap: Gap): Completeness {
  switch (gap.kind) {
    case 'denied':
      return 'denied';
    case 'unsupported':
      return 'unsupported';
    case 'failed':
    case 'cut':
      return 'failed';
  }
}

const moment = (options: ObserveOptions): string => new Date((options.now ?? Date.now)()).toISOString();
