import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type Clock,
  memoryJournal,
  type Outcome,
  type Plan,
  run,
  type RunOptions,
  systemClock,
} from '@groundcrew/runbook';
import type { CommandResult } from '@groundcrew/runbook/hosts';
import { describe, expect, test } from 'vitest';
import {
  controlPlaneImplementations,
  type ControlPlaneTarget,
  planControlPlaneRestore,
} from '../../src/control-plane.ts';
import type { RecoveryPoint } from '../../src/repository.ts';
import { crashesAt, Life, Records } from '../life.ts';
import { DEFINITIONS, DIFFERENCES, type Stack, stack, TABLES } from './stack.ts';

function planOf(point: RecoveryPoint, target: ControlPlaneTarget): Plan {
  const planned = planControlPlaneRestore(point, target);
  if (!planned.ok) throw new TypeError(planned.refusals.map(({ reason }) => reason).join('; '));
  return planned.plan;
}

const execute = ({ host, repository }: Stack, plan: Plan, more: Partial<RunOptions> = {}): Promise<Outcome> =>
  run(plan, {
    approved: plan.digest,
    implementations: controlPlaneImplementations({ repository, hosts: { 'ctl-1': host } }),
    journal: memoryJournal(),
    gate: async () => 'open',
    ...more,
  }).outcome;

/** Everything that a restore is about. */
async function stateOf({ datadir, keys, host }: Stack) {
  const names = (await readdir(keys)).toSorted();
  return {
    tables: JSON.parse(await readFile(path.join(datadir, 'tables.json'), 'utf8')) as unknown,
    keys: await Promise.all(names.map(async (name) => [name, await readFile(path.join(keys, name), 'utf8')])),
    running: [...host.world.running].toSorted(),
    definitions: host.world.definitions,
    beside: (await readdir(path.dirname(keys))).map((name) => name.replace(/-[\da-f]{12}$/, '')).toSorted(),
  };
}

const RESTORED = {
  tables: TABLES,
  keys: [
    ['0', 'staged'],
    ['1', 'primary'],
  ],
  running: ['keystone', 'mariadb', 'nova', 'rabbitmq'],
  definitions: DEFINITIONS,
  beside: ['keys', 'keys.before', 'mysql', 'mysql.before'],
};

test('databases, keys, definitions, components in their order, then OVN: told, and after a yes repaired', async () => {
  const made = await stack();
  await made.ruin();
  const journal = memoryJournal();
  const plan = planOf(made.point, made.target);
  const asked: string[] = [];
  const outcome = await execute(made, plan, {
    journal,
    gate: async ({ question }) => {
      asked.push(question, ...made.host.world.said.slice(-1));
      return 'open';
    },
  });
  expect(outcome).toMatchObject({ status: 'succeeded' });
  expect(await stateOf(made)).toEqual(RESTORED);
  expect(made.host.world.said).toEqual([
    'stop nova',
    'stop keystone',
    expect.stringMatching(/^stop (mariadb|rabbitmq)$/),
    expect.stringMatching(/^stop (mariadb|rabbitmq)$/),
    'unpack',
    'prepare',
    'start mariadb',
    'files',
    'start rabbitmq',
    'definitions',
    'start keystone',
    'start nova',
    'ovn log',
    'ovn repair',
    'ovn log',
  ]);
  expect(asked).toEqual([expect.stringContaining('OVN'), 'ovn log']);
  const told = (await journal.read()).flatMap(({ event }) =>
    event.type === 'step-acted' && event.step.startsWith('ovn') ? [event.output] : [],
  );
  expect(told).toEqual([
    { warnings: 1, last: [DIFFERENCES[1]] },
    { warnings: 1, last: [DIFFERENCES[1]] },
    { warnings: 0, last: [] },
  ]);
});

test('without a yes OVN is compared, and not changed', async () => {
  const made = await stack();
  await made.ruin();
  const outcome = await execute(made, planOf(made.point, made.target), { gate: async () => 'wait' });
  expect(outcome).toMatchObject({ status: 'paused' });
  expect(made.host.world.said.at(-1)).toBe('ovn log');
});

