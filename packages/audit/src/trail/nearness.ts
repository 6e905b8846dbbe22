import type { WhoQuestion } from './who-question.ts';
import { targetIds } from './event.ts';
import type { TrailQuery, TrailRecord } from './query.ts';
import { timeOf } from './options.ts';
import type { FoundRecords } from './found-records.ts';

/** Seconds between a request's arrival and what a service says of it, when nothing else joins them. */
const NEAR = 10;
/** The most records of one search. Where there are more, not all candidates were looked at. */
export const MOST = 500;
export const API = 'audit.http';

/** The request that was found by time and place. */
export interface Near {
  /** The one request that can have done it. */
  readonly only?: TrailRecord | undefined;
  /** The requests that fit. */
  readonly candidates: readonly TrailRecord[];
  /** The reason why the only one is not named. */
  readonly doubt?: string | undefined;
}

export const NONE: Near = { candidates: [] };

/**
 * Requests that would have done this, at that time: for services that tell no request id, or nothing at all. One that
 * is tied to another thing is ruled out; one that could as well have done another thing is not named.
 */
export async function requestsNear(
  trail: FoundRecords,
  { did, to, at, project_id }: WhoQuestion,
  change: TrailRecord | undefined,
): Promise<Near> {
  const moment = timeOf(change?.event.at ?? at ?? '');
  if (Number.isNaN(moment)) return NONE;
  // The service tells by which request it was: another one it was not.
  if (change !== undefined && change.event.request_ids.length > 0) return NONE;
  const project = project_id ?? change?.event.target.project_id;
  // The changes that near requests could have made are up to twice as far away.
  const around = await all(trail, {
    did,
    to: { type: to.type },
    from: new Date(moment - 2 * NEAR * 1_000).toISOString(),
    until: new Date(moment + 2 * NEAR * 1_000).toISOString(),
    limit: MOST,
  });
  const isNear = ({ event }: TrailRecord, then: number): boolean =>
    Math.abs(Date.parse(event.at) - then) <= NEAR * 1_000;
  const inProject = ({ event }: TrailRecord): boolean => {
    const own = event.kind === API ? event.who.project_id : event.target.project_id;
    return project === undefined || own === undefined || own === project;
  };
  const others = around.filter(
    (record) =>
      record.event.kind !== API &&
      record.event.outcome !== 'failure' &&
      !targetIds(record.event).includes(to.id),
  );
  const fitting: TrailRecord[] = [];
  for (const record of around) {
    const { event } = record;
    if (event.kind !== API || event.outcome !== 'success' || !isNear(record, moment) || !inProject(record))
      continue;
    if (event.target.id !== undefined && event.target.id !== to.id) continue;
    if (!(await isTiedToOther(trail, record, to))) fitting.push(record);
  }
  const exact = fitting.filter(({ event }) => event.target.id === to.id);
  const candidates = exact.length > 0 ? exact : fitting;
  const [only, ...more] = candidates;
  if (only === undefined || more.length > 0) return { candidates };
  if (around.length === MOST)
    return { candidates, doubt: `more than ${MOST} records are near: not all were looked at` };
  if (exact.length > 0) return { only, candidates };
  const rival = others.find(
    (other) =>
      other.event.request_ids.length === 0 && isNear(other, Date.parse(only.event.at)) && inProject(other),
  );
  return rival === undefined
    ? { only, candidates }
    : {
        candidates,
        doubt: `the one request that fits could as well be that of ${to.type} ${targetIds(rival.event)[0] ?? 'without an id'}`,
      };
}

/**
 * Tells whether a service reports that this request did something to another thing of the kind, and not to this one.
 */
async function isTiedToOther(
  trail: FoundRecords,
  { event }: TrailRecord,
  to: WhoQuestion['to'],
): Promise<boolean> {
  const tied: TrailRecord[] = [];
  for (const request_id of event.request_ids)
    tied.push(...(await all(trail, { request_id, did: event.action, to: { type: to.type }, limit: MOST })));
  const ids = tied.flatMap((record) => (record.event.kind === API ? [] : targetIds(record.event)));
  return ids.length > 0 && !ids.includes(to.id);
}

export async function all(trail: FoundRecords, query: TrailQuery): Promise<TrailRecord[]> {
  const found: TrailRecord[] = [];
  for await (const record of trail.find(query)) found.push(record);
  return found;
}
