import { type InputError, isGroundcrewError } from '@groundcrew/ground';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { levels, type Level } from '../../src/level.ts';
import type { LogRecord } from '../../src/parse.ts';
import { assessWhatIsNew, Templates, whatIsNew, whatIsNewText } from '../../src/templates.ts';
import { record, times } from './records.ts';

const kinds = async (
  before: readonly LogRecord[],
  after: readonly LogRecord[],
  more: object = {},
): Promise<string[]> => {
  const { changes } = await whatIsNew({ before, after, ...more });
  return changes.map(({ kind, level, template }) => `${level} ${kind} ${template.text}`);
};

test('what appeared, came to another level, rose or vanished, the worst first and what vanished last', async () => {
  const before = [
    ...times(1_000, 'Took N seconds'),
    ...times(20, 'Looking for N'),
    ...times(5, 'Lost N', 'critical'),
    ...times(3, 'Deleting N', 'debug'),
    ...times(4, 'Retrying N', 'warning'),
  ];
  const after = [
    ...times(800, 'Took N seconds'),
    ...times(200, 'Looking for N'),
    ...times(2, 'Spawning N'),
    ...times(9, 'Cannot spawn N', 'error'),
    ...times(3, 'Deleting N', 'error'),
    ...times(4, 'Retrying N', 'warning'),
    ...times(1, 'Deleting N', 'debug'),
  ];
  expect(await kinds(before, after)).toEqual([
    'error appeared Cannot spawn <*>',
    'error relevelled Deleting <*>',
    'info appeared Spawning <*>',
    'info risen Looking for <*>',
    'critical vanished Lost <*>',
  ]);
  const { changes, gaps, ...sizes } = await whatIsNew({ before, after });
  expect(gaps).toEqual([]);
  expect(sizes).toEqual({
    before: { records: 1_032, templates: 5, lowestLevel: 'debug' },
    after: { records: 1_019, templates: 6, lowestLevel: 'debug' },
  });
  expect(changes[1]).toMatchObject({ gained: ['error'], before: { times: 3 }, after: { times: 4 } });
  expect(changes[3]?.after?.share).toBeCloseTo(200 / 1_019);
});

test.each([
  ['grew by less than the factor', 20, 55],
  ['is said too seldom to tell', 1, 9],
  ['may have risen by chance', 3, 10],
])('a share that %s has not risen', async (_, from, to) => {
  const [before, after] = [times(1_000, 'Took N seconds'), times(1_000, 'Took N seconds')];
  expect(await kinds([...before, ...times(from, 'Lost N')], [...after, ...times(to, 'Lost N')])).toEqual([]);
});

test('a share rises by a factor that can be given', async () => {
  const [before, after] = [times(1_000, 'Took N seconds'), times(1_000, 'Took N seconds')];
  const both = [
    [...before, ...times(20, 'Lost N')],
    [...after, ...times(55, 'Lost N')],
  ] as const;
  expect(await kinds(...both, { rise: 2 })).toEqual(['info risen Lost <*>']);
});

// Debug that was switched off, or on, is no news, and makes no share of the others larger.
test('what one log cannot have at its level is not known, and is not told as new or gone', async () => {
  const quiet = times(100, 'Took N seconds');
  const loud = [...quiet, ...times(5_000, 'Calling N', 'debug'), ...times(2, 'Lost N', 'error')];
  const more = await whatIsNew({ before: quiet, after: loud });
  expect(more.changes.map(({ template }) => template.text)).toEqual(['Lost <*>']);
  expect(more.gaps).toMatchObject([
    { what: 'the logs before', why: expect.stringContaining('it has nothing below info: of 1 templates') },
  ]);
  const less = await whatIsNew({ before: loud, after: quiet });
  expect(less.changes.map(({ kind, template }) => [kind, template.text])).toEqual([['vanished', 'Lost <*>']]);
  expect(less.gaps).toMatchObject([{ what: 'the logs after' }]);
  // Switched on, it is the level at which one message is said now: nobody knows whether it was before.
  expect(await kinds(quiet, [...quiet, record('Took 1 seconds', { level: 'debug' })])).toEqual([]);
});

