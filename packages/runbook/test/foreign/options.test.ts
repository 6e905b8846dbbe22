// Whatever a person writes is parsed strictly: a slip (`timeOut`, `redacts`, `warning`) must not run without what it
// meant. OpenSSH takes a wrong key of its own options for an error, too (ssh_config(5): "Bad configuration option").
import { expect, test } from 'vitest';
import { definePlan, memoryJournal, InputError, PlanError, rehearse, run } from '../../src/index.ts';
import { CommandInputError, localHost, sshHost } from '../../src/hosts.ts';
import { note, noted, noting, planOf } from '../fixtures/note.ts';

const plan = planOf([noted('a')]);
const good = { approved: plan.digest, implementations: noting(), journal: memoryJournal() };
const fieldOf = (work: () => unknown): unknown => {
  try {
    work();
    return 'taken';
  } catch (error) {
    return [(error as InputError).field, (error as Error).constructor];
  }
};

test.each<[string, Record<string, unknown>]>([
  ['onfailure', { onfailure: 'roll-back' }],
  ['onFailure', { onFailure: 'rollback' }],
  ['by', { by: 7 }],
  ['gate', { gate: 'open' }],
  ['signal', { signal: {} }],
  ['journal', { journal: 'run.journal' }],
  ['implementations', { implementations: {} }],
  ['clock', { clock: 5 }],
])('run refuses %s', (field, more) => {
  expect(fieldOf(() => run(plan, { ...good, ...more }))).toEqual([field, InputError]);
});

test.each<[string, string, unknown]>([
  ['an empty object', 'implementations.0.action', {}],
  ['null', 'implementations.0', null],
  ['an action without a name', 'implementations.0.action.name', { action: {}, handlers: {} }],
  ['no action', 'implementations.0.action', { action: null, handlers: {} }],
  ['no handlers', 'implementations.0.handlers', { action: { name: 'note' }, handlers: null }],
])('for an implementation, %s is refused by its place', async (_, field, implementation) => {
  const given = { ...good, implementations: [implementation] as never };
  expect(fieldOf(() => run(plan, given))).toEqual([field, InputError]);
  await expect(rehearse(plan, given)).rejects.toMatchObject({ code: 'input', field });
});

test.each<[string, unknown]>([
  ['null', null],
  ['nothing', undefined],
  ['its text', JSON.stringify(plan)],
  ['a list', [plan]],
])('for a plan, %s is refused', async (_, given) => {
  expect(fieldOf(() => run(given as never, good))).toEqual(['plan', InputError]);
  await expect(rehearse(given as never, good)).rejects.toMatchObject({ code: 'input', field: 'plan' });
});

test('rehearse refuses what it does not know', async () => {
  await expect(rehearse(plan, { ...good, holder: 'me' } as never)).rejects.toMatchObject({ field: 'holder' });
});

test.each<[string, Record<string, unknown>]>([
  ['Port', { Port: 22 }],
  ['port', { port: '22' }],
  ['port', { port: 70_000 }],
  ['connectTimeout', { connectTimeout: 0 }],
  ['options.Proxy Jump', { options: { 'Proxy Jump': 'b' } }],
  ['user', { user: '' }],
])('an SSH host refuses %s', (field, more) => {
  expect(fieldOf(() => sshHost({ host: 'h', ...more }))).toEqual([field, CommandInputError]);
});

test.each<[string, Record<string, unknown>]>([
  ['timeOut', { timeOut: 1 }],
  ['redacts', { redacts: ['secret'] }],
  ['sudo', { sudo: 'yes please'.length }],
  ['expect', { expect: 1 }],
  ['env.A', { env: { A: 1 } }],
])('a command refuses %s before it runs', async (field, more) => {
  await expect(localHost().run(['true'], more as never)).rejects.toMatchObject({
    field,
    code: 'command-input',
  });
});

test('a local host, a plan and a step likewise', () => {
  expect(fieldOf(() => localHost({ prefixes: [] } as never))).toEqual(['prefixes', CommandInputError]);
  expect(
    fieldOf(() => definePlan({ id: 'p', title: 'P', steps: [noted('a')], warning: [] } as never)),
  ).toEqual(['warning', PlanError]);
  expect(fieldOf(() => note.step({ id: 'a', input: { name: 'a' }, timeOut: 1 } as never))).toEqual([
    'timeOut',
    PlanError,
  ]);
});
