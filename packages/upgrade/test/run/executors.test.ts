import { type Implementation, memoryJournal, type Outcome, run } from '@groundcrew/runbook';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checklistExecutor,
  type ChecklistItem,
  commandExecutor,
  dryExecutor,
  type UpgradeExecutor,
  upgradeActions,
  upgradeImplementations,
} from '../../src/run.ts';
import { valueIn, withValue } from '../../src/run/executors/configuration-text.ts';
import { planOf } from './fixtures/carry-out.ts';
import { instantClock } from './fixtures/instant-clock.ts';
import { options } from './fixtures/topology.ts';

const plan = planOf({ services: ['keystone', 'nova'], drain: ['api', 'compute'] });

function carriedOut(
  executor: UpgradeExecutor,
  journal = memoryJournal(),
  progress: string[] = [],
): Promise<Outcome> {
  const execution = run(plan, {
    approved: plan.digest,
    implementations: upgradeImplementations({ executor }),
    journal,
    gate: async () => 'open',
    clock: instantClock(options.now),
  });
  execution.events.on('progress', ({ message }) => progress.push(message));
  return execution.outcome;
}

const namesOf = (implementations: readonly Implementation[]) =>
  implementations.map(({ action }) => action.name);

test('every executor carries out every action, once', () => {
  const actions = Object.values(upgradeActions).map(({ name }) => name);
  const ask = async () => ({ answer: 'done' as const });
  for (const executor of [commandExecutor(), dryExecutor(), checklistExecutor({ ask })])
    expect(namesOf(upgradeImplementations({ executor })).toSorted()).toEqual(actions.toSorted());
});

describe('a checklist', () => {
  test('asks a person for each step, with commands and check, and keeps the answers', async () => {
    const asked: ChecklistItem[] = [];
    const journal = memoryJournal();
    const executor = checklistExecutor({
      ask: async (item) => {
        asked.push(item);
        return { answer: 'done', note: 'ada' };
      },
    });
    expect((await carriedOut(executor, journal)).status).toBe('succeeded');
    // All but the age of the proof, which is no matter of opinion.
    expect(asked).toHaveLength(plan.steps.length - 1);
    expect(asked.every(({ how, check }) => how.length > 0 && check !== '')).toBe(true);
    expect(asked.find(({ step }) => step === 'expand-keystone')).toEqual({
      step: 'expand-keystone',
      title: "Migrate keystone's database on ctl-1: expand",
      how: ['keystone-manage db_sync --expand'],
      check: 'keystone-manage db_sync --check exits 0 or 4.',
      begunBefore: false,
    });
    expect(JSON.stringify(await journal.read())).toContain('"note":"ada"');
  });

  test('a no fails the step with the reason, and the next run asks that step again', async () => {
    const asked: ChecklistItem[] = [];
    const journal = memoryJournal();
    const executor = checklistExecutor({
      ask: async (item) => {
        asked.push(item);
        return item.step === 'sync-nova' && !item.begunBefore
          ? { answer: 'failed', reason: 'table is locked' }
          : { answer: 'done' };
      },
    });
    expect(await carriedOut(executor, journal)).toMatchObject({
      status: 'failed',
      failures: [{ step: 'sync-nova', code: 'upgrade.failed-by-hand', message: 'table is locked' }],
    });
    const before = asked.length;
    expect((await carriedOut(executor, journal)).status).toBe('succeeded');
    expect(asked[before]).toMatchObject({ step: 'sync-nova', begunBefore: true });
  });

  test('who cannot see what came of a step says so, and the run goes on', async () => {
    const journal = memoryJournal();
    const executor = checklistExecutor({
      ask: async ({ step }) =>
        step === 'sync-nova' ? { answer: 'unknown', reason: 'the terminal was gone' } : { answer: 'done' },
    });
    expect((await carriedOut(executor, journal)).status).toBe('succeeded');
    expect(await journal.read()).toContainEqual(
      expect.objectContaining({
        event: {
          type: 'step-acted',
          step: 'sync-nova',
          output: { outcome: 'unknown', because: 'the terminal was gone', facts: {} },
          found: false,
        },
      }),
    );
  });

  test.each([
    undefined,
    'yes',
    { answer: 'unknown' },
    { answer: 'Done' },
    { answer: 'failed' },
    { answer: 'done', by: 'ada' },
  ])('%j is no answer', async (answer) => {
    const outcome = await carriedOut(checklistExecutor({ ask: async () => answer as never }));
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(JSON.stringify(outcome)).toContain('upgrade.unclear-answer');
  });
});

