import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogRecord, RecordReader } from '../src/index.ts';

function read(text: string): { records: LogRecord[]; strays: number } {
  const reader = new RecordReader();
  const records = text.split('\n').map((line) => reader.feed(line));
  records.push(reader.end());
  return { records: records.filter((record) => record !== undefined), strays: reader.strays };
}

const ID = '662a1c85-82ae-4a35-bc39-7bcbd8992085';

test('a line of oslo.log since 4.8, with the global request id first', () => {
  const { records } = read(
    `2026-11-23 03:13:00.264 10924 INFO cinder.rpc [None req-${ID} - - - - - -] Selected version 1.39.`,
  );
  expect(records).toMatchObject([
    {
      at: '2026-11-23 03:13:00.264',
      pid: '10924',
      level: 'info',
      logger: 'cinder.rpc',
      requestId: `req-${ID}`,
      globalRequestId: undefined,
      message: 'Selected version 1.39.',
    },
  ]);
});

test('of two ids the first is the global one, and the second the request’s own', () => {
  const other = `req-${ID.replaceAll('6', 'f')}`;
  const of = (context: string) =>
    read(`2026-11-23 03:13:00.264 1 INFO nova.x [${context}] said`).records.map(
      ({ globalRequestId, requestId }) => [globalRequestId, requestId],
    );
  expect(of(`${other} req-${ID} u p - - d d`)).toEqual([[other, `req-${ID}`]]);
  expect(of(`req-${ID} u p - d d`)).toEqual([[undefined, `req-${ID}`]]);
  expect(of('-')).toEqual([[undefined, undefined]]);
});

test('an exception without a traceback belongs to its message, also where that is critical', () => {
  // The lab's nova-api, as uWSGI could not write to a client that was gone. lnav 0.11.1 has one message as well.
  const head = '2026-11-29 22:36:37.050 19032';
  const { records } = read(
    [
      `${head} CRITICAL nova [None req-${ID} u p - - default default] Unhandled error: OSError: write error`,
      `${head} ERROR nova OSError: write error`,
      `${head} ERROR nova `,
      `${head} INFO nova.x [-] goes on`,
    ].join('\n'),
  );
  expect(records.map(({ level, message, more }) => [level, message, more])).toEqual([
    ['critical', 'Unhandled error: OSError: write error', ['OSError: write error', '']],
    ['info', 'goes on', []],
  ]);
});

test('a line without context, one without a pid, one with CRLF and colours', () => {
  const { records } = read(
    `2026-11-23 03:13:05.315 11032 INFO os_vif [-] Loaded\n2017-05-16 00:00:00.008 WARNING nova.compute [req-${ID} - -] Late\r\n2026-11-23 03:12:42.759 1 INFO x [-] Done\u001B[00m`,
  );
  expect(records.map((record) => [record.level, record.message])).toEqual([
    ['info', 'Loaded'],
    ['warning', 'Late'],
    ['info', 'Done'],
  ]);
});

test('a traceback whose lines repeat the head belongs to its message', () => {
  const head = '2026-11-23 03:37:18.910 10785 ERROR keystone.server';
  const { records } = read(
    [
      `${head} [None req-${ID} - -] Failed`,
      `${head} Traceback (most recent call last):`,
      `${head}   File "x.py"`,
      `${head} ValueError: x`,
    ].join('\n'),
  );
  expect(records).toHaveLength(1);
  expect(records[0]?.more).toEqual(['Traceback (most recent call last):', '  File "x.py"', 'ValueError: x']);
});

test('a message of several lines, and lines before the first message', () => {
  const { records, strays } = read(
    'lost\n2026-11-23 03:13:00.718 1 WARNING oslo_config.cfg [-] Deprecated: Option (\nreason\n).',
  );
  expect(strays).toBe(1);
  expect(records[0]?.more).toEqual(['reason', ').']);
});

test('what uWSGI says of itself in the middle of a warning of Python is no part of it', () => {
  // As cinder-api.out of 2026.1 has it on the lab: two processes write into one file.
  const warning =
    '/usr/lib/python3/dist-packages/cinder/objects/service.py:238: DeprecationWarning: Passing item_cls is deprecated.';
  const { records, strays } = read(
    [
      warning,
      '  return base.obj_make_list(context, cls(context), objects.Service,',
      "WSGI app 0 (mountpoint='') ready in 45 seconds on interpreter 0x7f076f639900 pid: 5449 (default app)",
      'spawned uWSGI worker 2 (pid: 5449, cores: 1)',
      'DAMN ! worker 1 (pid: 5448) died :( trying respawn ...',
      'Respawned uWSGI worker 1 (new pid: 5500)',
    ].join('\n'),
  );
  expect(records.map(({ message, more }) => [message, more.length])).toEqual([[warning, 1]]);
  expect(strays).toBe(4);
});

test("oslo.log's JSON", () => {
  const line = JSON.stringify({
    asctime: '2026-11-23 03:13:00',
    process: 7,
    levelname: 'ERROR',
    name: 'nova.api',
    message: 'boom',
    traceback: 'Traceback\nValueError',
    context: { request_id: 'req-1' },
  });
  expect(read(line).records).toMatchObject([
    { level: 'error', pid: '7', requestId: 'req-1', more: ['Traceback', 'ValueError'] },
  ]);
});

test('whatever it is fed, it neither throws nor loses a line', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (lines) => {
      const clean = lines.map((line) => line.replaceAll('\n', ''));
      const { records, strays } = read(clean.join('\n'));
      const held = records.reduce((sum, record) => sum + 1 + record.more.length, 0);
      expect(held + strays).toBeLessThanOrEqual(Math.max(1, clean.length));
    }),
  );
});