test('a server that has other tables than the copy stops the restore, and rolled back all is as before', async () => {
  const made = await stack();
  await made.ruin();
  const before = await stateOf(made);
  const { host, datadir } = made;
  let isDone = false;
  host.around = async (act) => {
    const result = await act();
    if (isDone || host.world.said.at(-1) !== 'start mariadb') return result;
    isDone = true;
    // Somebody writes to the databases before they are compared.
    await writeFile(path.join(datadir, 'tables.json'), '{"nova.instances":"12"}');
    return result;
  };
  const outcome = await execute(made, planOf(made.point, made.target), { onFailure: 'roll-back' });
  expect(outcome).toMatchObject({ status: 'rolled-back' });
  expect(JSON.stringify(outcome)).toContain('2 of 2 tables of mariadb on ctl-1 are not those of the copy');
  expect(await stateOf(made)).toEqual(before);
});

test('a broker that has not what was imported is told of', async () => {
  const made = await stack();
  await made.ruin();
  const { host } = made;
  host.around = async (act) => {
    const result = await act();
    if (result.command.includes('import_definitions'))
      host.world.definitions = '{"vhosts":[{"name":"/nova"}],"users":[]}';
    return result;
  };
  // Between two looks it does not wait; limits of time are longer.
  const clock: Clock = {
    now: () => Date.now(),
    sleep: (ms, signal) => (ms > 1_000 ? systemClock.sleep(ms, signal) : Promise.resolve()),
  };
  const outcome = await execute(made, planOf(made.point, made.target), { clock });
  expect(outcome).toMatchObject({ status: 'failed' });
  expect(JSON.stringify(outcome)).toContain('the broker on ctl-1 does not have user nova');
});

test('under a server that did not stop nothing is moved', async () => {
  const made = await stack();
  await made.ruin();
  const before = await stateOf(made);
  const { host } = made;
  host.around = async (act) => {
    const result = await act();
    if (result.command[0] === 'systemctl' && result.command[1] === 'stop') host.world.running.add('mariadb');
    return result;
  };
  const outcome = await execute(made, planOf(made.point, made.target), { onFailure: 'roll-back' });
  expect(JSON.stringify(outcome)).toContain('a server of mariadb still answers');
  expect(await stateOf(made)).toEqual(before);
});

test('files that are not what was stored are told of, and put back with the rest on a rollback', async () => {
  const made = await stack();
  await made.ruin();
  const before = await stateOf(made);
  const { host, keys } = made;
  let isDone = false;
  host.around = async (act) => {
    const result = await act();
    if (isDone || !result.command.includes(keys) || result.command[0] !== 'sh') return result;
    isDone = true;
    await writeFile(path.join(keys, '1'), 'another');
    return result;
  };
  const outcome = await execute(made, planOf(made.point, made.target), { onFailure: 'roll-back' });
  expect(outcome).toMatchObject({ status: 'rolled-back' });
  expect(JSON.stringify(outcome)).toContain('what is on ctl-1 is not what was stored');
  expect(await stateOf(made)).toEqual(before);
});

test('a host that was not given, and a point that is gone, are refused before anything is touched', async () => {
  const made = await stack();
  await made.ruin();
  const before = await stateOf(made);
  const plan = planOf(made.point, {
    ...made.target,
    databases: { mariadb: { host: 'ctl-9', component: 'mariadb' } },
  });
  expect(await execute(made, plan)).toMatchObject({ status: 'failed' });
  expect((await stateOf(made)).tables).toEqual(before.tables);
});