test('a dry run touches no host, and tells what would be run', async () => {
  const told: string[] = [];
  const executor = dryExecutor({ units: { keystone: ['apache2'] } });
  expect((await carriedOut(executor, memoryJournal(), told)).status).toBe('succeeded');
  expect(told).toContain('systemctl restart apache2');
  expect(told).toContain('nova-manage db online_data_migrations --max-count 1000, again while it exits 1');
});

test.each([
  ['commandExecutor', () => commandExecutor({ unit: {} } as never), 'unit'],
  ['dryExecutor', () => dryExecutor({ packages: { nova: [] } }), 'packages.nova'],
  ['checklistExecutor', () => checklistExecutor({} as never), 'ask'],
  ['upgradeImplementations', () => upgradeImplementations({ executor: {} } as never), 'executor'],
])('%s refuses by the name of the field', (_name, call, field) => {
  expect(call).toThrow(expect.objectContaining({ field }));
});

describe('a configuration file', () => {
  const place = { section: 'upgrade_levels', option: 'compute' };

  test.each([
    ['nothing', '', '[upgrade_levels]\ncompute = auto\n'],
    ['another section, not ended', '[a]\nb=1', '[a]\nb=1\n[upgrade_levels]\ncompute = auto\n'],
    ['the section', '[upgrade_levels]\n# x\n[b]\n', '[upgrade_levels]\ncompute = auto\n# x\n[b]\n'],
    ['a static pin', '[upgrade_levels]\ncompute=zed\nx=1\n', '[upgrade_levels]\ncompute = auto\nx=1\n'],
    [
      'it twice: the last counts',
      '[upgrade_levels]\ncompute=a\ncompute: b\n',
      '[upgrade_levels]\ncompute = auto\n',
    ],
    ['one of another section', '[z]\ncompute = 1\n', '[z]\ncompute = 1\n[upgrade_levels]\ncompute = auto\n'],
    [
      'a value of two lines',
      '[upgrade_levels]\ncompute = auto\n more\nx = 1\n',
      '[upgrade_levels]\ncompute = auto\nx = 1\n',
    ],
    [
      'one that is a comment',
      '[upgrade_levels]\n#compute = 1\n',
      '[upgrade_levels]\ncompute = auto\n#compute = 1\n',
    ],
  ])('with %s', (_what, text, expected) => {
    expect(withValue(text, place, 'auto')).toBe(expected);
    expect(valueIn(expected, place)).toBe('auto');
  });

  test('whatever is in it: the option is what was asked for, all other lines stay, and twice is as once', () => {
    const line = fc.constantFrom(
      '[DEFAULT]',
      '[upgrade_levels]',
      'compute = zed',
      'compute: a',
      '# compute = 1',
      'x = 1\n kept',
      '',
      'compute = auto\n more',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.option(fc.constant('auto')), (lines, value) => {
        const text = lines.join('\n');
        const changed = withValue(text, place, value);
        expect(valueIn(changed, place)).toBe(value ?? undefined);
        expect(withValue(changed, place, value)).toBe(changed);
        const others = (one: string) =>
          one.split('\n').filter((each) => each !== '' && !/^compute|^\[upgrade|^ more/.test(each));
        expect(others(changed)).toEqual(others(text));
      }),
    );
  });
});
