import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Token } from '../../src/auth/token.ts';
import { Secret } from '@groundcrew/ground';
import { reply, reset, type Script, scriptedServer } from '../scripted-server.ts';
import { TestClock } from '../test-clock.ts';
import { alice, cloudEntry, grants, sessionFor, tokenBody } from './keystone-server.ts';

/** A session whose server and client share a clock. */
async function cloud(...steps: ((clock: TestClock) => Script)[]) {
  const clock = new TestClock();
  const server = await scriptedServer(...steps.map((step) => step(clock)));
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { ...sessionFor(cloudEntry(alice(`${server.url}/v3`)), { clock }), clock, server };
}
const granting = (life?: number) => (clock: TestClock) => grants(clock, life);

const valueOf = (token: Token | undefined): string | undefined => token?.value.reveal();

/** Answers when told to. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const step = (clock: TestClock): Script => {
    const grant = grants(clock);
    return async (response, seen) => {
      response.on('close', () => closed.resolve());
      arrived.resolve();
      await promise;
      await grant(response, seen);
    };
  };
  return { step, answer: resolve, arrived: arrived.promise, closed: closed.promise };
}

describe('one request, however many want it', () => {
  test('1,000 callers of token()', async () => {
    const c = await cloud(granting());
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => c.session.token()));
    expect(new Set(tokens)).toHaveLength(1);
    expect(c.server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /v3/auth/tokens']);
    expect(c.told).toEqual([{ reason: 'first', generation: 1, expiresAt: c.clock.now() + 3_600_000 }]);
  });

  test('1,000 callers of renew() after a 401', async () => {
    const c = await cloud(granting());
    const first = (await c.session.token()) as Token;
    const { signal } = new AbortController();
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => c.session.renew(first, signal)));
    expect(new Set(tokens.map(valueOf))).toEqual(new Set(['token-2']));
    expect(c.server.seen).toHaveLength(2);
    expect(c.told.map(({ reason }) => reason)).toEqual(['first', 'rejected']);
  });

  test('a late 401 to an old token does not cost the new one', async () => {
    const c = await cloud(granting());
    const first = (await c.session.token()) as Token;
    const second = await c.session.renew(first);
    expect(await c.session.renew(first)).toBe(second);
    expect(await c.session.token()).toBe(second);
    expect(c.server.seen).toHaveLength(2);
  });

  test('while a rejected token is being replaced, nobody gets it', async () => {
    const c = await cloud(granting());
    const first = (await c.session.token()) as Token;
    const renewed = c.session.renew(first);
    expect(valueOf(await c.session.token())).toBe('token-2');
    expect(valueOf(await renewed)).toBe('token-2');
    expect(c.server.seen).toHaveLength(2);
  });
});

describe('cancelling', () => {
  test('who aborts leaves alone', async () => {
    const gate = held();
    const c = await cloud(gate.step);
    const leaver = new AbortController();
    const leaving = c.session.token(leaver.signal);
    const staying = c.session.token(new AbortController().signal);
    await gate.arrived;
    const reason = new Error('no longer wanted');
    leaver.abort(reason);
    await expect(leaving).rejects.toBe(reason);
    gate.answer();
    expect(valueOf(await staying)).toBe('token-1');
    expect(c.server.seen).toHaveLength(1);
  });

  test('when the last one leaves, the request ends; the next caller starts another', async () => {
    const gate = held();
    const c = await cloud(gate.step, granting());
    const leavers = [new AbortController(), new AbortController()];
    const leaving = leavers.map(({ signal }) => c.session.token(signal));
    await gate.arrived;
    for (const leaver of leavers) leaver.abort('enough');
    for (const caller of leaving) await expect(caller).rejects.toBe('enough');
    await gate.closed;
    expect(valueOf(await c.session.token())).toBe('token-1');
    expect(c.server.seen).toHaveLength(2);
  });

  test('who is aborted already starts nothing', async () => {
    const c = await cloud(granting());
    await expect(c.session.token(AbortSignal.abort('before'))).rejects.toBe('before');
    expect(c.server.seen).toHaveLength(0);
  });

  test('a failure reaches every waiter, and the next caller tries again', async () => {
    const c = await cloud(() => reply(400, { error: { message: 'no', code: 400 } }), granting());
    const results = await Promise.allSettled([c.session.token(), c.session.token()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(c.server.seen).toHaveLength(1);
    expect(valueOf(await c.session.token())).toBe('token-1');
  });
});

describe('renewal before the end', () => {
  test('two minutes before', async () => {
    const c = await cloud(granting());
    await c.session.token();
    c.clock.advance(3_600_000 - 120_001);
    expect(valueOf(await c.session.token())).toBe('token-1');
    c.clock.advance(1);
    expect(valueOf(await c.session.token())).toBe('token-2');
    expect(c.told.map(({ reason, generation }) => `${reason} ${generation}`)).toEqual([
      'first 1',
      'renewal 2',
    ]);
  });

  test('of a short life, after half of it', async () => {
    const c = await cloud(granting(100_000));
    await c.session.token();
    c.clock.advance(49_999);
    expect(valueOf(await c.session.token())).toBe('token-1');
    c.clock.advance(1);
    expect(valueOf(await c.session.token())).toBe('token-2');
  });

  test.each([-26, 26])('with a client clock that is %d hours off: no storm, and in time', async (hours) => {
    const serverClock = new TestClock();
    await using server = await scriptedServer(grants(serverClock));
    const clock = new TestClock(serverClock.now() + hours * 3_600_000);
    const { session } = sessionFor(cloudEntry(alice(`${server.url}/v3`)), { clock });
    for (let call = 0; call < 10; call += 1) expect(valueOf(await session.token())).toBe('token-1');
    for (const each of [clock, serverClock]) each.advance(3_600_000 - 119_000);
    expect(valueOf(await session.token())).toBe('token-2');
    expect(server.seen).toHaveLength(2);
  });

  test('a Keystone that is away is no failure while the token is good, and is not asked at every call', async () => {
    const c = await cloud(
      granting(),
      () => reset,
      () => reset,
      () => reply(503),
      () => reply(503),
      granting(),
    );
    await c.session.token();
    c.clock.advance(3_600_000 - 100_000);
    expect(valueOf(await c.session.token())).toBe('token-1');
    const asked = c.server.seen.length;
    expect(valueOf(await c.session.token())).toBe('token-1');
    expect(c.server.seen).toHaveLength(asked);
    c.clock.advance(10_000);
    expect(valueOf(await c.session.token())).toBe('token-1');
    expect(c.server.seen.length).toBeGreaterThan(asked);
    c.clock.advance(100_000);
    expect((await c.session.token())?.generation).toBe(2);
  });

  test('once the token is over, it is', async () => {
    const c = await cloud(granting(), () => reset);
    await c.session.token();
    c.clock.advance(3_600_001);
    await expect(c.session.token()).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('a refusal is no outage', async () => {
    const c = await cloud(granting(), () =>
      reply(401, { error: { code: 401, message: 'requires authentication' } }),
    );
    await c.session.token();
    c.clock.advance(3_600_000 - 100_000);
    await expect(c.session.token()).rejects.toMatchObject({ code: 'auth' });
  });

  test('a token without an end is kept until it is rejected', async () => {
    const c = await cloud((clock) => grants(clock, 0, { expires_at: null }));
    const first = (await c.session.token()) as Token;
    expect(first.expiresAt).toBeUndefined();
    c.clock.advance(1e12);
    expect(await c.session.token()).toBe(first);
    expect((await c.session.renew(first)).generation).toBe(2);
  });
});

describe('a token that was handed in', () => {
  const token = new Secret('given');

  test('without a scope is used as it is, with what Keystone says of it', async () => {
    const clock = new TestClock();
    await using server = await scriptedServer(reply(200, tokenBody(clock.now())));
    const entry = cloudEntry({ auth_url: `${server.url}/v3`, token }, { auth_type: 'token' });
    const { session } = sessionFor(entry, { clock });
    const got = (await session.token()) as Token;
    expect(server.seen).toMatchObject([
      {
        method: 'GET',
        url: '/v3/auth/tokens',
        headers: { 'x-auth-token': 'given', 'x-subject-token': 'given' },
      },
    ]);
    expect(valueOf(got)).toBe('given');
    expect(got.project?.name).toBe('web');
    expect(got.catalog).toHaveLength(1);
    await expect(session.renew(got)).rejects.toMatchObject({
      code: 'auth',
      remedy: expect.stringContaining('token issue'),
    });
    clock.advance(3_600_000);
    await expect(session.token()).rejects.toMatchObject({
      code: 'auth',
      message: expect.stringContaining('expired'),
    });
    await session.revoke();
    expect(server.seen).toHaveLength(1);
  });

  test('with a scope is exchanged for one of that scope, once', async () => {
    const clock = new TestClock();
    await using server = await scriptedServer(grants(clock));
    const auth = { auth_url: `${server.url}/v3`, token, project_id: 'p1' };
    const { session } = sessionFor(cloudEntry(auth, { auth_type: 'token' }), { clock });
    const got = (await session.token()) as Token;
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      auth: { identity: { methods: ['token'], token: { id: 'given' } }, scope: { project: { id: 'p1' } } },
    });
    expect(valueOf(got)).toBe('token-1');
    clock.advance(3_600_000 - 1);
    expect(await session.token()).toBe(got);
    clock.advance(1);
    await expect(session.token()).rejects.toMatchObject({ code: 'auth' });
    expect(server.seen).toHaveLength(1);
  });

  test('without a Keystone is all there is', async () => {
    const { session } = sessionFor(cloudEntry({ token }, { auth_type: 'token' }));
    expect(await session.token()).toMatchObject({
      generation: 1,
      value: token,
      catalog: [],
      expiresAt: undefined,
    });
  });
});

test('auth_type none wants no token', async () => {
  const { session, told } = sessionFor(cloudEntry({}, { auth_type: 'none' }));
  expect(await session.token()).toBeUndefined();
  expect(told).toEqual([]);
});

describe('revoke', () => {
  test('makes a token that was obtained here worthless; the next call obtains another', async () => {
    const c = await cloud(granting(), () => reply(204, ''), granting());
    await c.session.token();
    await c.session.revoke();
    expect(c.server.seen[1]).toMatchObject({
      method: 'DELETE',
      url: '/v3/auth/tokens',
      headers: { 'x-auth-token': 'token-1', 'x-subject-token': 'token-1' },
    });
    expect((await c.session.token())?.generation).toBe(2);
  });

  test('of none does nothing; of one that is over already is no failure', async () => {
    const c = await cloud(granting(), () =>
      reply(401, { error: { code: 401, title: 'Unauthorized', message: 'no' } }),
    );
    await c.session.revoke();
    expect(c.server.seen).toHaveLength(0);
    await c.session.token();
    await expect(c.session.revoke()).resolves.toBeUndefined();
  });

  test.each([401, 404])("somebody else's %i does not say that it is over", async (status) => {
    const c = await cloud(granting(), () =>
      reply(status, '<html>no</html>', { 'content-type': 'text/html' }),
    );
    await c.session.token();
    await expect(c.session.revoke()).rejects.toBeInstanceOf(Error);
  });
});

test('no secret in a token that is printed, or in an event', async () => {
  const c = await cloud(granting());
  const events: unknown[] = [];
  for (const name of ['request', 'response', 'token'] as const)
    c.events.on(name, (event: unknown) => events.push(event));
  const token = await c.session.token();
  const printed =
    inspect(token, { depth: 9 }) +
    JSON.stringify(token) +
    JSON.stringify(events) +
    inspect(c.session, { depth: 9 });
  expect(events).toHaveLength(3);
  expect(printed).not.toContain('token-1');
  expect(printed).not.toContain('pa55');
});
