import { expect, test } from 'vitest';
import { osloFormat, type OsloFormatOptions } from '../../src/index.ts';

const REQUEST = 'req-6f3a1c9e-0d3b-4f58-9a27-2f9f1a2b3c4d';

test('oslo.log’s own formats: with a request, without one, a line of a traceback', () => {
  const { parse } = osloFormat();
  expect(
    parse(
      `2026-11-23 03:13:00.264 10924 INFO nova.compute.manager [None ${REQUEST} u p - - default default] [instance: 6f3a1c9e-0d3b-4f58-9a27-2f9f1a2b3c4d] Took 1.2 s [x] done`,
    ),
  ).toEqual({
    isTraceback: false,
    fields: {
      asctime: '2026-11-23 03:13:00',
      msecs: '264',
      process: '10924',
      levelname: 'INFO',
      name: 'nova.compute.manager',
      global_request_id: 'None',
      request_id: REQUEST,
      user: 'u',
      project: 'p',
      domain: '-',
      system_scope: '-',
      user_domain: 'default',
      project_domain: 'default',
      instance: '[instance: 6f3a1c9e-0d3b-4f58-9a27-2f9f1a2b3c4d] ',
    },
    message: 'Took 1.2 s [x] done',
  });
  expect(parse('2026-11-23 03:13:00.264 10924 WARNING py.warnings [-] a [req-1] b')).toMatchObject({
    isTraceback: false,
    message: 'a [req-1] b',
  });
  expect(
    parse('2026-11-23 03:13:00.264 10924 ERROR nova.api Traceback (most recent call last):'),
  ).toMatchObject({
    isTraceback: true,
    message: 'Traceback (most recent call last):',
  });
  expect(parse('  File "x.py", line 1, in f')).toBeUndefined();
  expect(parse('[parameters: {}]')).toBeUndefined();
});

// Formats that other people's public configurations have.
test.each<[string, OsloFormatOptions, string, Record<string, string>]>([
  [
    'devstack under systemd: coloured, without a time',
    {
      context:
        '%(color)s%(levelname)s %(name)s [%(global_request_id)s %(request_id)s %(project_name)s %(user_name)s%(color)s] %(instance)s%(color)s%(message)s',
    },
    `\u001B[00;36mINFO nova.api [None ${REQUEST} demo admin\u001B[00;36m] \u001B[00;36mdone`,
    { levelname: 'INFO', request_id: REQUEST, project_name: 'demo', user_name: 'admin' },
  ],
  [
    'an older devstack: colours in the format itself, behind the message, too',
    {
      context:
        '%(asctime)s.%(msecs)03d %(color)s%(levelname)s %(name)s [\u001B[01;36m%(request_id)s \u001B[00;36m%(project_name)s %(user_name)s%(color)s] \u001B[01;35m%(instance)s%(color)s%(message)s\u001B[00m',
    },
    `2018-04-17 07:13:00.264 \u001B[00;32mDEBUG masakari.api [\u001B[01;36m${REQUEST} \u001B[00;36mdemo admin\u001B[00;32m] \u001B[01;35m\u001B[00;32mdone\u001B[00m`,
    { msecs: '264', request_id: REQUEST, user_name: 'admin' },
  ],
  [
    'a global id with a letter before it, and a resource before the instance',
    {
      context:
        '%(asctime)s %(process)d %(levelname)s %(name)s [%(request_id)s g%(global_request_id)s %(user_identity)s] %(resource)s%(instance)s%(message)s',
    },
    `2026-11-23 03:13:00 7 INFO cinder.volume [${REQUEST} g${REQUEST} u p - - d d] [volume-6f3a] done`,
    { request_id: REQUEST, global_request_id: REQUEST, resource: '[volume-6f3a] ', user: 'u' },
  ],
  [
    'neither a time nor a date: the collector has them',
    {
      context:
        '%(process)d %(levelname)s %(name)s [%(request_id)s %(user_identity)s] %(instance)s%(message)s',
      withoutContext: '%(process)d %(levelname)s %(name)s [-] %(instance)s%(message)s',
      exceptionPrefix: '%(process)d ERROR %(name)s %(instance)s',
    },
    '7 ERROR nova.compute ValueError: x',
    { process: '7', name: 'nova.compute' },
  ],
  [
    'a word of its own first, a tenant',
    {
      context:
        'sysinv %(asctime)s.%(msecs)03d %(process)d %(levelname)s %(name)s [%(request_id)s %(user)s %(tenant)s] %(instance)s%(message)s',
    },
    `sysinv 2020-01-02 03:04:05.006 7 INFO sysinv.api [${REQUEST} - -] done`,
    { tenant: '-', name: 'sysinv.api' },
  ],
  [
    'a traceback at TRACE, as up to Kilo',
    { exceptionPrefix: '%(color)s%(asctime)s TRACE %(name)s %(instance)s' },
    '2014-01-02 03:04:05 TRACE nova.api Traceback (most recent call last):',
    { name: 'nova.api' },
  ],
  [
    'a level of a fixed width, a date of another order',
    {
      context: '%(asctime)s %(levelname)-8s [%(name)s] [%(request_id)s %(user_identity)s] %(message)s',
      userIdentity: '%(user)s %(tenant)s %(domain)s %(user_domain)s %(project_domain)s',
      date: '%d/%m/%Y %H:%M:%S',
    },
    `23/11/2026 03:13:00 INFO     [keystone.common.wsgi] [${REQUEST} u t - d d] GET /v3/`,
    { levelname: 'INFO', name: 'keystone.common.wsgi', tenant: 't' },
  ],
  [
    'percent signs',
    { context: '100%% %(levelname)s %(request_id)s: %(message)s' },
    '100% ERROR req-1: 50 % of it: failed',
    { request_id: 'req-1' },
  ],
])('%s', (_, options, line, fields) => {
  expect(osloFormat(options).parse(line)?.fields).toMatchObject(fields);
});

test.each<[OsloFormatOptions, RegExp]>([
  [{ context: '%(levelname)s %(message)s [%(request_id)s]' }, /context: the message is not its last field/],
  [
    { context: '%(request_id)s%(user)s %(message)s' },
    /nothing stands between %\(request_id\)s and %\(user\)s/,
  ],
  [{ context: '%(name)s.%(funcName)s %(message)s' }, /%\(name\)s may hold the "\." that stands behind it/],
  // A template's line break in the middle of a field; Python refuses it, too.
  [{ context: '%(levelname)s %     (user_identity)s %(message)s' }, /context: at 15 it has no conversion/],
  [{ date: '%c' }, /date: %c is not read/],
  [{ instance: '%(uuid)s ' }, /an instance does not begin with a text of its own/],
])('%j is refused, with the reason', (options, why) => {
  expect(() => osloFormat(options)).toThrow(why);
});

test('a line of a megabyte is read once', () => {
  const { parse } = osloFormat();
  const began = process.cpuUsage();
  for (const filler of ['[', ' ', '- ', '[instance: ', 'a.'])
    parse(`2026-11-23 03:13:00.264 10924 INFO nova [${filler.repeat(500_000)}`);
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(5_000);
});