describe('what is not planned', () => {
  const refusedFor = async (
    change: (made: Stack) => { readonly point?: object; readonly target?: Partial<ControlPlaneTarget> },
  ) => {
    const made = await stack();
    const { point, target } = change(made);
    const planned = planControlPlaneRestore(
      { ...made.point, ...point },
      {
        ...made.target,
        ...target,
      },
    );
    return planned.ok ? [] : planned.refusals.map(({ code }) => code);
  };

  test.each([
    ['not-one', () => ({ point: { contents: { kind: 'tenant' } } })],
    ['partial', () => ({ point: { completeness: 'partial', gaps: [{ what: 'x', why: 'y' }] } })],
    ['no-such-part', () => ({ target: { only: ['mariadb', 'swift'] } })],
    ['no-place', () => ({ target: { definitions: {} } })],
    ['no-component', ({ target }: Stack) => ({ target: { order: [...target.order, ['glance']] } })],
    ['no-component', ({ target }: Stack) => ({ target: { order: target.order.slice(1) } })],
    ['no-component', ({ target }: Stack) => ({ target: { order: [...target.order, ['nova']] } })],
    [
      'unproven',
      ({ point }: Stack) => ({
        point: {
          contents: JSON.parse(JSON.stringify(point.contents).replace('"checksums"', '"sums"')) as unknown,
        },
      }),
    ],
  ])('%s', async (code, change) => {
    expect(await refusedFor(change as Parameters<typeof refusedFor>[0])).toContain(`control-plane.${code}`);
  });

  test('what is accepted is planned, and warned of', async () => {
    const { point, target } = await stack();
    const partial = {
      ...point,
      completeness: 'partial' as const,
      gaps: [{ what: '/etc/nova of ctl-1', why: 'it is not there' }],
      contents: JSON.parse(JSON.stringify(point.contents).replace('"checksums"', '"sums"')) as unknown,
    };
    const plan = planOf(partial, { ...target, accept: ['partial', 'unproven'] });
    expect(plan.steps.map(({ id }) => id)).not.toContain('check-mariadb');
    expect(plan.warnings.join('\n')).toMatch(/\/etc\/nova[^]*never started/);
  });

  test('options that there are not are refused by their name', async () => {
    const { point, target } = await stack();
    expect(() => planControlPlaneRestore(point, { ...target, misspelt: 1 } as never)).toThrow(
      expect.objectContaining({ field: 'misspelt' }),
    );
    expect(() =>
      planControlPlaneRestore(point, {
        ...target,
        databases: { mariadb: { host: 'a', component: 'mariadb', datadir: '/var/../etc' } },
      }),
    ).toThrow(expect.objectContaining({ field: 'databases.mariadb.datadir' }));
  });
});

test('of a cluster the node with the copy starts first, alone; the others join in their layer', async () => {
  const { point, target } = await stack();
  const nodes = ['ctl-1', 'ctl-2', 'ctl-3'].map((host) => ({
    host,
    stop: ['systemctl', 'stop', 'mariadb'] as const,
    start:
      host === 'ctl-1' ? (['galera_new_cluster'] as const) : (['systemctl', 'start', 'mariadb'] as const),
  }));
  const plan = planOf(point, { ...target, components: { ...target.components, mariadb: nodes } });
  const needsOf = (id: string) => plan.steps.find((step) => step.id === id)?.needs;
  expect(needsOf('start-mariadb-1')).toEqual(['restore-mariadb']);
  expect(needsOf('start-mariadb-2')).toEqual(['restore-rabbitmq']);
  expect(needsOf('start-keystone-1')).toEqual(['start-mariadb-2', 'start-mariadb-3']);
});

test('killed behind every record and every command: the next call ends it, and what was there is aside once', async () => {
  const made = await stack();
  const { host } = made;
  const plan = planOf(made.point, made.target);
  function live(life: Life, records = new Records()): Promise<Outcome> {
    host.around = (act: () => Promise<CommandResult>) => life.leave(act);
    return execute(made, plan, { journal: records.journal(life) });
  }
  const calm = new Life();
  await made.ruin();
  expect(await live(calm)).toMatchObject({ status: 'succeeded' });
  expect(calm.traces).toBeGreaterThan(60);
  const wrong: unknown[] = [];
  for (const crash of crashesAt(calm.traces)) {
    const records = new Records();
    await made.ruin();
    const killed = await live(new Life(crash), records);
    const { status } = killed.status === 'succeeded' ? killed : await live(new Life(), records);
    const state = await stateOf(made);
    if (status !== 'succeeded' || JSON.stringify(state) !== JSON.stringify(RESTORED))
      wrong.push({ ...crash, status, state });
  }
  expect(wrong).toEqual([]);
});
