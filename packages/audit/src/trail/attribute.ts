import type { Actor, AuditEvent, EventOutcome } from './event.ts';
import { present } from './decode/loose.ts';
import { all, API, MOST, type Near, NONE, requestsNear } from './nearness.ts';
import type { FoundRecords } from './found-records.ts';
import type { TrailRecord } from './query.ts';
import type { WhoQuestion } from './who-question.ts';

/** One part of an answer: known, and from which record; or not, and why not. */
export type Leg<T> =
  | { readonly known: true; readonly value: T; readonly seq: number }
  | { readonly known: false; readonly why: string };

/**
 * An answer to the question who did something, with its confidence. `certain`: records say so, joined by id and request
 * id. `probable`: the request was found by what it did, where and when; it is the only one that fits, nothing ties it
 * to another thing, and nothing else that was told could be its doing. `unknown`: not even that. Nobody is named for
 * having been near.
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

/** Joins the events about a thing with the events about the request that changed it. */
export async function attribute(trail: FoundRecords, question: WhoQuestion): Promise<Attribution> {
  const { did, to } = question;
  const told = await all(trail, { did, to, first: 'newest', limit: MOST });
  // A service tells when it begins and when it has ended; the end says what came of it.
  const change = newest(told.filter(({ event }) => event.kind !== API));
  const byId = [
    ...(await requestsOf(trail, question, change)),
    ...told.filter(({ event }) => event.kind === API),
  ];
  const sure = agreed(byId, change);
  const near = sure === undefined && byId.length === 0 ? await requestsNear(trail, question, change) : NONE;
  const request = sure ?? near.only;
  return {
    did,
    to,
    confidence:
      sure !== undefined || change?.event.who.user_id !== undefined
        ? 'certain'
        : request === undefined
          ? 'unknown'
          : 'probable',
    ...legsOf(change, request, whyNot(question, change, { byId: byId.length, near })),
    candidates: request === undefined ? (byId.length > 0 ? unique(byId) : near.candidates) : [],
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
  const both = [request, change].filter((leg) => leg !== undefined);
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
  const [first, second] = both.flatMap((leg) => {
    const person = personIn(leg.event);
    return person === undefined ? [] : [{ person, seq: leg.seq }];
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

function whyNot(
  { did, to }: WhoQuestion,
  change: TrailRecord | undefined,
  { byId, near }: { readonly byId: number; readonly near: Near },
): Reasons {
  return {
    change: `no service told of this ${did} of ${to.type} ${to.id}, in what the trail holds`,
    request:
      byId > 0
        ? `${byId} requests have its id, and tell of different users`
        : near.doubt !== undefined
          ? near.doubt
          : near.candidates.length > 1
            ? `${near.candidates.length} requests fit, and nothing tells which it was`
            : change === undefined
              ? 'the API told of no request that fits'
              : change.event.request_ids.length === 0
                ? `${change.event.target.service ?? 'the service'} tells no request id, and no request fits`
                : 'the API told of no request with its id: is its audit filter on?',
  };
}

/** Requests that have the id of what a service told, and could have done that. */
async function requestsOf(
  trail: FoundRecords,
  { did, to }: WhoQuestion,
  change: TrailRecord | undefined,
): Promise<TrailRecord[]> {
  if (change === undefined) return [];
  const found = await Promise.all(
    change.event.request_ids.map((request_id) =>
      all(trail, { request_id, kind: API, first: 'newest', limit: MOST }),
    ),
  );
  // A global request id is what the caller says it is, and one server's creation sends it to several services.
  return unique(found.flat()).filter(
    ({ event }) =>
      (event.target.type === to.type && (event.target.id === undefined || event.target.id === to.id)) ||
      (event.action === did && event.target.service === change.event.target.service),
  );
}

/** The newest answer, if all that could be it tell of one user, who is the one of whom the service tells. */
function agreed(requests: readonly TrailRecord[], change: TrailRecord | undefined): TrailRecord | undefined {
  const user = change?.event.who.user_id;
  const fitting = requests.filter(
    ({ event }) => user === undefined || event.who.user_id === undefined || event.who.user_id === user,
  );
  const users = new Set(fitting.flatMap(({ event }) => event.who.user_id ?? []));
  if (change !== undefined && user === undefined && users.size > 1) return undefined;
  return newest(fitting);
}

const unique = (records: readonly TrailRecord[]): TrailRecord[] => [
  ...new Map(records.map((record) => [record.seq, record])).values(),
];

/** An answer says more than a question; the newest more than an older one. */
const rank = ({ outcome, at }: AuditEvent): number => (outcome === 'pending' ? 0 : 1e15) + Date.parse(at);

const newest = (records: readonly TrailRecord[]): TrailRecord | undefined =>
  records.toSorted((a, b) => rank(b.event) - rank(a.event) || b.seq - a.seq)[0];
