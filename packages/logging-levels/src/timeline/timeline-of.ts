import type { Gap, Observed } from '@groundcrew/core';
import {
  aFunction,
  aSignal,
  anObjectWith,
  InputError,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import { composeTimeline, type Place, type SourceDraft } from './compose-timeline.ts';
import {
  clockOf,
  cut,
  localOffsetMs,
  type ServiceLog,
  nameOf,
  placeOf,
  readSource,
  someSources,
} from './service-log.ts';
import { iso, momentOf, type Moment } from '../moment.ts';
import { actorsOf, type RequestTrail } from './request-actor.ts';
import { RequestLinks } from './request-links.ts';
import { SpanDraft } from './span-draft.ts';
import type { Timeline } from './timeline.ts';

export interface TimelineOptions {
  readonly sources: readonly ServiceLog[];
  /** Tells who sent the request: the trail of `@groundcrew/audit`, or what finds events as it does. @default nobody is asked */
  readonly trail?: RequestTrail | undefined;
  /** Only records from this time on, and before that one: ISO 8601 with a zone. Records without a time are always taken. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /**
   * Whether the times of a host are moved to the reference's clock, by the middle of its bounds, if these are known on both sides and do not
   * allow that the clocks agree. Each span tells whether it was moved (`correctedByMs`).
   *
   * @default false
   */
  readonly correctClocks?: boolean | undefined;
  /** The number of requests that are kept for each service and host. @default 1000 */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: (() => number) | undefined;
}

const aTime = z.iso.datetime({ offset: true });
const timelineOptions = optionsSchema<TimelineOptions>({
  sources: someSources,
  trail: anObjectWith<RequestTrail>('a trail', 'find').optional(),
  from: aTime.optional(),
  to: aTime.optional(),
  correctClocks: z.boolean().optional(),
  limit: z.int().min(1).max(1_000_000).optional(),
  signal: aSignal.optional(),
  now: aFunction.optional(),
});

/** An id as services write it: oslo.context's is `req-` and a UUID; Glance takes what a client sends, up to 64 characters. */
const anId = z.string().regex(/^[\w.:-]{1,128}$/, 'is no request id');

/**
 * Follows one request through the logs of all services: what each did, how long, with which answer, and where it failed first.
 *
 * The id may be the one that a service gave the request (`X-Openstack-Request-Id` of its answer), or a global one. Requests that
 * share a global id belong together, and so do those of which a client library says at DEBUG that one made the other; both are
 * followed as far as they lead. (oslo.log holds the client libraries back even at DEBUG, unless `default_log_levels` has
 * `keystoneauth=DEBUG`.) Nothing else in a message counts, since its text may be a tenant's. A global id is what the caller
 * sent: a user who knows another's id can add requests to that timeline, though not leave any out.
 *
 * The sources are read twice, one after the other; memory grows with the number of requests kept and of links between requests, both
 * limited, not with the size of the logs. What is past a limit, and a source that could not be read to its end, is a gap.
 *
 * @throws InputError that names the option
 * @example console.log(timelineText(await timelineOf('req-1fe7fcfd-f60a-4567-9260-bd48831031f7', { sources, trail })));
 */
export async function timelineOf(requestId: string, options: TimelineOptions): Promise<Observed<Timeline>> {
  parseArguments('timelineOf', timelineOptions, options);
  parseArguments('timelineOf: requestId', anId, requestId);
  const { sources, trail, correctClocks = false, limit = 1000, signal, now = Date.now } = options;
  const at = iso(now());
  const window = windowOf(options);
  const drafts = sources.map((source): SourceDraft => ({
    source,
    records: 0,
    untimed: 0,
    first: undefined,
    last: undefined,
  }));
  const gaps: Gap[] = [];

  const links = new RequestLinks(requestId);
  for (const draft of drafts) {
    const gap = await readSource(draft.source, signal, (record) => {
      const moment = momentOf(record.at, localOffsetMs(draft.source));
      note(draft, moment);
      if (isInside(moment, window)) links.add(record);
    });
    if (gap !== undefined) gaps.push(gap);
  }
  gaps.push(...gapsOf(links));

  const places = new Map<string, Place>();
  const globalIds = new Set<string>();
  for (const draft of drafts) {
    const { source } = draft;
    const place = places.get(placeOf(source)) ?? {
      source,
      clock: clockOf(source),
      draft: new SpanDraft(limit),
    };
    places.set(placeOf(source), place);
    let records = 0;
    const gap = await readSource(source, signal, (record) => {
      records += 1;
      const id = idOf(record, links);
      if (id === undefined) return;
      const moment = momentOf(record.at, localOffsetMs(source));
      if (!isInside(moment, window)) return;
      place.draft.add(record, id, moment);
      const { globalRequestId } = record;
      if (globalRequestId !== undefined && globalIds.size < MOST_GLOBAL_IDS) globalIds.add(globalRequestId);
    });
    if (gap !== undefined && !gaps.some(({ what, why }) => what === gap.what && why === gap.why))
      gaps.push(gap);
    if (gap === undefined && records < draft.records) gaps.push(readLess(source, draft.records, records));
  }
  gaps.push(...[...places.values()].flatMap((place) => gapsOfPlace(place, limit)));

  const asked =
    trail === undefined ? undefined : await actorsOf(trail, [...new Set([requestId, ...globalIds])]);
  gaps.push(...(asked?.gaps ?? []));
  const value = composeTimeline(requestId, {
    drafts,
    places: [...places.values()].filter(({ draft }) => draft.records > 0),
    links,
    correctClocks,
    who: asked?.who ?? [],
  });
  const isNothing = drafts.every(({ records }) => records === 0) && gaps.length > 0;
  return {
    value,
    at,
    source: sources.map(nameOf).join(', '),
    completeness: gaps.length === 0 ? 'complete' : isNothing ? 'failed' : 'partial',
    gaps,
  };
}

const MOST_GLOBAL_IDS = 20;

interface Window {
  readonly from: number;
  readonly to: number;
}

function windowOf({ from, to }: TimelineOptions): Window {
  const window = {
    from: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
    to: to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to),
  };
  if (window.from >= window.to)
    throw new InputError('timelineOf: to: is not after from', { field: 'to', operation: 'timelineOf' });
  return window;
}

