import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { isGroundcrewError } from '@groundcrew/core';
import { finding, type Finding } from '@groundcrew/runbook';
import { SMTPServer } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ComplianceReport, evaluate, toComplianceHtml, toJUnit, toSarif } from '../../src/policy.ts';
import {
  decideResponses,
  type Message,
  notify,
  planResponses,
  responsePolicy,
  webhook,
} from '../../src/response.ts';
import { smtp } from '../../src/smtp.ts';
import { NOW } from '../policy/seen.ts';

const never = { signal: new AbortController().signal };
const now = { now: () => 0, sleep: () => Promise.resolve() };
const message: Message = { channel: 'c', subject: 's', text: 't', findings: [], id: 'i' };

// ManageIQ/manageiq-providers-openstack issue 174, cloudfoundry/bosh-openstack-cpi-release pull request 351: credentials in logs and
// errors. kubernetes/kubernetes issue 101695 (CVE-2021-25743): control characters in what a tool prints.
/** All that an error shows, by whatever way it is printed. */
const printed = (error: unknown): string =>
  [
    inspect(error, { depth: 10, showHidden: true }),
    JSON.stringify(error),
    String(error),
    error instanceof Error ? `${error.stack} ${inspect(error.cause, { showHidden: true })}` : '',
  ].join('\n');

describe('the URL of a webhook is in no error', () => {
  // Chat services put the token into the path; proxies want userinfo. Node's own errors quote both.
  test.each([
    'https://user:CANARY@hooks.example:port/',
    'hooks.example/services/CANARY',
    'ftp://user:CANARY@hooks.example/',
    'https://us%ZZer:CANARY@hooks.example/',
    'https://exa mple/CANARY',
  ])('%s', (url) => {
    let caught: unknown;
    try {
      webhook({ url });
    } catch (error) {
      caught = error;
    }
    expect(isGroundcrewError(caught)).toBe(true);
    expect(caught).toMatchObject({ field: 'url' });
    expect(printed(caught)).not.toContain('CANARY');
  });

  test('userinfo is sent as what it is, and an error does not tell it', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(403).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const hook = webhook({ url: `http://ada:CAN%40RY@127.0.0.1:${port}/CANARY`, clock: now });
    const error: unknown = await hook.send(message, never).catch((caught: unknown) => caught);
    expect(seen).toEqual([`Basic ${Buffer.from('ada:CAN@RY').toString('base64')}`]);
    expect(error).toMatchObject({ code: 'webhook', status: 403 });
    expect(printed(error)).not.toMatch(/CANARY|CAN@RY|CAN%40RY/);
  });

  test('one that cannot be reached', async () => {
    const error: unknown = await webhook({
      url: 'http://ada:CANARY@127.0.0.1:1/CANARY',
      attempts: 1,
      clock: now,
    })
      .send(message, never)
      .catch((caught: unknown) => caught);
    expect(isGroundcrewError(error)).toBe(true);
    expect(printed(error)).not.toContain('CANARY');
  });
});

describe('options of channels that cannot be meant', () => {
  const url = 'https://hooks.example/';
  test.each<readonly [string, object]>([
    ['timeout', { url, timeout: -1 }],
    ['timeout', { url, timeout: Number.NaN }],
    ['timeout', { url, timeout: Number.POSITIVE_INFINITY }],
    ['attempts', { url, attempts: 0 }],
    ['attempts', { url, attempts: 1.5 }],
    ['retries', { url, retries: 3 }],
    ['name', { url, name: ' ' }],
  ])('webhook: %s %j', (field, options) => {
    expect(() => webhook(options as never)).toThrow(expect.objectContaining({ name: 'InputError', field }));
  });

  const mail = { host: 'mx.example', from: 'a@example.org', to: 'b@example.org' };
  test.each<readonly [string, object]>([
    ['to', { ...mail, to: 'b@example.org\r\nBcc: all@example.org' }],
    ['to', { ...mail, to: ['b@example.org\nBcc: all@example.org'] }],
    ['from', { ...mail, from: 'a@example.org\r\nX-Evil: 1' }],
    ['port', { ...mail, port: 70_000 }],
    ['tls', { ...mail, tls: 'starttls' }],
    ['timeout', { ...mail, timeout: 0 }],
    ['auth.pass', { ...mail, auth: { user: 'u', password: 'CANARY', pass: 'CANARY' } }],
  ])('mail: %s', (field, options) => {
    let caught: unknown;
    try {
      smtp(options as never);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ name: 'InputError' });
    expect((caught as { field: string }).field.startsWith(field)).toBe(true);
    expect(printed(caught)).not.toContain('CANARY');
  });
});

