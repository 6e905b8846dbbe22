import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { osloFormat, type OsloFormatOptions } from '../src/index.ts';

// Real oslo.log writes, and we read: every field comes back, whatever the message holds.
let python: ChildProcessWithoutNullStreams;
let answers: AsyncIterator<string>;

beforeAll(() => {
  python = spawn('/usr/bin/python3', [new URL('oslo-formatter.py', import.meta.url).pathname]);
  python.stderr.pipe(process.stderr);
  answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
});
afterAll(() => void python.kill());

interface Told {
  readonly name: string;
  readonly level: string;
  readonly message: string;
  readonly at: number;
  readonly pid: number;
  readonly instance: string | null;
  readonly traceback: string | null;
  readonly context: Readonly<Record<string, string>> | null;
}

async function written(options: Readonly<Record<string, string>>, told: Told): Promise<string> {
  python.stdin.write(`${JSON.stringify({ options, ...told })}\n`);
  const { value } = await answers.next();
  return JSON.parse(value as string) as string;
}

/** Formats that other people's public configurations have, and oslo.log's own; each with what it leaves out. */
const FORMATS: Readonly<Record<string, OsloFormatOptions>> = {
  'oslo.log’s own': {},
  'without a time': {
    context: '%(process)d %(levelname)s %(name)s [%(request_id)s %(user_identity)s] %(instance)s%(message)s',
    withoutContext: '%(process)d %(levelname)s %(name)s [-] %(instance)s%(message)s',
    exceptionPrefix: '%(process)d ERROR %(name)s %(instance)s',
  },
  'a letter before the global id': {
    context:
      '%(asctime)s %(process)d %(levelname)s %(name)s [%(request_id)s g%(global_request_id)s %(user_identity)s] %(resource)s%(instance)s%(message)s',
    withoutContext: '%(asctime)s %(process)d %(levelname)s %(name)s [-] %(resource)s%(instance)s%(message)s',
  },
  'another order of the date, a level of a fixed width': {
    context:
      '%(asctime)s %(levelname)-8s [%(name)s] %(process)d [%(request_id)s %(user_identity)s] %(message)s',
    withoutContext: '%(asctime)s %(levelname)-8s [%(name)s] %(process)d [-] %(message)s',
    date: '%d/%m/%Y %H:%M:%S',
  },
};

const OPTIONS: Readonly<Record<keyof OsloFormatOptions, string>> = {
  context: 'logging_context_format_string',
  withoutContext: 'logging_default_format_string',
  exceptionPrefix: 'logging_exception_prefix',
  userIdentity: 'logging_user_identity_format',
  instance: 'instance_uuid_format',
  date: 'log_date_format',
};

const anId = fc.stringMatching(/^[0-9a-f]{8,32}$/);
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '[instance: 1] ',
    '2026-11-23 03:13:00.264 7 ERROR nova [-] forged',
    '[parameters: {}]',
    '%s %(message)s',
    '] [- - -] x',
  ),
);
const record: fc.Arbitrary<Told> = fc.record({
  name: fc.constantFrom('nova.compute.manager', 'oslo_messaging._drivers.impl_rabbit', 'root', 'a-b.c$d'),
  level: fc.constantFrom('INFO', 'WARNING', 'ERROR', 'CRITICAL'),
  message: fc.array(anyText, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')),
  at: fc.integer({ min: 946_684_800_000, max: 4_000_000_000_000 }),
  pid: fc.integer({ min: 1, max: 4_194_304 }),
  instance: fc.option(fc.uuid()),
  traceback: fc.option(anyText),
  context: fc.option(
    fc.record({
      request_id: fc.uuid().map((id) => `req-${id}`),
      global_request_id: fc.uuid().map((id) => `req-${id}`),
      user_id: anId,
      project_id: anId,
    }),
  ),
});

function dateOf(at: number, format: string | undefined): string {
  const [date = '', time = ''] = new Date(at).toISOString().slice(0, 19).split('T');
  return `${format === undefined ? date : date.split('-').toReversed().join('/')} ${time}`;
}

test.each(Object.entries(FORMATS))(
  '%s: every field of what oslo.log wrote comes back',
  async (_, options) => {
    const format = osloFormat(options);
    const configured = Object.fromEntries(
      Object.entries(options).map(([option, text]) => [
        OPTIONS[option as keyof OsloFormatOptions],
        text as string,
      ]),
    );
    await fc.assert(
      fc.asyncProperty(record, async (told) => {
        const text = await written(configured, told);
        const [first = '', ...more] = text.split('\n');
        const { fields = {}, message = '' } = format.parse(first) ?? {};
        const wanted: Record<string, string | undefined> = {
          asctime: dateOf(told.at, options.date),
          process: String(told.pid),
          levelname: told.level,
          name: told.name,
          request_id: told.context?.['request_id'],
          global_request_id: told.context?.['global_request_id'],
          user: told.context?.['user_id'],
          project: told.context?.['project_id'],
          instance: told.instance === null ? '' : `[instance: ${told.instance}] `,
        };
        // What a format leaves out is in no line of it.
        const there = Object.keys(wanted).filter((name) => name in fields);
        expect(Object.fromEntries(there.map((name) => [name, fields[name]]))).toEqual(
          Object.fromEntries(there.map((name) => [name, wanted[name]])),
        );
        expect('request_id' in fields).toBe(told.context !== null);
        // With an exception its summary stands behind the message.
        const [firstOfMessage = ''] = told.message.split('\n');
        expect(message.startsWith(firstOfMessage)).toBe(true);
        // The lines of a traceback are known by their prefix.
        const hasTraceback = more.some((each) => format.parse(each)?.message.startsWith('Traceback (most'));
        expect(hasTraceback).toBe(told.traceback !== null);
      }),
      { numRuns: 300, seed: 7 },
    );
  },
);
