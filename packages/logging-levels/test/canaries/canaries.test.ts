// A secret of every kind, in every encoding, in every place of a log: it is found, and is nowhere in what is made of the log. The records
// of `readLogs` are the log itself, and hold it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assess, observe } from '../../src/index.ts';
import { journalExport } from '../../src/read.ts';
import { secretOf } from '../../src/judge/secret.ts';
import { type Canary, leakIn } from './canary.ts';
import { type Exit, exitsOfDirectory, exitsOfRecords, exitsOfRequest, recordsOf } from './exits.ts';
import { namedCanaries } from './named-canaries.ts';
import { loggerOf, type Place, PLACES, REQUEST } from './places.ts';
import { shapedCanaries } from './shaped-canaries.ts';

const CANARIES: readonly Canary[] = [...namedCanaries(), ...shapedCanaries()];

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'groundcrew-canaries-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** What got out, with what stands around it. */
const leaks = (exits: readonly Exit[]): string[] =>
  exits.flatMap(([name, text]) => {
    const leak = leakIn(text);
    return leak === undefined ? [] : [`${name}: ${leak}`];
  });

/**
 * Wherever a message stands, and at its beginning, all are tried; elsewhere each is tried in one place of five: what a place does to a
 * text does not depend on the name in it.
 */
const numbered = (place: Place): [number, Canary][] =>
  CANARIES.flatMap((canary, number) => {
    const index = PLACES.indexOf(place);
    const isTried = index < 2 || (number + index) % 5 === 0;
    return isTried && place.takes(canary) ? [[number, canary]] : [];
  });

/** Those that no offence tells of. */
async function unfound(cases: readonly [number, Canary][], { hasLoggers }: Place): Promise<string[]> {
  const { value } = await observe(directory);
  const found = new Set(
    value.offences.flatMap(({ rule, file, logger }) =>
      rule === 'secret-in-log' ? [hasLoggers ? logger : file] : [],
    ),
  );
  return cases.flatMap(([number, { what, text }]) =>
    found.has(hasLoggers ? loggerOf(number) : `${number}.log`) ? [] : [`${what}: ${text}`],
  );
}

async function write(cases: readonly [number, Canary][], place: Place): Promise<void> {
  const lines = cases.map(([number, { text }]) => [number, place.lines(text, number)] as const);
  if (place.hasLoggers)
    await writeFile(path.join(directory, 'all.log'), `${lines.flatMap(([, some]) => some).join('\n')}\n`);
  else
    for (const [number, some] of lines)
      await writeFile(path.join(directory, `${number}.log`), `${some.join('\n')}\n`);
}

describe.each(PLACES)('in $what', (place) => {
  test('it is found', async () => {
    const cases = numbered(place);
    expect(cases.length).toBeGreaterThan(30);
    await write(cases, place);
    expect(await unfound(cases, place)).toEqual([]);
  });

  test('it is in nothing that is shown', async () => {
    const cases = numbered(place);
    await write(cases, place);
    expect(leaks(await exitsOfDirectory(directory))).toEqual([]);
    const records = await recordsOf(directory);
    // The log itself has it, or this test looks at nothing.
    expect(place.hasLoggers && leakIn(JSON.stringify(records)) === undefined).toBe(false);
    expect(leaks(await exitsOfRecords(records))).toEqual([]);
    expect(leaks(await exitsOfRequest(REQUEST, records))).toEqual([]);
  });
});

test('in an entry of a journal: it is found, and is in nothing that is shown', async () => {
  const cases = CANARIES.filter(({ text }) => !text.includes('\n'));
  const entries = cases.map(
    ({ text }, number) =>
      `__REALTIME_TIMESTAMP=1796008320000000\nLOGGER_NAME=${loggerOf(number)}\nREQUEST_ID=${REQUEST}\nPRIORITY=3\nMESSAGE=Failed: ${text}\nEXCEPTION_TEXT=Traceback (most recent call last): ${text}\n\n`,
  );
  async function* bytes() {
    yield Buffer.from(entries.join(''));
  }
  const records = await recordsOf(journalExport(bytes()));
  expect(records).toHaveLength(cases.length);
  const missed = records.flatMap((record) => (secretOf(record) === undefined ? [record.message] : []));
  expect(missed).toEqual([]);
  expect(leaks(await exitsOfRecords(records))).toEqual([]);
  expect(leaks(await exitsOfRequest(REQUEST, records))).toEqual([]);
});

test('in a field of a service’s own format, and as the name of a logger in JSON', async () => {
  const format = {
    context: '%(asctime)s %(process)d %(levelname)s %(name)s [%(request_id)s %(auth_token)s] %(message)s',
    withoutContext: '%(asctime)s %(process)d %(levelname)s %(name)s %(message)s',
  };
  const fields = { asctime: '2026-11-30 03:12:00,000', levelname: 'INFO', message: 'Starting', process: 7 };
  const lines = [
    `2026-11-30 03:12:00 7 INFO nova.x [${REQUEST} 0123456789c4n4ry] Starting`,
    JSON.stringify({ ...fields, name: 'mysql://nova:c4n4ry@db/nova' }),
  ];
  await writeFile(path.join(directory, 'x.log'), `${lines.join('\n')}\n`);
  const logs = await observe(directory, { format });
  expect(logs.value.offences.filter(({ rule }) => rule === 'secret-in-log')).toHaveLength(2);
  expect(leakIn(JSON.stringify([logs, assess(logs)]))).toBeUndefined();
});

// What nothing tells from other text. README.md names them.
test.each([
  ['a word of letters behind a name in a sentence', 'Wrong password: zanzibar'],
  ['a sentence', 'The new password of demo is c4n4ry'],
  ['a word alone', 'Set c4n4ry for demo'],
  ['an option of one letter', 'mysqldump -unova -pc4n4ry nova'],
  ['what a command is given to read', 'echo demo:c4n4ry | chpasswd'],
  ['Base64 of a user and a password without Basic before it', 'Sent YWRtaW46YzRuNHJ5 to it'],
  ['a token that is an id, without a name', 'Checking 3dfcd011-28f1-4cf3-8f5c-8cd18de4560e, True'],
  [
    'a webhook that is secret as a whole',
    'POST /v1/webhooks/3dfcd011-28f1-4cf3-8f5c-8cd18de4560e/trigger?V=1',
  ],
  ['a value in front of its name', '{"value": "c4n4ry", "name": "os_password"}'],
  ['Python’s source, and what looks like it', 'auth(password=conf.keystone)'],
])('%s is not recognised: %s', async (_, text) => {
  await writeFile(
    path.join(directory, 'x.log'),
    `2026-11-30 03:12:00.000 7 DEBUG nova.x [None ${REQUEST} - - - - -] ${text}\n`,
  );
  const { value } = await observe(directory);
  expect(value.offences).toEqual([]);
});