/** A finding about things that other people named. */
const foreign: Finding = finding({
  id: 'audit.test',
  verdict: 'fail',
  severity: 'high',
  title: 'Server \u001B[2J\u202Etxt of mysql://nova:CANARY@db/nova',
  subject: { kind: 'server', id: 's\u0000', name: '\u001B]0;owned\u0007' },
  because: [
    { statement: 'admin_password = CANARY\nX-Auth-Token: CANARY', source: 'amqp://u:CANARY@mq' },
    { statement: '=cmd|calc \uD800', source: 'test' },
  ],
  remedy: 'Look at https://u:CANARY@example/',
});

const report = (): ComplianceReport =>
  evaluate([], { scope: 'all \u001B[31m' }, { now: NOW, found: [foreign], exemptions: [] });
const ACTING = /(?![\t\n])\p{Cc}|[\u202A-\u202E\u2066-\u2069\uFEFF]/u;

describe('what leaves has neither secrets nor characters that act', () => {
  test('the report as data has no secrets', () => {
    expect(JSON.stringify(report())).not.toContain('CANARY');
  });
  test.each<readonly [string, (made: ComplianceReport) => string]>([
    ['HTML', toComplianceHtml],
    ['JUnit', toJUnit],
    ['SARIF', (made) => JSON.stringify(toSarif(made), null, 1).replaceAll(/\\[nt]/g, ' ')],
  ])('%s, whoever made the report', (_, output) => {
    const text = output({ ...report(), findings: [foreign] });
    expect(text).toContain('x1b');
    expect(text).not.toContain('CANARY');
    expect(text).not.toMatch(ACTING);
    expect(text.isWellFormed()).toBe(true);
  });

  test('what people and channels are told', () => {
    const policy = responsePolicy({ mode: 'enforce', rules: [{ finding: '*', do: [notify('owner')] }] });
    const planned = planResponses(decideResponses([foreign], policy, [], 0), policy, {
      revisionOf: () => undefined,
    });
    const text = JSON.stringify(planned);
    expect(text).toContain('x1b');
    expect(text).not.toContain('CANARY');
    expect(JSON.parse(text)).toEqual(planned);
    expect(Object.values(planned.ok ? (planned.plan.steps[0]?.input ?? {}) : {}).join('\n')).not.toMatch(
      ACTING,
    );
  });

  test('mail: no header of somebody else’s, and no secret in it', async () => {
    const mails: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _, done) {
        let text = '';
        stream.on('data', (chunk) => (text += String(chunk)));
        stream.on('end', () => {
          mails.push(text);
          done();
        });
      },
    });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    onTestFinished(() => server.close());
    const { port } = server.server.address() as AddressInfo;
    await smtp({
      host: '127.0.0.1',
      port,
      tls: 'never',
      from: 'audit@example.org',
      to: 'owner@example.org',
    }).send(
      { ...message, subject: 'web\r\nBcc: all@example.org\u001B[2J', text: 'password = CANARY \u001B[2J' },
      never,
    );
    const [mail = ''] = mails;
    expect(mail).not.toMatch(/^Bcc:/im);
    expect(mail).not.toContain('CANARY');
    expect(mail.replaceAll('\r\n', '\n')).not.toMatch(ACTING);
  });

  test('mail that is refused: the error is of the family, and quotes no secret', async () => {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onMailFrom: (_, __, done) => done(new Error('550 password=CANARY')),
    });
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    onTestFinished(() => server.close());
    const { port } = server.server.address() as AddressInfo;
    const error: unknown = await smtp({
      host: '127.0.0.1',
      port,
      tls: 'never',
      from: 'audit@example.org',
      to: 'owner@example.org',
    })
      .send(message, never)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'smtp' });
    expect(printed(error)).not.toContain('CANARY');
  });
});
