import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { Secret } from '@groundcrew/core';
import { SMTPServer } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Message, webhook } from '../../src/response.ts';
import { webhookKey, webhookSignature } from '../../src/response/webhook-signature.ts';
import { smtp } from '../../src/smtp.ts';

const message: Message = {
  channel: 'owner',
  subject: '[critical] Group web\nBcc: everybody@example.org',
  text: 'CRITICAL: ü — two halves',
  findings: [
    {
      key: 'k',
      id: 'audit.allow-all',
      severity: 'critical',
      title: 't',
      subject: { kind: 'security group', id: 'g' },
    },
  ],
  id: 'run-1/step-1',
};
const never = { signal: new AbortController().signal };
/** 24 bytes. */
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** Written anew from the specification, as a receiver would. */
const signatureOf = (id: string, timestamp: number, body: string): string =>
  `v1,${createHmac('sha256', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
const now = { now: () => 0, sleep: () => Promise.resolve() };

describe('a webhook', () => {
  async function receiver(answer: (request: IncomingMessage, response: ServerResponse, nth: number) => void) {
    const bodies: string[] = [];
    const headers: IncomingMessage['headers'][] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        bodies.push(body);
        headers.push(request.headers);
        answer(request, response, bodies.length);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/T0KEN/path`, bodies, headers };
  }

  test('posts the message once, signed', async () => {
    const { url, bodies, headers } = await receiver((_, response) => response.end('ok'));
    const clock = { now: () => 1_700_000_000_999, sleep: () => Promise.resolve() };
    await webhook({ url: new Secret(url), secret: new Secret(secret), clock }).send(message, never);
    expect(bodies).toHaveLength(1);
    expect(JSON.parse(bodies[0] ?? '')).toEqual(message);
    const id = String(headers[0]?.['webhook-id']);
    expect(id).toMatch(/^msg_[\da-f]{32}$/);
    expect(headers[0]).toMatchObject({
      'content-type': 'application/json',
      'webhook-timestamp': '1700000000',
      'webhook-signature': signatureOf(id, 1_700_000_000, bodies[0] ?? ''),
    });
  });

  test("signs as the specification's published example is signed", () => {
    const signed = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1_614_265_330,
      body: '{"test": 2432232314}',
    };
    const signature = webhookSignature(webhookKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), signed);
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('each attempt is signed at its own time, under the same id; without a secret nothing is signed', async () => {
    const { url, bodies, headers } = await receiver((_, response, nth) =>
      response.writeHead(nth === 1 ? 503 : 200).end(),
    );
    let time = 1_700_000_000_000;
    const clock = { now: () => time, sleep: (ms: number) => Promise.resolve(void (time += ms)) };
    await webhook({ url, secret, clock }).send(message, never);
    expect(headers.map((sent) => sent['webhook-timestamp'])).toEqual(['1700000000', '1700000001']);
    const id = String(headers[0]?.['webhook-id']);
    expect(headers[1]).toMatchObject({
      'webhook-id': id,
      'webhook-signature': signatureOf(id, 1_700_000_001, bodies[1] ?? ''),
    });
    await webhook({ url, clock }).send(message, never);
    expect(headers[2]).toMatchObject({ 'webhook-id': id, 'webhook-timestamp': '1700000001' });
    expect(headers[2]).not.toHaveProperty('webhook-signature');
  });

  test.each([
    'shared',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsec_A',
    'whsec_c2hvcnQ=',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!',
    `whsec_${Buffer.alloc(65).toString('base64')}`,
  ])('no secret of Standard Webhooks is refused, and not shown: %s', (wrong) => {
    const refused = (): unknown => webhook({ url: 'https://pager.example', secret: wrong });
    expect(refused).toThrow(expect.objectContaining({ name: 'InputError', field: 'secret' }));
    expect(refused).not.toThrow(wrong);
  });

  test('tries again what may pass, with the same id; gives up in time', async () => {
    const { url, bodies } = await receiver((request, response, nth) => {
      if (nth === 1) request.socket.destroy();
      else response.writeHead(nth === 2 ? 503 : 200).end();
    });
    await webhook({ url, clock: now }).send(message, never);
    expect(bodies.map((entry) => (JSON.parse(entry) as Message).id)).toEqual([
      'run-1/step-1',
      'run-1/step-1',
      'run-1/step-1',
    ]);
    const down = await receiver((_, response) => response.writeHead(500).end());
    await expect(
      webhook({ url: down.url, attempts: 2, clock: now }).send(message, never),
    ).rejects.toMatchObject({ status: 500 });
    expect(down.bodies).toHaveLength(2);
  });

  test.each([400, 401, 404])('%i is final, and its error does not show the path', async (status) => {
    const { url, bodies } = await receiver((_, response) => response.writeHead(status).end());
    const error: unknown = await webhook({ url, clock: now })
      .send(message, never)
      .catch((caught: unknown) => caught);
    expect(bodies).toHaveLength(1);
    expect(error).toMatchObject({ name: 'WebhookError', status });
    expect(inspect(error)).not.toContain('T0KEN');
  });

  test('a redirect is not followed: it would take the message elsewhere', async () => {
    const { url } = await receiver((_, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    );
    await expect(webhook({ url, attempts: 1, clock: now }).send(message, never)).rejects.toThrow(
      /could not be told/,
    );
  });

  test('one that does not answer ends at its time, or at the signal', async () => {
    const { url } = await receiver(() => undefined);
    await expect(webhook({ url, timeout: 50, attempts: 1, clock: now }).send(message, never)).rejects.toThrow(
      /could not be told/,
    );
    const stop = new AbortController();
    const sending = webhook({ url, clock: now }).send(message, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(sending).rejects.toThrow('enough');
  });

  test('what is no URL of the web is refused', () => {
    expect(() => webhook({ url: 'file:///etc/passwd' })).toThrow(/is no http/);
    expect(() => webhook({ url: 'nowhere' })).toThrow(/url: is no URL/);
  });
});

