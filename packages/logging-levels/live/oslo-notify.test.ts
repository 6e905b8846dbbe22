import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Secret } from '@groundcrew/core';
import { ensureLab } from '@groundcrew/lab';
import { rabbitSource } from '@groundcrew/monitoring/events';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorNotifications, type ErrorRecord } from '../src/follow.ts';

// Real oslo.messaging sends through the lab's RabbitMQ, and we read: every field comes back, whatever the message holds.
const topic = `groundcrew-errors-${process.pid}`;
let url = '';
let python: ChildProcessWithoutNullStreams;
let answers: AsyncIterator<string>;

beforeAll(async () => {
  url = await (await ensureLab({})).bus();
  python = spawn('/usr/bin/python3', [new URL('oslo-notify.py', import.meta.url).pathname]);
  python.stderr.pipe(process.stderr);
  answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  python.stdin.write(`${JSON.stringify({ url, topic })}\n`);
}, 900_000);
afterAll(async () => {
  const ended = once(python, 'exit');
  python.stdin.end();
  await ended;
});

interface Sent {
  readonly how: 'logged' | 'published' | 'notified';
  readonly name: string;
  readonly message: string;
  readonly exception: string | null;
  readonly context: Readonly<Record<string, string>>;
}

/** Text without what is masked or escaped, so that it comes back as it was; with all that Python quotes. */
const someText = fc
  .array(
    fc.constantFrom(
      ...Array.from('ab éß€%s\'"\\()[]{}:;,.😀'),
      '\n',
      'Traceback (most recent call last):',
      '%(x)s',
    ),
    { maxLength: 30 },
  )
  .map((parts) => `m${parts.join('')}m`);
const anId = fc.uuid().map((id) => `req-${id}`);
const sent: fc.Arbitrary<Sent> = fc.record({
  how: fc.constantFrom('logged', 'published', 'notified'),
  name: fc.constantFrom('nova.compute.manager', 'oslo_messaging._drivers.impl_rabbit', 'root'),
  message: someText,
  exception: fc.option(someText),
  context: fc.record({
    request_id: anId,
    global_request_id: anId,
    user_id: fc.uuid(),
    project_id: fc.uuid(),
  }),
});

/** What is to come of it. */
function expected({ how, name, message, exception, context }: Sent): object {
  const text = {
    logged: exception === null ? message : `${message}: ValueError: ${exception}`,
    published: message,
    notified: `ValueError: ${exception}`,
  }[how];
  const [first, ...more] = text.split('\n');
  const common = { level: 'error', message: first, more, format: 'notification' };
  if (how === 'published') return { ...common, logger: 'error.publisher', requestId: undefined };
  if (how === 'logged')
    return {
      ...common,
      logger: name,
      pid: String(python.pid),
      host: 'compute-9',
      source: 'nova-compute:compute-9',
    };
  return {
    ...common,
    logger: 'compute',
    host: 'compute-9',
    requestId: context['request_id'],
    globalRequestId: context['global_request_id'],
    userId: context['user_id'],
    projectId: context['project_id'],
  };
}

test('what is logged, published and notified comes back, field by field', async () => {
  const all = fc
    .sample(sent, { numRuns: 200, seed: 7 })
    .map((one) => (one.how === 'notified' ? { ...one, exception: one.exception ?? 'x' } : one));
  for (const one of all) {
    python.stdin.write(`${JSON.stringify(one)}\n`);
    await answers.next();
  }
  const stop = new AbortController();
  const source = rabbitSource({ url: new Secret(url), queue: `${topic}.error` });
  const errors = errorNotifications(source, { signal: stop.signal });
  const records: ErrorRecord[] = [];
  for await (const record of errors) {
    records.push(record);
    if (records.length === all.length) stop.abort();
  }
  expect(errors.gaps()).toEqual([]);
  expect(records).toHaveLength(all.length);
  for (const [index, one] of all.entries()) {
    expect(records[index], JSON.stringify(one)).toMatchObject(expected(one));
    expect(Date.parse(records[index]?.at ?? '')).toBeGreaterThan(Date.now() - 600_000);
  }
}, 300_000);
