import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type AuditEvent,
  decode,
  image,
  openTrail,
  securityGroupRule,
  server,
  sqliteStore,
  type Trail,
} from '../../src/trail.ts';
import { eventOf } from './events.ts';

const messages = JSON.parse(
  readFileSync(new URL('lab-messages.json', import.meta.url), 'utf8'),
) as readonly object[];
const real = messages.map((message) => decode(JSON.stringify(message), { source: 'lab', now: 0 }));

async function trailOf(events: readonly AuditEvent[]): Promise<Trail> {
  const trail = await openTrail({ store: sqliteStore(':memory:') });
  await trail.append(events);
  return trail;
}

test('who made this rule, from where, when, by which request', async () => {
  await using trail = await trailOf(real);
  const answer = await trail.who({
    did: 'create',
    to: securityGroupRule('212d4ed7-b18c-41ff-9330-0cfb02227851'),
  });
  expect(answer).toMatchObject({
    confidence: 'certain',
    who: { known: true, value: { user_id: '6ddb33c1bbf84e6fb37942e7d058dd8f', user_name: 'demo' } },
    project: { known: true, value: '797023ec012f487bafa6d8c6c44795b6' },
    address: { known: true, value: '127.0.0.1' },
    agent: { known: true },
    at: { known: true },
    request_id: { known: true, value: 'req-de95f693-780d-47e7-a39d-3d5b335386f9' },
    outcome: { known: true, value: 'success' },
    change: { known: true, value: { kind: 'notification' } },
    request: { known: true, value: { kind: 'audit.http' } },
  });
});

test('without the audit filter: who is known, from where is not, and why', async () => {
  await using trail = await trailOf(real.filter(({ kind }) => kind !== 'audit.http'));
  expect(
    await trail.who({ did: 'create', to: securityGroupRule('212d4ed7-b18c-41ff-9330-0cfb02227851') }),
  ).toMatchObject({
    confidence: 'certain',
    who: { known: true },
    address: { known: false, why: 'the API told of no request with its id: is its audit filter on?' },
    request: { known: false },
  });
});

test('without notifications: the one request that fits is probable', async () => {
  await using trail = await trailOf(real.filter(({ kind }) => kind === 'audit.http'));
  const question = { did: 'create', to: securityGroupRule('212d4ed7-b18c-41ff-9330-0cfb02227851') };
  expect(await trail.who({ ...question, at: '2026-11-23T10:09:26Z' })).toMatchObject({
    confidence: 'probable',
    who: { known: true, value: { user_name: 'demo' } },
    address: { known: true, value: '127.0.0.1' },
    change: { known: false },
  });
  // Without a time there is nothing to look for.
  expect(await trail.who(question)).toMatchObject({ confidence: 'unknown', who: { known: false } });
  expect(await trail.who({ ...question, at: '2026-11-23T11:09:26Z' })).toMatchObject({
    confidence: 'unknown',
  });
  expect(await trail.who({ ...question, at: '2026-11-23T10:09:26Z', project_id: 'another' })).toMatchObject({
    confidence: 'unknown',
  });
});

test('two requests that fit: neither is named, both are shown', async () => {
  const http = real.filter(
    ({ kind, outcome, target }) =>
      kind === 'audit.http' && outcome === 'success' && target.type === 'security_group_rule',
  );
  const twice = http.flatMap((event) => [
    event,
    { ...event, id: `${event.id}-2`, who: { user_id: 'eve' }, request_ids: ['req-2'] },
  ]);
  await using trail = await trailOf(twice);
  const answer = await trail.who({ did: 'create', to: securityGroupRule('x'), at: '2026-11-23T10:09:26Z' });
  expect(answer.confidence).toBe('unknown');
  expect(answer.who).toEqual({ known: false, why: expect.stringContaining('2 requests fit') as string });
  expect(answer.candidates).toHaveLength(2);
});

test('Glance tells no request: it is found by what it did, where and when', async () => {
  await using trail = await trailOf(real);
  expect(await trail.who({ did: 'create', to: image('56254856-f0ba-4a1f-b580-71c4184244a6') })).toMatchObject(
    {
      confidence: 'probable',
      who: { known: true, value: { user_name: 'demo' } },
      change: { known: true },
      request: { known: true },
    },
  );
});

test('nothing is known: every leg says so', async () => {
  await using trail = await trailOf([]);
  const answer = await trail.who({ did: 'delete', to: server('x') });
  expect(answer).toMatchObject({ confidence: 'unknown', candidates: [] });
  for (const leg of [answer.who, answer.at, answer.address, answer.project, answer.change, answer.request])
    expect(leg).toEqual({ known: false, why: expect.stringMatching(/told of/) as string });
});

test('the newest answer counts, and a question that began is no answer', async () => {
  const to = { type: 'server', id: 'a' };
  await using trail = await trailOf([
    eventOf('1', {
      action: 'stop',
      target: to,
      outcome: 'success',
      who: { user_id: 'old' },
      at: '2026-11-20T10:00:00Z',
      request_ids: ['r1'],
    }),
    eventOf('2', {
      action: 'stop',
      target: to,
      outcome: 'failure',
      who: { user_id: 'new' },
      at: '2026-11-21T10:00:00Z',
      request_ids: ['r2'],
    }),
    eventOf('3', {
      action: 'stop',
      target: to,
      outcome: 'pending',
      who: { user_id: 'newest' },
      at: '2026-11-22T10:00:00Z',
      request_ids: ['r3'],
    }),
  ]);
  expect(await trail.who({ did: 'stop', to })).toMatchObject({
    who: { known: true, value: { user_id: 'new' } },
    outcome: { known: true, value: 'failure' },
  });
});

test('who was redacted: the answer says that, and of which record', async () => {
  await using trail = await trailOf(real);
  await trail.redact({
    where: { by: { user_id: '6ddb33c1bbf84e6fb37942e7d058dd8f' } },
    parts: ['person'],
    by: 'dpo',
    reason: 'asked',
  });
  const answer = await trail.who({
    did: 'create',
    to: securityGroupRule('212d4ed7-b18c-41ff-9330-0cfb02227851'),
  });
  expect(answer.who).toEqual({
    known: false,
    why: expect.stringMatching(/person of record \d+ was redacted/) as string,
  });
});
