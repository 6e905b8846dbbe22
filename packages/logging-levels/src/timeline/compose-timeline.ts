import { clockSkews, type SkewBound } from './clock-skew.ts';
import type { ServiceLog } from './service-log.ts';
import { iso, type Moment, rounded } from '../moment.ts';
import type { RequestActor } from './request-actor.ts';
import type { RequestLinks } from './request-links.ts';
import type { Exchange, RequestDraft, SpanDraft } from './span-draft.ts';
import type { SpanOutcome } from './span-failure.ts';
import type { ClockSkew, FirstFailure, RequestSpan, ServiceSpan, SourceRead, Timeline } from './timeline.ts';

/** One service on one host, with what was read of it. */
export interface Place {
  readonly source: ServiceLog;
  readonly clock: string;
  readonly draft: SpanDraft;
}

export interface SourceDraft {
  readonly source: ServiceLog;
  records: number;
  untimed: number;
  first: number | undefined;
  last: number | undefined;
}

interface Parts {
  readonly drafts: readonly SourceDraft[];
  /** Those that have records of the request. */
  readonly places: readonly Place[];
  readonly links: RequestLinks;
  readonly correctClocks: boolean;
  readonly who: readonly RequestActor[];
}

/** Makes the timeline of what was read. Pure. */
export function composeTimeline(requestId: string, parts: Parts): Timeline {
  const { places, links, correctClocks, who } = parts;
  const clocks = [...new Set(places.map(({ clock }) => clock))];
  const reference = referenceOf(requestId, places);
  const skews = reference === undefined ? [] : clockSkews(clocks, reference, boundsOf(places));
  // What is known against another clock moves no time, and says nothing of what came first.
  const skewOf = new Map(
    skews.filter(({ relativeTo }) => relativeTo === reference).map((skew) => [skew.host, skew]),
  );
  const moved = places.map((place) => ({
    place,
    byMs: correctClocks ? correction(skewOf.get(place.clock)) : 0,
  }));
  const inOrder = moved.toSorted((a, b) => startOf(a.place, a.byMs) - startOf(b.place, b.byMs));
  const first = least(moved.map(({ place, byMs }) => shifted(place.draft.began, byMs)));
  const last = least(moved.map(({ place, byMs }) => negative(shifted(place.draft.last, byMs))));
  const to = negative(last);
  return {
    requestId,
    seen: places.length > 0,
    from: iso(first),
    to: iso(to),
    durationMs: first === undefined || to === undefined ? undefined : rounded(to - first),
    outcome: outcomeOfAll(requestId, places),
    failedFirst: firstFailure(places, skewOf),
    spans: inOrder.map(({ place, byMs }) => spanOf(place, byMs, links)),
    clocks: skews,
    who,
    sources: parts.drafts.map(sourceRead),
  };
}

/** The clock of the service that answered under the id that was asked for, or of the first that calls others. */
function referenceOf(requestId: string, places: readonly Place[]): string | undefined {
  const answering = places.find(({ draft }) => (draft.requests.get(requestId)?.answered ?? 0) > 0);
  const calling = places.find(({ draft }) => draft.exchanges.length > 0);
  return (answering ?? calling ?? places[0])?.clock;
}

/**
 * What the calls say of clocks. A request that is called by an id that it shares (Glance takes its caller's), or that two calls or two
 * answers have, is no pair: which record belongs to which call is not known.
 */
function boundsOf(places: readonly Place[]): SkewBound[] {
  const exchanges = places.flatMap(({ clock, draft }) =>
    draft.exchanges.map((exchange) => ({ clock, exchange, caller: draft.requests.get(exchange.callerId) })),
  );
  const times = new Map<string, number>();
  for (const { exchange } of exchanges) times.set(exchange.calleeId, (times.get(exchange.calleeId) ?? 0) + 1);
  return exchanges
    .filter(
      ({ exchange: { calleeId, callerId }, caller }) =>
        times.get(calleeId) === 1 && calleeId !== callerId && calleeId !== caller?.globalRequestId,
    )
    .flatMap(({ clock, exchange }) =>
      places.flatMap((place) => {
        const callee = place.draft.requests.get(exchange.calleeId);
        return callee === undefined || place.clock === clock || callee.answered > 1
          ? []
          : boundsOfPair(clock, exchange, place.clock, callee);
      }),
    );
}

function boundsOfPair(
  caller: string,
  exchange: Exchange,
  callee: string,
  request: RequestDraft,
): SkewBound[] {
  const { sent, received } = exchange;
  const bounds: SkewBound[] = [];
  // Whatever a service says of a request, it says after the request was sent. Times are cut off, so that a step is added.
  if (sent !== undefined && request.began !== undefined)
    bounds.push({ of: callee, than: caller, mostMs: request.began.ms + request.began.precisionMs - sent.ms });
  // What it says before it answers, it says before the answer is received. Work that goes on after the answer is not that.
  const before = request.answered === 1 ? request.answers[0]?.before : undefined;
  if (before !== undefined)
    bounds.push({ of: caller, than: callee, mostMs: received.ms + received.precisionMs - before.ms });
  return bounds;
}

