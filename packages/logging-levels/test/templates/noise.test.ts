import { InputError } from '@groundcrew/ground';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assessNoise, noiseOf, noiseText, Templates } from '../../src/templates.ts';
import { record, times } from './records.ts';

function templatesOf(records: Iterable<ReturnType<typeof record>>, most = 100): Templates {
  const templates = new Templates({ most });
  for (const one of records) templates.add(one);
  return templates;
}

const noisy = templatesOf([
  ...times(70, 'Took N s'),
  ...times(20, 'Lost N', 'warning'),
  ...times(5, 'Dead N', 'error'),
  ...times(5, 'Dying N', 'critical'),
  record('x', { level: 'debug', more: ['y'.repeat(10_000)] }),
]);

test('each template has its share of records, bytes and alarms, and the noisiest make four fifths', () => {
  const { totals, templates, noisiest, unkept } = noiseOf(noisy);
  expect(totals).toEqual({ records: 101, bytes: expect.any(Number), alarms: 30 });
  expect(templates.map(({ template, counts }) => [template.text, counts.records])).toEqual([
    ['Took <*> s', 70],
    ['Lost <*>', 20],
    expect.arrayContaining([5]),
    expect.arrayContaining([5]),
    ['x', 1],
  ]);
  expect(templates[1]?.shares).toMatchObject({ records: 20 / 101, alarms: 20 / 30 });
  const texts = (measure: keyof typeof noisiest): string[] =>
    noisiest[measure].map(({ template }) => template.text);
  expect(texts('records')).toEqual(['Took <*> s', 'Lost <*>']);
  expect(texts('bytes')).toEqual(['x']);
  expect(texts('alarms')).toHaveLength(2);
  expect(unkept).toEqual({ records: 0, bytes: 0, alarms: 0 });
});

test('the noisiest are the fewest that make the share, and all shares make one', () => {
  const counts = fc.array(fc.nat({ max: 20 }), { maxLength: 10 });
  const share = fc.double({ min: 0.01, max: 1, noNaN: true });
  fc.assert(
    fc.property(counts, share, fc.integer({ min: 1, max: 12 }), (all, wanted, most) => {
      const templates = templatesOf(
        all.flatMap((count, index) => times(count, `Word${'abcdefghij'[index]} N`, 'error')),
        most,
      );
      const { totals, noisiest, unkept, templates: shares } = noiseOf(templates, { share: wanted });
      expect(totals.records).toBe(all.reduce((sum, count) => sum + count, 0));
      const sum = (of: typeof shares): number =>
        of.reduce((total, { counts: one }) => total + one.records, 0);
      expect(sum(shares) + unkept.records).toBe(totals.records);
      const reached = sum(noisiest.records);
      expect(reached >= wanted * totals.records || reached === sum(shares)).toBe(true);
      expect(
        noisiest.records.length === 0 || sum(noisiest.records.slice(0, -1)) < wanted * totals.records,
      ).toBe(true);
    }),
    { numRuns: 150, seed: 12 },
  );
});

test('what reaches the share is enough', () => {
  const halves = templatesOf([...times(5, 'Lost N'), ...times(5, 'Dead N')]);
  expect(noiseOf(halves, { share: 0.5 }).noisiest.records).toHaveLength(1);
  expect(noiseOf(halves, { share: 0.51 }).noisiest.records).toHaveLength(2);
});

test('as text, with what was not kept, and without what acts on a terminal', () => {
  expect(noiseText(noiseOf(templatesOf([])))).toBe('No records\nNo bytes\nNo alarms\n');
  const many = templatesOf(Array.from('abcdefghijklmnopqrstuvwxyz', (word) => record(`${word}\u001B[2J`)));
  const lines = noiseText(noiseOf(many, { share: 1 })).split('\n');
  expect(lines[0]).toBe('26 of 26 templates: 100.0 % of 26 records');
  expect(lines[1]).toMatch(
    /^ {6}3\.8 % {2}nova\.compute\.manager: \w\\x1b<\*>$|^ {6}3\.8 % {2}nova\.compute\.manager: \w\\x1b\[<\*>$/,
  );
  expect(lines[21]).toBe('             and 6 more');
  const few = templatesOf(
    Array.from('abcdefgh', (word) => record(`Word ${word}`, { level: 'error' })),
    2,
  );
  expect(noiseText(noiseOf(few))).toContain(
    '2 of 2 templates: 25.0 % of 8 alarms; 6 are of templates that were too many to keep',
  );
});

test.each([{ misspelt: 1 }, { share: 0 }, { share: 1.1 }, { collapseAbove: 0 }])(
  '%j is refused',
  (options) => {
    expect(() => noiseOf(noisy, options as object)).toThrow(InputError);
  },
);

test('as a finding it is a fact: which few kinds make most of it, and of the alarms', () => {
  expect(assessNoise(noiseOf(noisy))).toMatchObject([
    {
      id: 'logging-levels.noise',
      verdict: 'pass',
      severity: 'info',
      title: '2 of 5 kinds of messages make 89.1 % of 101 records',
      because: [
        { statement: '69.3 % of the records: nova.compute.manager: Took <*> s' },
        { statement: '19.8 % of the records: nova.compute.manager: Lost <*>' },
        {
          statement: '66.7 % of what is said at warning or worse: nova.compute.manager: Lost <*>',
        },
        { statement: expect.stringContaining('16.7 % of what is said at warning or worse') },
      ],
    },
  ]);
  expect(assessNoise(noiseOf(new Templates()))).toEqual([]);
  const few = noiseOf(templatesOf(times(3, 'Took N s'), 1));
  expect(assessNoise(few)[0]?.title).toBe('1 of 1 kind of message makes 100.0 % of 3 records');
});
