import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Level } from '../../src/level.ts';
import { Templates } from '../../src/templates.ts';

interface Said {
  readonly logger: string;
  readonly level: Level;
  readonly message: string;
  readonly at: string;
}

const said = (message: string, more: Partial<Said> = {}): Said => ({
  logger: 'nova.compute.manager',
  level: 'info',
  at: '2026-11-23 03:13:00.264',
  message,
  ...more,
});

/** What is not sorted by the store: names without a digit, so that some are collapsed, and values. */
const NAMES = ['ada', 'bob', 'cyd', 'dee', 'eve', 'fay', 'gil', 'hal', 'ida', 'joe'];
const records = fc.array(
  fc.record({
    logger: fc.constantFrom('nova.api', 'neutron.agent', 'stderr'),
    level: fc.constantFrom<Level>('error', 'info', 'debug'),
    at: fc.constantFrom('2026-11-23 03:13:00.264', '2026-11-23 03:13:00.265', ''),
    message: fc
      .tuple(
        fc.constantFrom('user', 'host'),
        fc.constantFrom(...NAMES),
        fc.constantFrom('in', 'out'),
        fc.nat(),
      )
      .map(([what, name, where, number]) => `The ${what} ${name} logged ${where} after ${number} s`),
  }),
  { maxLength: 80 },
);

function counted(all: readonly Said[], most: number): Templates {
  const templates = new Templates({ most });
  for (const record of all) templates.add(record);
  return templates;
}

test('an id is what a shell makes of logger and text, and the same in every process', () => {
  const template = new Templates().of(said('[instance: 6f3a-1c] Took 9.8 seconds to build instance.'));
  expect(template).toEqual({
    // printf 'LOGGER\nTEXT' | openssl dgst -sha256 -binary | base32 | cut -c-12 | tr A-Z a-z
    id: 'ud4kltw3mxfv',
    logger: 'nova.compute.manager',
    text: '[instance: <*>] Took <*> seconds to build instance.',
  });
});

test('records of one template are one count, with levels, bytes and times', () => {
  const templates = new Templates();
  templates.add({ ...said('Took 1 s'), more: ['ä', 'b'] });
  templates.add(said('Took 22 s', { level: 'error', at: '2026-11-23 01:00:00.000' }));
  templates.add(said('Took 3 s', { logger: 'nova.api', at: '' }));
  expect(templates.counts()).toEqual([
    {
      template: expect.objectContaining({ logger: 'nova.compute.manager', text: 'Took <*> s' }),
      times: 2,
      bytes: 8 + 3 + 2 + 9,
      byLevel: { critical: 0, error: 1, warning: 0, info: 1, debug: 0, trace: 0 },
      first: '2026-11-23 01:00:00.000',
      last: '2026-11-23 03:13:00.264',
      exact: [templates.of(said('Took 4 s')).id],
      isKnown: false,
    },
    expect.objectContaining({ times: 1, first: undefined, last: undefined }),
  ]);
  expect(templates.records).toBe(3);
});

test('what is only looked up is not counted', () => {
  const templates = new Templates({ most: 1 });
  for (let word = 0; word < 26; word += 1) templates.of(said(`word ${String.fromCodePoint(97 + word)}`));
  expect(templates.counts()).toEqual([]);
  expect(templates.toJSON().templates).toEqual([]);
  templates.add(said('word a'));
  expect([templates.records, templates.overflow.times]).toEqual([1, 0]);
});

test.each([20_000, 5, 1])(
  'any order of records makes the same ids and counts, of at most %i templates',
  (most) => {
    fc.assert(
      fc.property(records, fc.infiniteStream(fc.nat()), (all, random) => {
        const shuffled = all
          .map((record) => ({ record, key: random.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ record }) => record);
        const [one, other] = [counted(all, most), counted(shuffled, most)];
        expect(JSON.stringify(other)).toBe(JSON.stringify(one));
        expect(other.counts({ collapseAbove: 3 })).toEqual(one.counts({ collapseAbove: 3 }));
        expect(one.records).toBe(all.length);
        const kept = one.counts({ collapseAbove: 3 }).reduce((sum, { times }) => sum + times, 0);
        expect(kept + one.overflow.times).toBe(all.length);
        // Nobody looked at one of them in the middle.
        const looked = new Templates({ most });
        for (const record of all) {
          looked.add(record);
          void looked.overflow;
        }
        expect(JSON.stringify(looked)).toBe(JSON.stringify(one));
      }),
      { numRuns: 150, seed: 12 },
    );
  },
);

