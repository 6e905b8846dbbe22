import type { Actor, AuditEvent, EventOutcome } from './event.ts';
import { present } from './decode/loose.ts';
import type { Trail } from './trail.ts';
import type { TrailQuery, TrailRecord } from './query.ts';

export interface WhoQuestion {
  /** The verb: `create`, `delete`, `update`, … */
  readonly did: string;
  /** To what. */
  readonly to: { readonly type: string; readonly id: string };
  /** When it happened, as far as it is known otherwise (`created_at`): lets a request be found that tells no id. */
  readonly at?: string | undefined;
  /** In whose project, likewise. */
  readonly project_id?: string | undefined;
}

/** One part of an answer: known, and from which record; or not, and why not. */
export type Leg<T> =
  | { readonly known: true; readonly value: T; readonly seq: number }
  | { readonly known: false; readonly why: string };

/**
 * Who did something. `certain`: records say so, joined by id and request id. `probable`: the request was found by what it
 * did, where and when, and is the only one that fits. `unknown`: not even that.
 */
export interface Attribution {
  readonly did: string;
  readonly to: { readonly type: string; readonly id: string };
  readonly confidence: 'certain' | 'probable' | 'unknown';
  /** A service says that it was done. */
  readonly change: Leg<AuditEvent>;
  /** The API says that somebody asked for it. */
  readonly request: Leg<AuditEvent>;
  readonly who: Leg<Pick<Actor, 'user_id' | 'user_name' | 'domain_id' | 'on_behalf_of' | 'by_means_of'>>;
  readonly project: Leg<string>;
  readonly address: Leg<string>;
  readonly agent: Leg<string>;
  readonly at: Leg<string>;
  readonly request_id: Leg<string>;
  readonly outcome: Leg<EventOutcome>;
  /** Requests that could be it, when more than one fits. */
  readonly candidates: readonly TrailRecord[];
}

/** Seconds between a request's arrival and what a service says of it, when nothing else joins them. */
const NEAR = 10;
const API = 'audit.http';

/** Joins what was told of a thing with what was told of the request that did it. */
export async function attribute(trail: Pick<Trail, 'find'>, question: WhoQuestion): Promise<Attribution> {
  const { did, to } = question;
  const told = await all(trail, { did, to, limit: 50 });
  // A service tells when it begins and when it has ended; the end says what came of it.
  const change = told
    .filter(({ event }) => event.kind !== API)
    .toSorted((a, b) => rank(b.event) - rank(a.event))[0];
  const joined =
    change === undefined
      ? []
      : (
          await Promise.all(
            change.event.request_ids.map((request_id) => all(trail, { request_id, limit: 50 })),
          )
        ).flat();
  const byId = [...joined, ...told].filter(({ event }) => event.kind === API);
  const sure = answered(byId.filter(({ event }) => event.action === did || event.target.id === to.id));
  const candidates = sure === undefined ? await requestsNear(trail, question, change) : [];
  const request = sure ?? (candidates.length === 1 ? candidates[0] : undefined);
  return {
    did,
    to,
    confidence:
      sure !== undefined || change?.event.who.user_id !== undefined
        ? 'certain'
        : request === undefined
          ? 'unknown'
          : 'probable',
    ...legsOf(change, request, whyNot(question, change, candidates.length)),
    candidates: candidates.length > 1 ? candidates : [],
  };
}

interface Reasons {
  readonly change: string;
  readonly request: string;
}

