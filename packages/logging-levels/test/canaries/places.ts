import type { Canary } from './canary.ts';

/** Where in a log a secret stands. */
export interface Place {
  readonly what: string;
  /** Whether a canary can stand there: a context ends with its bracket, a line with its feed. */
  readonly takes: (canary: Canary) => boolean;
  readonly lines: (text: string, number: number) => readonly string[];
  /** Whether a report tells the lines of one file apart, by their loggers. */
  readonly hasLoggers: boolean;
}

const HEAD = '2026-11-30 03:12:00.000 7';
export const loggerOf = (number: number): string => `nova.case.n${number}`;
/** Of all: what is said of it is looked at as one. */
export const REQUEST = 'req-00000000-0000-4000-8000-000000000001';

const isOneLine = ({ text }: Canary): boolean => !text.includes('\n');
const isRequest = ({ text }: Canary): boolean => /^GET [^"\s]+ HTTP\/1\.1$/.test(text);
const always = (): boolean => true;

const head = (level: string, number: number): string =>
  `${HEAD} ${level} ${loggerOf(number)} [None ${REQUEST} - - - - -]`;
/** As oslo.log repeats its head on each line of a traceback. */
const prefixed = (number: number, ...lines: readonly string[]): string[] =>
  lines.flatMap((line) => line.split('\n').map((one) => `${HEAD} ERROR ${loggerOf(number)} ${one}`));
const TRACEBACK = [
  'Traceback (most recent call last):',
  '  File "/x.py", line 1, in f',
  '    g(token=token)',
];

/** oslo_log/formatters.py, JSONFormatter: all of these fields are there always. */
const json = (number: number, fields: object): string =>
  JSON.stringify({
    message: 'Said',
    asctime: '2026-11-30 03:12:00,000',
    name: loggerOf(number),
    msg: 'Said',
    args: [],
    levelname: 'ERROR',
    levelno: 40,
    process: 7,
    traceback: null,
    hostname: 'vm',
    context: { request_id: REQUEST, auth_token: '***' },
    extra: {},
    ...fields,
  });

const inLoggers = { takes: always, hasLoggers: true };
const alone = { hasLoggers: false };

export const PLACES: readonly Place[] = [
  {
    ...inLoggers,
    what: 'a message',
    lines: (text, number) => `${head('INFO', number)} Starting with ${text}`.split('\n'),
  },
  {
    ...inLoggers,
    what: 'the beginning of a message',
    lines: (text, number) => `${head('DEBUG', number)} ${text}`.split('\n'),
  },
  {
    ...inLoggers,
    what: 'an error',
    lines: (text, number) => `${head('ERROR', number)} Failed: ${text}`.split('\n'),
  },
  {
    ...inLoggers,
    what: 'a notice that is repeated',
    lines: (text, number) => {
      const lines = `${head('WARNING', number)} The option is deprecated: ${text}`.split('\n');
      return [...lines, ...lines];
    },
  },
  {
    ...inLoggers,
    what: 'a traceback',
    lines: (text, number) => [
      `${head('ERROR', number)} Failed`,
      ...prefixed(number, ...TRACEBACK, `ValueError: ${text}`),
    ],
  },
  {
    ...inLoggers,
    what: 'a traceback below error, with nothing before it',
    lines: (text, number) => [
      `${head('INFO', number)} `,
      ...prefixed(number, ...TRACEBACK, `ValueError: told ${text}`),
    ],
  },
  {
    hasLoggers: true,
    takes: (canary) => isOneLine(canary) && !canary.text.includes(']'),
    what: 'the context of a message',
    lines: (text, number) => [`${HEAD} ERROR ${loggerOf(number)} [None ${REQUEST} demo ${text} - -] Failed`],
  },
  {
    ...inLoggers,
    what: 'the message of JSON',
    lines: (text, number) => [json(number, { message: `Failed: ${text}` })],
  },
  {
    ...inLoggers,
    what: 'the arguments of JSON',
    lines: (text, number) => [json(number, { args: { body: text }, extra: { headers: text } })],
  },
  {
    ...inLoggers,
    what: 'the traceback of JSON',
    lines: (text, number) => [
      json(number, { traceback: [...TRACEBACK, ...`ValueError: ${text}`.split('\n')] }),
    ],
  },
  {
    ...alone,
    takes: isOneLine,
    what: 'a line of another program',
    lines: (text) => [`DEBUG: told ${text}`],
  },
  {
    ...alone,
    takes: (canary) => isOneLine(canary) || canary.text.startsWith('-----BEGIN'),
    what: 'a line that is nobody’s',
    lines: (text) => text.split('\n'),
  },
  {
    ...alone,
    takes: isRequest,
    what: 'a line of Apache',
    lines: (text) => [`10.0.0.7 - - [30/Nov/2026:03:12:00 +0000] "${text}" 200 734 "-" "curl/7.88"`],
  },
  {
    ...alone,
    takes: isRequest,
    what: 'a line of uWSGI',
    lines: (text) => [
      `[pid: 7|app: 0|req: 1/1] 10.0.0.7 () {30 vars in 400 bytes} [Mon Nov 30 03:12:00 2026] ${text.replace(' HTTP/1.1', '')} => generated 734 bytes in 12 msecs (HTTP/1.1 200) 4 headers in 120 bytes (1 switches on core 0)`,
    ],
  },
  {
    ...alone,
    takes: isRequest,
    what: 'a line of HAProxy',
    lines: (text) => [
      `Nov 30 03:12:00 lb haproxy[7]: 10.0.0.7:51234 [30/Nov/2026:03:12:00.000] api nova/ctl-1 0/0/1/2/3 200 734 - - ---- 1/1/1/1/0 0/0 "${text}"`,
    ],
  },
];