test.each([20_000, 5])(
  'after a restart it goes on as if there had been none, of at most %i templates',
  (most) => {
    fc.assert(
      fc.property(records, fc.nat({ max: 80 }), (all, at) => {
        const before = JSON.stringify(counted(all.slice(0, at), most));
        const after = Templates.from(JSON.parse(before));
        expect(JSON.stringify(after)).toBe(before);
        for (const record of all.slice(at)) after.add(record);
        expect(JSON.stringify(after)).toBe(JSON.stringify(counted(all, most)));
      }),
      { numRuns: 150, seed: 12 },
    );
  },
);

test('a hundred thousand different messages take the memory of forty', () => {
  const templates = new Templates({ most: 20 });
  const letters = (number: number): string =>
    Array.from(String(number), (digit) => 'qwrtpsglmn'[Number(digit)]).join('');
  for (let number = 0; number < 100_000; number += 1) templates.add(said(`No ${letters(number)} was found`));
  expect(templates.counts({ collapseAbove: false })).toHaveLength(20);
  expect(templates.overflow.times).toBe(100_000 - 20);
  expect(templates.largestId).toBe(templates.toJSON().templates.at(-1)?.template.id);
});

test('of bytes it finds what it finds of text, also of what is no UTF-8 and of what is too long', () => {
  const templates = new Templates();
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat({ max: 9 }), (message, before) => {
      const bytes = encoder.encode('x'.repeat(before) + message + 'y');
      const found = templates.lookUp(bytes, before, bytes.length - 1, 'nova');
      expect(found).toEqual(templates.of({ logger: 'nova', message }));
    }),
    { numRuns: 500, seed: 12 },
  );
  const quoted = [0, 1, 2, 3, 4, 5].map((more) => `'${'x'.repeat(65_526 + more)}' €€€€`);
  for (const message of ['Took 1 s ä; '.repeat(30_000), `'`.repeat(100_000), ...quoted]) {
    const bytes = encoder.encode(message);
    const origin = { logger: 'nova', level: 'info' } as const;
    const found = templates.addBytes(bytes, 0, bytes.length, origin);
    expect(found).toEqual(new Templates().add({ ...origin, message }));
  }
  const broken = templates.lookUp(new Uint8Array([0xff, 0x61]), 0, 2, 'nova');
  expect(broken.text).toBe('\uFFFDa');
  expect(broken).toBe(templates.of({ logger: 'nova', message: '\uFFFDa' }));
});

test('bytes are counted as their origin says', () => {
  const templates = new Templates();
  const bytes = new TextEncoder().encode('Took 1 s');
  templates.addBytes(bytes, 0, 8, { logger: 'nova', level: 'warning', at: '2026-11-23', bytes: 180 });
  templates.addBytes(bytes, 0, 8, { logger: 'nova', level: 'info' });
  expect(templates.counts()).toMatchObject([
    { times: 2, bytes: 188, first: '2026-11-23', byLevel: { warning: 1 } },
  ]);
});

test.each([
  ['Connecting with password=correcthorse now', 'Connecting with password=<*> now'],
  ['Connecting with password=Tr0ub4dor now', 'Connecting with password=<*> now'],
  ['connection = mysql+pymysql://nova:secretword@controller/nova', 'connection = mysql+pymysql:<*>'],
  ['auth_token: correcthorsebatterystaple', 'auth_token: <*>'],
  ['"adminPass": "correcthorse"', '<*>'],
])('no secret is in a template: %s', (message, text) => {
  const templates = new Templates();
  expect(templates.add(said(message)).text).toBe(text);
  expect(JSON.stringify(templates)).not.toMatch(/correcthorse|Tr0ub4dor|secretword/);
});

test('templates that are known win, whatever else is in the logs, and stay when there are too many', () => {
  const known = [
    { logger: 'nova.compute.manager', text: 'The user <*> logged <*> after <*> s' },
    { logger: 'nova.compute.manager', text: 'The user <*> logged in after <*> s' },
    { logger: 'nova.compute.manager', text: 'The user <*> logged in after <*> s' },
  ];
  const templates = new Templates({ known, most: 1 });
  for (const message of [
    'The user ada logged in after 3 s',
    'The user ada logged out after 3 s',
    'The host ada logged in after 3 s',
    'The host bob logged in after 3 s',
  ])
    templates.add(said(message));
  const counts = templates.counts();
  expect(counts.map(({ template, isKnown }) => [template.text, isKnown])).toEqual(
    expect.arrayContaining([
      ['The user <*> logged in after <*> s', true],
      ['The user <*> logged <*> after <*> s', true],
    ]),
  );
  expect(counts).toHaveLength(3);
  expect(templates.overflow.times).toBe(1);
  const again = Templates.from(JSON.parse(JSON.stringify(templates)));
  expect(again.add(said('The user dee logged out after 4 s')).text).toBe(
    'The user <*> logged <*> after <*> s',
  );
});
