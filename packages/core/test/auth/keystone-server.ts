import { EventEmitter } from 'eventemitter3';
import { Session, type SessionOptions } from '../../src/auth/session.ts';
import type { AuthEntry, CloudEntry } from '../../src/config/cloud-entry.ts';
import type { CloudEvents, TokenEvent } from '../../src/telemetry/events.ts';
import { createExchange } from '../../src/wire/retry.ts';
import { Secret } from '@groundcrew/ground';
import { createSend } from '../../src/wire/transport.ts';
import type { Script } from '../scripted-server.ts';
import { TestClock } from '../test-clock.ts';

export const cloudEntry = (auth: AuthEntry, parts: Partial<CloudEntry> = {}): CloudEntry => ({
  name: 'test',
  auth_type: 'password',
  auth,
  region_name: undefined,
  interface: 'public',
  verify: true,
  cacert: undefined,
  cert: undefined,
  key: undefined,
  proxy: undefined,
  no_proxy: undefined,
  api_timeout: undefined,
  endpoint_override: {},
  default_microversion: {},
  ...parts,
});

/** Alice with a password, in her project. */
export const alice = (auth_url: string): AuthEntry => ({
  auth_url,
  username: 'alice',
  user_domain_id: 'default',
  password: new Secret('pa55'),
  project_name: 'web',
  project_domain_id: 'default',
});

/** A session on the real wire with a clock that the test moves. */
export function sessionFor(entry: CloudEntry, parts: Partial<SessionOptions> = {}) {
  const clock = new TestClock();
  const events = new EventEmitter<CloudEvents>();
  const told: TokenEvent[] = [];
  events.on('token', (event) => told.push(event));
  const limits = { timeout: 5_000, deadline: 60_000, retries: 1, maxBody: 1024 * 1024 };
  const exchange = createExchange({ send: createSend(), clock, random: () => 1, events, ...limits });
  const session = new Session({ entry, exchange, clock, events, timeout: 5_000, ...parts });
  return { session, clock, exchange, events, told };
}

/** Answers as Keystone does to a token request: `token-1`, `token-2`, … */
export function grants(clock: TestClock, life = 3_600_000, body: object = {}): Script {
  let count = 0;
  return (response) => {
    count += 1;
    const now = clock.now();
    response.writeHead(201, {
      'content-type': 'application/json',
      'x-subject-token': `token-${count}`,
      date: new Date(now).toUTCString(),
    });
    response.end(JSON.stringify(tokenBody(now, life, body)));
  };
}

export const tokenBody = (now: number, life = 3_600_000, body: object = {}): object => ({
  token: {
    methods: ['password'],
    user: { id: 'u1', name: 'alice', domain: { id: 'default', name: 'Default' }, password_expires_at: null },
    project: { id: 'p1', name: 'web', domain: { id: 'default', name: 'Default' } },
    is_domain: false,
    roles: [{ id: 'r1', name: 'member' }],
    audit_ids: ['a1'],
    issued_at: new Date(now).toISOString(),
    expires_at: new Date(now + life).toISOString(),
    catalog: [
      {
        id: 's1',
        type: 'compute',
        name: 'nova',
        endpoints: [{ id: 'e1', interface: 'public', region_id: 'one', url: 'http://n/v2.1' }],
      },
    ],
    ...body,
  },
});