function legsOf(
  change: TrailRecord | undefined,
  request: TrailRecord | undefined,
  reasons: Reasons,
): Omit<Attribution, 'did' | 'to' | 'confidence' | 'candidates'> {
  const both = [request, change].filter((one) => one !== undefined);
  const leg = <T>(read: (event: AuditEvent) => T | undefined, why: string): Leg<T> => {
    for (const { event, seq } of both) {
      const value = read(event);
      if (value !== undefined) return { known: true, value, seq };
    }
    const gone = both.find(({ redacted }) => redacted.length > 0);
    return {
      known: false,
      why:
        gone === undefined ? why : `${why}; ${gone.redacted.join(', ')} of record ${gone.seq} was redacted`,
    };
  };
  const nobody = both.length === 0 ? `${reasons.change}; ${reasons.request}` : reasons.request;
  return {
    change: change === undefined ? { known: false, why: reasons.change } : known(change),
    request: request === undefined ? { known: false, why: reasons.request } : known(request),
    who: personOf(both) ?? leg(personIn, nobody),
    project: leg((event) => event.who.project_id, nobody),
    address: leg((event) => event.who.address, nobody),
    agent: leg((event) => event.who.agent, nobody),
    at: leg((event) => event.at, nobody),
    request_id: leg((event) => event.request_ids[0], nobody),
    outcome: leg((event) => (event.outcome === 'pending' ? undefined : event.outcome), nobody),
  };
}

/** One of them may know the name, the other the id: of the same person they are put together. */
function personOf(both: readonly TrailRecord[]): Attribution['who'] | undefined {
  const [first, second] = both.flatMap((one) => {
    const person = personIn(one.event);
    return person === undefined ? [] : [{ person, seq: one.seq }];
  });
  if (first === undefined) return undefined;
  const same = second?.person.user_id === first.person.user_id;
  const more = same ? present(second?.person ?? {}) : {};
  return { known: true, value: { ...more, ...present(first.person) }, seq: first.seq };
}

const known = ({ event, seq }: TrailRecord): Leg<AuditEvent> => ({ known: true, value: event, seq });

function personIn({ who }: AuditEvent): Attribution['who'] extends Leg<infer T> ? T | undefined : never {
  const { user_id, user_name, domain_id, on_behalf_of, by_means_of } = who;
  return user_id === undefined && user_name === undefined
    ? undefined
    : { user_id, user_name, domain_id, on_behalf_of, by_means_of };
}

function whyNot({ did, to }: WhoQuestion, change: TrailRecord | undefined, fitting: number): Reasons {
  return {
    change: `no service told of this ${did} of ${to.type} ${to.id}`,
    request:
      fitting > 1
        ? `${fitting} requests fit, and nothing tells which it was`
        : change === undefined
          ? 'the API told of no request that fits'
          : change.event.request_ids.length === 0
            ? `${change.event.target.service ?? 'the service'} tells no request id, and no request fits`
            : 'the API told of no request with its id: is its audit filter on?',
  };
}

/** An answer says more than a question; the newest more than an older one. */
const rank = ({ outcome, at }: AuditEvent): number => (outcome === 'pending' ? 0 : 1e15) + Date.parse(at);

const answered = (records: readonly TrailRecord[]): TrailRecord | undefined =>
  records.toSorted((a, b) => rank(b.event) - rank(a.event))[0];

/** Requests that would have done this, at that time: for services that tell no request id, or nothing at all. */
async function requestsNear(
  trail: Pick<Trail, 'find'>,
  { did, to, at, project_id }: WhoQuestion,
  change: TrailRecord | undefined,
): Promise<TrailRecord[]> {
  const moment = Date.parse(change?.event.at ?? at ?? '');
  if (Number.isNaN(moment)) return [];
  const project = project_id ?? change?.event.target.project_id;
  const near = await all(trail, {
    did,
    to: { type: to.type },
    kind: API,
    from: new Date(moment - NEAR * 1_000).toISOString(),
    until: new Date(moment + NEAR * 1_000).toISOString(),
    limit: 100,
  });
  const fitting = near.filter(
    ({ event }) =>
      event.outcome === 'success' &&
      (event.target.id === undefined || event.target.id === to.id) &&
      (project === undefined || event.who.project_id === undefined || event.who.project_id === project),
  );
  const exact = fitting.filter(({ event }) => event.target.id === to.id);
  return exact.length > 0 ? exact : fitting;
}

async function all(trail: Pick<Trail, 'find'>, query: TrailQuery): Promise<TrailRecord[]> {
  const found: TrailRecord[] = [];
  for await (const one of trail.find(query)) found.push(one);
  return found;
}