const isInside = (moment: Moment | undefined, { from, to }: Window): boolean =>
  moment === undefined || (moment.ms >= from && moment.ms < to);

function note(draft: SourceDraft, moment: Moment | undefined): void {
  draft.records += 1;
  if (moment === undefined) draft.untimed += 1;
  else {
    if (draft.first === undefined || moment.ms < draft.first) draft.first = moment.ms;
    if (draft.last === undefined || moment.ms > draft.last) draft.last = moment.ms;
  }
}

/** The id by which a record belongs to the story: its own, or the global one of a request whose own was let go. */
function idOf(
  {
    requestId,
    globalRequestId,
  }: { readonly requestId: string | undefined; readonly globalRequestId: string | undefined },
  { joined }: RequestLinks,
): string | undefined {
  if (requestId === undefined) return undefined;
  const isJoined = joined.has(requestId) || (globalRequestId !== undefined && joined.has(globalRequestId));
  return isJoined ? requestId : undefined;
}

const NARROWER = 'Ask with from and to around the request.';

function gapsOf({ dropped, overflow }: RequestLinks): Gap[] {
  return [
    ...(dropped > 0
      ? [cut('links between requests', `${dropped} past the limit were not followed`, NARROWER)]
      : []),
    ...(overflow > 0
      ? [cut('requests of the timeline', `${overflow} past the limit were not followed`, NARROWER)]
      : []),
  ];
}

function gapsOfPlace({ source, draft }: Place, limit: number): Gap[] {
  if (draft.moreRequests === 0 && draft.moreExchanges === 0) return [];
  return [
    cut(
      nameOf(source),
      `${draft.moreRequests} records are of requests past the limit of ${limit}, ${draft.moreExchanges} calls were not compared`,
      NARROWER,
    ),
  ];
}

const readLess = (source: ServiceLog, first: number, second: number): Gap => ({
  what: nameOf(source),
  kind: 'failed',
  why: `it gave ${first} records the first time, and ${second} the second`,
  remedy: 'Give a function that opens the log anew each time, and a log that is not rotated meanwhile.',
  requestIds: [],
});