/** By how much a time of this clock is moved: the middle of the bounds, unless they allow that it needs none. */
function correction(skew: ClockSkew | undefined): number {
  const { lowerMs, upperMs } = skew ?? {};
  if (lowerMs === undefined || upperMs === undefined || (lowerMs <= 0 && upperMs >= 0)) return 0;
  return 0 - Math.round((lowerMs + upperMs) / 2);
}

function spanOf({ source, draft }: Place, byMs: number, links: RequestLinks): ServiceSpan {
  const requests = [...draft.requests.values()].toSorted(
    (a, b) => (a.began?.ms ?? Number.POSITIVE_INFINITY) - (b.began?.ms ?? Number.POSITIVE_INFINITY) || 0,
  );
  return {
    service: source.service,
    host: source.host,
    ...spanOfTime(draft, byMs),
    records: draft.records,
    untimed: draft.untimed,
    byLevel: draft.byLevel,
    outcome: outcomeOf(draft),
    failure: draft.failure,
    requests: requests.map((request) => requestSpan(request, byMs, links)),
    moreRequests: draft.moreRequests,
    correctedByMs: byMs,
    wentBack: draft.wentBack,
  };
}

function requestSpan(request: RequestDraft, byMs: number, { joined }: RequestLinks): RequestSpan {
  const { requestId, records, answers } = request;
  return {
    requestId,
    joinedBy: joined.get(requestId) ?? 'global id',
    ...spanOfTime(request, byMs),
    records,
    answers: answers.map(({ status, method, path, ownMs }) => ({ status, method, path, ownMs })),
  };
}

interface Times {
  readonly began: Moment | undefined;
  readonly last: Moment | undefined;
}

const spanOfTime = (
  { began, last }: Times,
  byMs: number,
): Pick<RequestSpan, 'from' | 'to' | 'durationMs'> => ({
  from: iso(shifted(began, byMs)),
  to: iso(shifted(last, byMs)),
  durationMs: began === undefined || last === undefined ? undefined : rounded(last.ms - began.ms),
});

function outcomeOf({ isAnyFailed, isAnyRefused, isAnyAnswered }: SpanDraft): SpanOutcome {
  if (isAnyFailed) return 'failed';
  if (isAnyRefused) return 'refused';
  return isAnyAnswered ? 'answered' : 'unknown';
}

/**
 * What a service that was called answers is the caller's business: a 404 of Placement is often what was hoped for. Several services
 * may take one id (Glance its caller's): where they answered differently, it is not known which answer was the client's.
 */
function outcomeOfAll(requestId: string, places: readonly Place[]): SpanOutcome {
  if (places.some(({ draft }) => draft.isAnyFailed)) return 'failed';
  const statuses = places.flatMap(
    ({ draft }) => draft.requests.get(requestId)?.answers.map(({ status }) => status) ?? [],
  );
  if (statuses.length === 0) return 'unknown';
  if (statuses.every((status) => status < 400)) return 'answered';
  return statuses.every((status) => status >= 400) ? 'refused' : 'unknown';
}

/** The failure with the earliest time, and whether any clock allows that another one was earlier. */
function firstFailure(
  places: readonly Place[],
  skewOf: ReadonlyMap<string, ClockSkew>,
): FirstFailure | undefined {
  const failed = places.flatMap(({ source, clock, draft }) => {
    const { failure, failedAt } = draft;
    if (failure === undefined) return [];
    const { lowerMs = Number.NEGATIVE_INFINITY, upperMs = Number.POSITIVE_INFINITY } =
      skewOf.get(clock) ?? {};
    const at = failedAt ?? Number.POSITIVE_INFINITY;
    return [{ source, clock, failure, at, earliest: at - upperMs, latest: at - lowerMs }];
  });
  const [first, ...others] = failed.toSorted((a, b) => a.at - b.at || 0);
  if (first === undefined) return undefined;
  const isAfter = (other: (typeof failed)[number]): boolean =>
    other.clock === first.clock
      ? other.at >= first.at && Number.isFinite(first.at)
      : other.earliest >= first.latest;
  return {
    ...first.failure,
    service: first.source.service,
    host: first.source.host,
    isSureToBeFirst: others.every(isAfter),
  };
}

const sourceRead = ({ source, records, untimed, first, last }: SourceDraft): SourceRead => ({
  service: source.service,
  host: source.host,
  records,
  untimed,
  from: iso(first),
  to: iso(last),
});

const shifted = (moment: Moment | undefined, byMs: number): number | undefined =>
  moment === undefined ? undefined : moment.ms + byMs;
const negative = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : -ms);
const least = (all: readonly (number | undefined)[]): number | undefined => {
  const known = all.filter((ms) => ms !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};
const startOf = ({ draft }: Place, byMs: number): number =>
  draft.began === undefined ? LATEST : draft.began.ms + byMs;
const LATEST = Number.MAX_SAFE_INTEGER;