describe('mail', () => {
  async function mailServer(options: ConstructorParameters<typeof SMTPServer>[0] = {}) {
    const letters: { readonly from: string; readonly to: string[]; readonly text: string }[] = [];
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData(stream, session, done) {
        let text = '';
        stream.on('data', (chunk) => (text += String(chunk)));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          letters.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            text,
          });
          done();
        });
      },
      ...options,
    });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const { port } = server.server.address() as AddressInfo;
    return { port, letters };
  }
  const to = {
    host: '127.0.0.1',
    from: 'audit@example.org',
    to: ['owner@example.org', 'president@example.org'],
  };

  test('arrives at all, as text, and its subject begins no other header', async () => {
    const { port, letters } = await mailServer();
    await smtp({ ...to, port, tls: 'never' }).send(message, never);
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({
      from: 'audit@example.org',
      to: ['owner@example.org', 'president@example.org'],
    });
    const text = letters[0]?.text ?? '';
    expect(text).toMatch(/^Subject: \[critical\] Group web Bcc: everybody@example\.org\r$/m);
    expect(text).not.toMatch(/^Bcc:/m);
    expect(text).toMatch(/^Message-ID: <run-1-step-1@groundcrew>\r$/m);
  });

  test('without TLS nothing is sent unless that is what one said', async () => {
    const { port, letters } = await mailServer();
    await expect(smtp({ ...to, port }).send(message, never)).rejects.toThrow(/TLS/i);
    expect(letters).toEqual([]);
  });

  test('a server that refuses one of them: an error', async () => {
    const { port } = await mailServer({
      onRcptTo: ({ address }, _, done) =>
        done(address.startsWith('president') ? new Error('no such user') : null),
    });
    await expect(smtp({ ...to, port, tls: 'never' }).send(message, never)).rejects.toThrow(
      /not for 1 of its receivers/,
    );
  });

  test('a password that is refused: an error that does not show it', async () => {
    const { port } = await mailServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_, __, done) => done(new Error('wrong')),
    });
    const error: unknown = await smtp({
      ...to,
      port,
      tls: 'never',
      auth: { user: 'u', password: new Secret('hunter2') },
    })
      .send(message, never)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error)).not.toContain('hunter2');
  });
});
