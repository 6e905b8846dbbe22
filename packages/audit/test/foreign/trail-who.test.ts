import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuditEvent, decode, openTrail, sqliteStore, type Trail } from '../../src/trail.ts';

// Groundcrew's issue 9, kind 2. Neutron tells of a bulk request in one notification, whose payload is the API's own answer:
// openstack/neutron, neutron/pecan_wsgi/hooks/notifier.py.

const START = Date.UTC(2026, 10, 23, 10);
const time = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
const TYPE = 'security_group_rule';
const rule = (id: string) => ({ did: 'create', to: { type: TYPE, id } });

const request = (id: string, user: string, seconds: number, project = 'shop'): AuditEvent => ({
  id: `http-${id}`,
  at: time(seconds),
  source: 'audit',
  kind: 'audit.http',
  action: 'create',
  outcome: 'success',
  who: { user_id: user, project_id: project },
  target: { type: TYPE, service: 'network' },
  request_ids: [`req-${id}`],
});

/** A notification of Neutron, about one rule or several. */
const told = (id: string, rules: readonly string[], seconds: number, requestId?: string): AuditEvent => {
  const bodies = rules.map((entry) => ({ id: entry, project_id: 'shop', port_range_min: 22 }));
  const payload = bodies.length > 1 ? { security_group_rules: bodies } : { security_group_rule: bodies[0] };
  const message = {
    message_id: `told-${id}`,
    publisher_id: 'network.x',
    event_type: 'security_group_rule.create.end',
    timestamp: time(seconds),
    payload,
    ...(requestId === undefined ? {} : { _context_request_id: `req-${requestId}` }),
  };
  return decode(JSON.stringify(message), { source: 'versioned', now: 0 });
};

async function trailOf(events: readonly AuditEvent[]): Promise<Trail> {
  const trail = await openTrail({ store: sqliteStore(':memory:') });
  await trail.append(events);
  return trail;
}

describe('one notification about many', () => {
  const bulk = told('1', ['r-1', 'r-2'], 0, '1');
  test('is about all of them, each by id', async () => {
    expect(bulk.target).toMatchObject({ type: TYPE, ids: ['r-1', 'r-2'] });
    await using trail = await trailOf([request('1', 'alice', 0), bulk]);
    for (const id of ['r-1', 'r-2']) {
      expect(await trail.who(rule(id))).toMatchObject({
        confidence: 'certain',
        change: { known: true },
        who: { known: true, value: { user_id: 'alice' } },
      });
      expect(await Array.fromAsync(trail.find({ to: { type: TYPE, id } }))).toHaveLength(1);
      expect(await Array.fromAsync(trail.find({ to: { type: 'server', id } }))).toEqual([]);
    }
  });

  test("somebody else's own rule 3 s later accuses nobody, with a time and without", async () => {
    const later = [request('2', 'eve', 3), told('2', ['r-3'], 3, '2')];
    await using trail = await trailOf([bulk, ...later]);
    for (const at of [undefined, time(0)]) {
      const answer = await trail.who({ ...rule('r-2'), at });
      expect(answer).toMatchObject({ confidence: 'unknown', who: { known: false }, change: { known: true } });
      expect(JSON.stringify(answer)).not.toMatch(/eve/);
    }
  });

  test('its ids go with the target when that is redacted', async () => {
    await using trail = await trailOf([bulk]);
    await trail.redact({ where: { to: { id: 'r-2' } }, parts: ['target', 'detail'], by: 'x', reason: 'y' });
    expect(await Array.fromAsync(trail.find({ to: { id: 'r-2' } }))).toEqual([]);
    expect(await trail.verify()).toMatchObject({ ok: true, redacted: 1 });
  });
});

test('a request that is tied to another thing is no candidate, whatever is known of the time', async () => {
  await using trail = await trailOf([request('2', 'eve', 3), told('2', ['r-3'], 3, '2')]);
  expect(await trail.who({ ...rule('r-2'), at: time(0) })).toMatchObject({
    confidence: 'unknown',
    candidates: [],
  });
});

test('one request near two things that no request id ties: neither is attributed to it', async () => {
  await using trail = await trailOf([request('1', 'alice', 0), told('1', ['r-1'], 0), told('2', ['r-2'], 3)]);
  for (const id of ['r-1', 'r-2']) {
    const answer = await trail.who(rule(id));
    expect(answer).toMatchObject({ confidence: 'unknown', who: { known: false } });
    expect(answer.request).toMatchObject({ why: expect.stringMatching(/could as well/) as string });
  }
});

test("a request that bears another's id, as global ids can, does not take its place", async () => {
  const forged = { ...request('9', 'eve', 1), request_ids: ['req-9', 'req-1'] };
  const change = { ...told('1', ['r-1'], 0, '1'), who: { user_id: 'alice' } };
  await using trail = await trailOf([request('1', 'alice', 0), forged, change]);
  expect(await trail.who(rule('r-1'))).toMatchObject({ who: { known: true, value: { user_id: 'alice' } } });
  await using bare = await trailOf([request('1', 'alice', 0), forged, told('1', ['r-1'], 0, '1')]);
  expect(await bare.who(rule('r-1'))).toMatchObject({ confidence: 'unknown', who: { known: false } });
});

interface Change {
  readonly user: string;
  readonly seconds: number;
  readonly rules: number;
  /** True if the service tells by which request. */
  readonly ties: boolean;
  readonly heardRequest: boolean;
  readonly heardChange: boolean;
}
const changes = fc.array(
  fc.record<Change>({
    user: fc.constantFrom('alice', 'bob', 'eve'),
    seconds: fc.nat({ max: 40 }),
    rules: fc.integer({ min: 1, max: 3 }),
    ties: fc.boolean(),
    heardRequest: fc.boolean(),
    heardChange: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

test('600 histories of three users whose messages are lost: certain is true, and probable is the only one that is left', async () => {
  await fc.assert(
    fc.asyncProperty(changes, async (list) => {
      const events: AuditEvent[] = [];
      const authors = new Map<string, Change>();
      for (const [index, change] of list.entries()) {
        const ids = Array.from({ length: change.rules }, (_, one) => `rule-${index}-${one}`);
        for (const id of ids) authors.set(id, change);
        if (change.heardRequest) events.push(request(String(index), change.user, change.seconds));
        if (change.heardChange)
          events.push(told(String(index), ids, change.seconds, change.ties ? String(index) : undefined));
      }
      await using trail = await trailOf(events);
      for (const [id, change] of authors) {
        const answer = await trail.who({ ...rule(id), at: time(change.seconds) });
        expect(answer.change.known).toBe(change.heardChange);
        const named = answer.who.known ? answer.who.value.user_id : undefined;
        if (named === undefined || named === change.user) continue;
        // A service that tells the request leaves nothing to guess.
        expect(change.heardChange && change.ties).toBe(false);
        // Somebody else was named: the record must hold neither the author's request nor anything that excuses the other.
        expect(answer.confidence).toBe('probable');
        expect(change.heardRequest).toBe(false);
        // That user asked at that time, and the outcome is not in the record.
        const couldHave = list.some(
          (entry) =>
            entry.user === named &&
            entry.heardRequest &&
            !entry.heardChange &&
            Math.abs(entry.seconds - change.seconds) <= 10,
        );
        expect(couldHave).toBe(true);
      }
    }),
    { numRuns: 600 },
  );
});