test('of nothing nothing is known', async () => {
  const some = times(10, 'Took N seconds', 'error');
  for (const [before, after] of [
    [[], some],
    [some, []],
    [[], []],
  ] as const) {
    const news = await whatIsNew({ before, after });
    expect(news.changes).toEqual([]);
    expect(news.gaps.map(({ why }) => why)).toContain('it has no record');
    expect(assessWhatIsNew(news).map(({ verdict }) => verdict)).not.toContain('pass');
  }
});

test('a name is not new because there were fewer names before, or others', async () => {
  const users = (from: number, to: number): LogRecord[] =>
    Array.from({ length: to - from }, (_, index) => {
      const number = from + index;
      return record(`Created user ${String.fromCodePoint(97 + (number % 26), 97 + Math.floor(number / 26))}`);
    });
  expect(await kinds(users(0, 3), users(0, 80))).toEqual([]);
  expect(await kinds(users(0, 80), users(0, 3))).toEqual([]);
  expect(await kinds(users(0, 40), users(40, 80))).toEqual([]);
  expect(await kinds(users(0, 3), users(0, 80), { collapseAbove: false })).toHaveLength(77);
});

// Keystone of the lab: `Could not find project: nothere.` on the second day, `… project: 6070ae….` on the first.
test('a message with a name in it is told as a variant of the one that has a value there', async () => {
  const before = times(5, 'Could not find project: 6070aN.', 'error');
  const after = [
    ...before,
    ...times(3, 'Could not find project: nothere.', 'error'),
    record('Gone', { level: 'error' }),
  ];
  const news = await whatIsNew({ before, after });
  expect(news.changes.map(({ template, variantOf }) => [template.text, variantOf])).toEqual([
    ['Gone', undefined],
    ['Could not find project: nothere.', new Templates().of(record('Could not find project: 1.'))],
  ]);
  expect(assessWhatIsNew(news).map(({ severity }) => severity)).toEqual(['medium', 'low']);
});

const WORDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

