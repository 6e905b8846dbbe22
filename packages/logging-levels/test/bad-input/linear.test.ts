// No text takes more than linear time, whatever is in it: the worst inputs for each regular expression of this package, at one length and
// at four times that length. What is quadratic takes sixteen times as long.
import { describe, expect, test } from 'vitest';
import { Judge, type LogRecord, osloFormat, RecordReader, template } from '../../src/index.ts';
import { relevel } from '../../src/relevel.ts';
import { noiseOf, noiseText, Templates } from '../../src/templates.ts';
import { saidBetween, timelineOf, timelineText } from '../../src/timeline.ts';

const REQUEST = 'req-662a1c85-82ae-4a35-bc39-7bcbd8992085';
const HEAD = '2026-11-30 03:12:00.264 7';

/** Parts that are repeated: each is the beginning of something that a pattern looks for, and not its end. */
const PARTS: readonly string[] = [
  'a',
  ' ',
  'a ',
  'a.',
  'a.b: ',
  ': a.b.c',
  'NotFound',
  'NotFoundx ',
  'Not_',
  'someclient',
  'keystoneauth',
  'req-',
  'req-662a1c85 ',
  '[',
  '] [',
  '[instance: ',
  'Traceback ',
  'Exception: ',
  'x.Error',
  ': x.y.ZError',
  '" status: 200 len: 1',
  ' returned with HTTP ',
  ' used request id ',
  'GET call to a for ',
  '= a.b',
  '    token=',
  ':    ',
  '"level" ',
  '{"level"',
  '/etc/a',
  '-----BEGIN PRIVATE KEY-----',
  'PRIVATE KEY-----  ',
  '(HTTP/1.1 20',
  '\u001B[',
  '\u001B];#',
  ';#',
  '\u001B[0;',
  '%3D',
  '&quot;',
  "('password', ",
  '\\',
  '"',
  "'",
  '<*>',
  '=',
  '\u2028',
  'é',
  '\0',
];

/** What stands before the parts: the heads by which a line is told to be of a format. */
const BEGINNINGS: readonly string[] = [
  '',
  `${HEAD} ERROR nova.api [None ${REQUEST} - - - - -] `,
  `${HEAD} WARNING keystonemiddleware.auth_token [-] `,
  `${HEAD} INFO nova.api.openstack.requestlog [None ${REQUEST} - -] 127.0.0.1 "GET /`,
  `${HEAD} ERROR nova.api [None `,
  '2026-11-30 03:12:00.917206+00:00 [info] <0.223.0> ',
  '[pid: 7|app: 0|req: 1/1] 10.0.0.7 () {30 vars} [Mon Nov 30 03:12:00 2026] ',
  '10.0.0.7 - - [30/Nov/2026:03:12:00 +0000] "',
  '\u001B]',
  '{"levelname": "ERROR", "x": "',
  'REQ: curl -g -i --cacert "',
];

const format = osloFormat({
  context:
    '%(asctime)s %(process)5d %(levelname)-8s %(name)s [%(request_id)s %(user_identity)s] %(instance)s%(message)s',
});

/** Everything that looks at the text of a line. */
async function look(line: string): Promise<void> {
  const reader = new RecordReader();
  const others = [reader.feed(line), reader.feed(`${HEAD} ERROR nova.api ${line}`), reader.end()];
  const own = new RecordReader(undefined, format);
  own.feed(line);
  const base: LogRecord = {
    at: '2026-11-30 03:12:00.264',
    pid: '7',
    level: 'error',
    logger: 'nova.api.openstack.wsgi',
    requestId: REQUEST,
    globalRequestId: undefined,
    message: line,
    more: ['Traceback (most recent call last):', '  File "/x.py", line 1, in f', `    ${line}`, line],
    line: 1,
  };
  const records = [
    ...others.filter((record) => record !== undefined),
    base,
    { ...base, level: 'warning' as const, logger: 'keystoneauth.session' },
    { ...base, level: 'info' as const, more: [] },
  ];
  const judge = new Judge();
  const templates = new Templates();
  for (const record of records) {
    judge.judge(record);
    relevel(record);
    template(record.message);
    templates.add(record);
  }
  noiseText(noiseOf(templates));
  const sources = [{ service: 'nova', records }];
  timelineText(await timelineOf(REQUEST, { sources }));
  await saidBetween(sources, { from: '2026-11-30T03:00:00Z', to: '2026-11-30T04:00:00Z', level: 'trace' });
}

async function taken(line: string): Promise<number> {
  const start = process.cpuUsage().user;
  await look(line);
  return process.cpuUsage().user - start;
}

const LENGTH = 8_000;

/** A fifth of a second is for the steps of the clock, and what is compiled meanwhile. */
const mostOf = (small: number): number => 10 * small + 200_000;

describe.each(BEGINNINGS)('behind %j', (beginning) => {
  test.each(PARTS)('%j', async (part) => {
    const line = (length: number): string => beginning + part.repeat(Math.ceil(length / part.length));
    let small = await taken(line(LENGTH));
    let large = await taken(line(4 * LENGTH));
    // Whatever else the machine does only adds to it: the least of several counts.
    for (let turn = 0; turn < 3 && large >= mostOf(small); turn += 1) {
      small = Math.min(small, await taken(line(LENGTH)));
      large = Math.min(large, await taken(line(4 * LENGTH)));
    }
    expect(large).toBeLessThan(mostOf(small));
  });
});