test('templates that were too many to keep are no news, and nothing passes', async () => {
  const words = fc.array(fc.constantFrom(...WORDS));
  const corpus = (said: readonly string[]): Templates => {
    const templates = new Templates({ most: 3 });
    for (const word of said) templates.add(record(`Word ${word}`));
    return templates;
  };
  const news = await whatIsNew({ before: corpus(WORDS), after: corpus(WORDS) });
  expect(news.changes).toEqual([]);
  expect(news.gaps.map(({ what }) => what)).toEqual(['the logs before', 'the logs after']);
  // Whatever is told is true: it is what whole logs tell.
  await fc.assert(
    fc.asyncProperty(words, words, async (one, other) => {
      const [cut, whole] = await Promise.all([
        whatIsNew({ before: corpus(one), after: corpus(other) }),
        whatIsNew({
          before: one.map((word) => record(`Word ${word}`)),
          after: other.map((word) => record(`Word ${word}`)),
        }),
      ]);
      const all = new Set(whole.changes.map(({ kind, template }) => `${kind} ${template.id}`));
      expect(cut.changes.filter(({ kind, template }) => !all.has(`${kind} ${template.id}`))).toEqual([]);
    }),
    { numRuns: 100, seed: 12 },
  );
  expect(assessWhatIsNew(news).map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown', 'unknown']);
});

test('records that come one after the other are read as they come, until they are not wanted any more', async () => {
  const stop = new AbortController();
  let read = 0;
  async function* endless(): AsyncGenerator<LogRecord> {
    for (;;) {
      read += 1;
      if (read === 3) stop.abort(new Error('enough'));
      yield record('Took 1 s');
    }
  }
  await expect(whatIsNew({ before: [], after: endless(), signal: stop.signal })).rejects.toThrow('enough');
  expect(read).toBe(3);
});

test.each([
  [{ misspelt: 1 }, 'misspelt'],
  [{ before: [] }, 'after'],
  [{ before: '/var/log', after: [] }, 'before'],
  [{ before: [], after: [], rise: 1 }, 'rise'],
  [{ before: [], after: [], known: [{ text: 'x' }] }, 'known.0.logger'],
])('%j is refused', async (options, field) => {
  const error: unknown = await whatIsNew(options as never).catch((reason: unknown) => reason);
  expect(isGroundcrewError(error)).toBe(true);
  expect((error as InputError).field).toBe(field);
});

test('for any logs: equal ones have no news, and what appeared one way has vanished the other', async () => {
  const level = fc.constantFrom(...(Object.keys(levels) as Level[]));
  const log = fc.array(
    fc
      .tuple(fc.constantFrom('a', 'b', 'c', 'd 1'), level)
      .map(([message, of]) => record(message, { level: of })),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(log, log, async (one, other) => {
      expect((await whatIsNew({ before: one, after: one.toReversed() })).changes).toEqual([]);
      const [there, back] = [
        await whatIsNew({ before: one, after: other }),
        await whatIsNew({ before: other, after: one }),
      ];
      const ids = ({ changes }: typeof there, kind: string): string[] =>
        changes.flatMap((change) => (change.kind === kind ? [change.template.id] : [])).toSorted();
      expect(ids(back, 'vanished')).toEqual(ids(there, 'appeared'));
    }),
    { numRuns: 100, seed: 12 },
  );
});

test('as text it reaches a terminal without what acts on it', async () => {
  const evil = 'Web\u202Elive \u001B[2J is lost';
  const news = await whatIsNew({
    before: [...times(10, 'Took N s'), ...times(2, 'Old N', 'error')],
    after: [
      ...times(10, 'Took N s', 'warning'),
      record(evil, { level: 'error', at: '2026\u001B[1m' }),
      record('', { level: 'critical' }),
      record('long '.repeat(100)),
    ],
  });
  expect(whatIsNewText(news)).toBe(
    [
      '12 records in 2 templates before, 13 records in 4 templates after: 3 new, 1 at another level, 0 more frequent, 1 gone',
      'critical new           nova.compute.manager: (empty) (1 time, first 2026-11-23 03:13:00.264)',
      String.raw`error    new           nova.compute.manager: Web\u202elive \x1b[<*> is lost (1 time, first 2026\x1b[1m)`,
      'warning  other level   nova.compute.manager: Took <*> s (info before, now warning: 10 times)',
      `info     new           nova.compute.manager: ${'long '.repeat(40)}… (1 time, first 2026-11-23 03:13:00.264)`,
      'error    gone          nova.compute.manager: Old <*> (2 times, last 2026-11-23 03:13:00.264)',
      '',
    ].join('\n'),
  );
});

test('as findings: what is new at warning or worse fails, what is new below is a number', async () => {
  const calm = times(100, 'Took N s');
  const failed = assessWhatIsNew(
    await whatIsNew({ before: calm, after: [...calm, ...times(2, 'Lost N', 'critical'), record('Hello')] }),
  );
  expect(failed).toMatchObject([
    {
      id: 'logging-levels.new-template',
      verdict: 'fail',
      severity: 'high',
      subject: { kind: 'log template', name: 'nova.compute.manager: Lost <*>' },
      because: [{ statement: '2 times, first 2026-11-23 03:13:00.264' }],
    },
  ]);
  expect(assessWhatIsNew(await whatIsNew({ before: calm, after: [...calm, record('Hello')] }))).toMatchObject(
    [
      {
        id: 'logging-levels.new-alarm',
        verdict: 'pass',
        because: [{ statement: '100 records before, 101 after: 0 of 1 change at warning or worse' }],
      },
    ],
  );
});
