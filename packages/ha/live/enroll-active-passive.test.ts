import {
  type PacemakerCluster,
  type PacemakerClusterNode,
  startPacemakerCluster,
  waitUntil,
} from '@groundcrew/lab';
import {
  type Host,
  type Implementation,
  memoryJournal,
  type Outcome,
  type Plan,
  run,
} from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  observeActivePassive,
  activePassiveImplementations,
  type ActivePassiveOptions,
  planActivePassive,
  planActivePassiveRetirement,
  type ActivePassiveRetirementOptions,
} from '../src/enroll.ts';
import { type Catalogue, catalogue, type Component, observePacemaker } from '../src/stack.ts';

let cluster: PacemakerCluster | undefined;
let hosts: Host[] = [];
beforeAll(async () => {
  cluster = await startPacemakerCluster({ nodes: 3, fencing: true });
  hosts = cluster.nodes.map(({ name, prefix }) => localHost({ name, prefix }));
});
afterAll(() => cluster?.stop());

const nodes = (): readonly PacemakerClusterNode[] => cluster?.nodes ?? [];
const component = inCatalogue('cinder-volume');

/** Stands for cinder-volume: what matters is that it runs, once. */
const options = {
  nodes: ['ctl-1', 'ctl-2', 'ctl-3'],
  agent: 'ocf:heartbeat:anything',
  options: { binfile: '/usr/bin/sleep', cmdline_options: '1000000', pidfile: '/run/volume.pid' },
  monitor: '2s',
} satisfies ActivePassiveOptions;

const look = (differs: Partial<ActivePassiveOptions> = {}) =>
  observeActivePassive('cinder-volume', { ...options, ...differs }, hosts);

async function planOf(differs: Partial<ActivePassiveOptions> = {}): Promise<Plan> {
  const planned = planActivePassive(component, { ...options, ...differs }, await look(differs));
  if (!planned.ok) throw new Error(JSON.stringify(planned.refusals));
  return planned.plan;
}

async function retirement(differs: Partial<ActivePassiveRetirementOptions> = {}): Promise<Plan> {
  const where = { nodes: options.nodes, ...differs };
  const planned = planActivePassiveRetirement(
    component,
    where,
    await observeActivePassive('cinder-volume', where, hosts),
  );
  if (!planned.ok) throw new Error(JSON.stringify(planned.refusals));
  return planned.plan;
}

const carryOut = (plan: Plan, implementations = activePassiveImplementations({ hosts })): Promise<Outcome> =>
  run(plan, {
    approved: plan.digest,
    journal: memoryJournal(),
    implementations,
    onFailure: 'roll-back',
  }).outcome;

function inCatalogue(name: string): Component {
  const found = (catalogue as Catalogue)[name];
  if (found === undefined) throw new Error(`the catalogue has no ${name}`);
  return found;
}

const hostOf = (name: string): Host => {
  const host = hosts.find((candidate) => candidate.name === name);
  if (host === undefined) throw new Error(`no host ${name}`);
  return host;
};

/** All is done, and then nobody can see that it is: it is undone. */
const blindImplementations = (): readonly Implementation[] =>
  activePassiveImplementations({ hosts }).map((implementation) =>
    implementation.action.name === 'ha.confirm-one'
      ? {
          ...implementation,
          handlers: {
            perform: () => Promise.reject(new Error('nobody looks')),
            compensate: () => Promise.resolve(),
          },
        }
      : implementation,
  );

const codesOf = async (differs: Partial<ActivePassiveOptions> = {}): Promise<string[]> => {
  const planned = planActivePassive(component, { ...options, ...differs }, await look(differs));
  return planned.ok ? [] : planned.refusals.map(({ code }) => code);
};

const first = (): PacemakerClusterNode => {
  const [node] = nodes();
  if (node === undefined) throw new Error('three were started');
  return node;
};

/** On which nodes the program runs, as the nodes' own processes tell. */
async function runningOn(these: readonly PacemakerClusterNode[]): Promise<string[]> {
  const told = await Promise.all(
    these.map(
      async (node) => [node.name, await node.run(['pgrep', '-f', '^/usr/bin/sleep 1000000'])] as const,
    ),
  );
  return told.flatMap(([name, pids]) => (pids.trim() === '' ? [] : [name]));
}
const running = (): Promise<string[]> => runningOn(nodes());

describe('a component of which one may be active, with real Pacemaker', () => {
  test('without fencing there is no plan', async () => {
    const fencing = async (enabled: boolean): Promise<void> => {
      await first().run(['crm_attribute', '--name', 'stonith-enabled', '--update', String(enabled)]);
    };
    await fencing(false);
    expect(await codesOf()).toEqual(['enroll.no-fencing']);
    await fencing(true);
    expect(await codesOf({ nodes: ['ctl-1', 'ctl-9'] })).toEqual([
      'enroll.unknown-node',
      'enroll.no-fencing',
    ]);
    expect(await codesOf()).toEqual([]);
  });

  test('an agent that a node does not have, options that it does not take: nothing is changed', async () => {
    const missing = await carryOut(await planOf({ agent: 'ocf:heartbeat:nobody' }));
    expect(missing).toMatchObject({
      status: 'rolled-back',
      failures: [1, 2, 3].map(() => ({
        code: 'enroll.not-accepted',
        message: expect.stringContaining('no agent'),
      })),
    });
    const wrong = await carryOut(await planOf({ options: { binfile: '/usr/bin/nothing-there' } }));
    expect(wrong).toMatchObject({
      status: 'rolled-back',
      failures: [1, 2, 3].map(() => ({ message: expect.stringContaining('does not take the options') })),
    });
    expect((await look()).present).toEqual({ state: 'absent' });
  });

  test('a node that does not let go of it: nobody else gets it', async () => {
    const outcome = await carryOut(
      await planOf({ handOver: { run: ['sh', '-c', 'test "$(hostname)" != ctl-3'] } }),
    );
    expect(outcome).toMatchObject({ status: 'rolled-back', failures: [{ step: 'hand-over-ctl-3' }] });
    expect((await look()).present).toEqual({ state: 'absent' });
  });

  test('taken from whoever started it, given to Pacemaker, and back again', async () => {
    // On the last of them it runs already, started by hand, and would be started twice.
    const own: readonly [string, ...string[]] = [
      'sh',
      '-c',
      'test "$(hostname)" != ctl-3 || { setsid -f /usr/bin/sleep 1000000 > /dev/null 2>&1 < /dev/null; }',
    ];
    await nodes()[2]?.run(own);
    expect(await running()).toEqual(['ctl-3']);
    const handOver = {
      run: ['sh', '-c', 'pkill -f "^/usr/bin/sleep 1000000" || true'],
      undo: [...own],
    };
    const plan = await planOf({ handOver });
    const undone = await carryOut(plan, blindImplementations());
    expect(undone.status).toBe('rolled-back');
    expect((await look()).present).toEqual({ state: 'absent' });
    expect(await running()).toEqual(['ctl-3']);

    expect(await carryOut(await planOf({ handOver }))).toMatchObject({ status: 'succeeded' });
    expect(await running()).toEqual(['ctl-1']);
  });

  test('Pacemaker itself says what it will do, and does that', async () => {
    expect(await codesOf()).toEqual(['enroll.already']);
    const journal = memoryJournal();
    const plan = await planOf({ nodes: ['ctl-1', 'ctl-2'], failBack: true });
    const { outcome } = run(plan, {
      approved: plan.digest,
      journal,
      implementations: activePassiveImplementations({ hosts }),
    });
    expect(await outcome).toMatchObject({ status: 'succeeded' });
    const records = await journal.read();
    const rehearsed = records.find(({ event }) => event.type === 'step-acted' && event.step === 'rehearse');
    expect(rehearsed?.event).toMatchObject({ output: { wouldDo: [] } });
    expect(await running()).toEqual(['ctl-1']);
    // Run once more, as by somebody who does not know that it was done.
    expect(await carryOut(plan)).toMatchObject({ status: 'succeeded' });
    expect(await carryOut(await planOf())).toMatchObject({ status: 'succeeded' });
  });

  test('what it would do to others is seen before anything is done', async () => {
    const change = (verb: string, scope: string, xml: string): Promise<string> =>
      first().run(['cibadmin', `--${verb}`, '--scope', scope, '--xml-text', xml]);
    // Wherever cinder-volume goes, this goes, too.
    await change(
      'create',
      'resources',
      '<primitive id="other" class="ocf" provider="pacemaker" type="Dummy"/>',
    );
    await change(
      'create',
      'constraints',
      '<rsc_colocation id="with-it" rsc="other" with-rsc="cinder-volume" score="INFINITY"/>',
    );
    const withIt = async (): Promise<boolean> =>
      (await observePacemaker({ host: hostOf('ctl-1') })).value?.resources.find(({ id }) => id === 'other')
        ?.nodes[0] === 'ctl-1';
    await waitUntil(withIt, { within: 60_000, what: 'the other one' });
    const outcome = await carryOut(await planOf({ nodes: ['ctl-2', 'ctl-3'], failBack: true }));
    expect(outcome).toMatchObject({
      status: 'rolled-back',
      failures: [{ code: 'enroll.disturbs', step: 'rehearse', message: expect.stringContaining('other') }],
    });
    expect(await running()).toEqual(['ctl-1']);
    await change('delete', 'constraints', '<rsc_colocation id="with-it"/>');
    await change('delete', 'resources', '<primitive id="other"/>');
  });

  test('changed by hand: it is not overwritten unasked, and what was there comes back', async () => {
    await first().run([
      'crm_resource',
      '--resource',
      'cinder-volume',
      '--meta',
      '--set-parameter',
      'priority',
      '--parameter-value',
      '7',
    ]);
    expect(await codesOf()).toEqual(['enroll.edited']);
    const before = (await look()).present;
    const plan = await planOf({ adopt: true });
    expect((await carryOut(plan, blindImplementations())).status).toBe('rolled-back');
    expect((await look()).present).toEqual(before);
    expect(await carryOut(await planOf({ adopt: true }))).toMatchObject({ status: 'succeeded' });
    expect(await codesOf()).toEqual(['enroll.already']);
    expect(await running()).toEqual(['ctl-1']);
  });

  test('what else would stop without it is seen before anything is done', async () => {
    await first().run([
      'cibadmin',
      '--create',
      '--scope',
      'resources',
      '--xml-text',
      '<primitive id="beside" class="ocf" provider="pacemaker" type="Dummy"/>',
    ]);
    await first().run([
      'cibadmin',
      '--create',
      '--scope',
      'constraints',
      '--xml-text',
      '<rsc_colocation id="beside-it" rsc="beside" with-rsc="cinder-volume" score="INFINITY"/>',
    ]);
    const isThere = async (): Promise<boolean> =>
      (await observePacemaker({ host: hostOf('ctl-1') })).value?.resources.find(({ id }) => id === 'beside')
        ?.nodes[0] === 'ctl-1';
    await waitUntil(isThere, { within: 60_000, what: 'the one beside it' });
    expect(await carryOut(await retirement())).toMatchObject({
      status: 'rolled-back',
      failures: [{ step: 'rehearse', message: expect.stringContaining('beside') }],
    });
    expect(await running()).toEqual(['ctl-1']);
    await first().run([
      'cibadmin',
      '--delete',
      '--scope',
      'constraints',
      '--xml-text',
      '<rsc_colocation id="beside-it"/>',
    ]);
    await first().run([
      'cibadmin',
      '--delete',
      '--scope',
      'resources',
      '--xml-text',
      '<primitive id="beside"/>',
    ]);
  });

  test('retired: stopped everywhere, out of the configuration, and run by somebody else; undone, it is as it was', async () => {
    const before = (await look()).present;
    const own: [string, ...string[]] = [
      'sh',
      '-c',
      'setsid -f /usr/bin/sleep 1000000 > /dev/null 2>&1 < /dev/null',
    ];
    const undo: [string, ...string[]] = ['pkill', '-f', '^/usr/bin/sleep 1000000'];
    const refuses = { node: 'ctl-2', run: ['false'] };
    expect(await carryOut(await retirement({ handBack: refuses }))).toMatchObject({
      status: 'rolled-back',
      failures: [{ step: 'hand-back-ctl-2' }],
    });
    expect((await look()).present).toEqual(before);
    expect(await running()).toEqual(['ctl-1']);

    const plan = await retirement({ handBack: { node: 'ctl-2', run: own, undo } });
    expect(await carryOut(plan)).toMatchObject({ status: 'succeeded' });
    expect((await look()).present).toEqual({ state: 'absent' });
    expect(await running()).toEqual(['ctl-2']);
    // And given to Pacemaker again, from there.
    const handOver = { run: ['sh', '-c', 'pkill -f "^/usr/bin/sleep 1000000" || true'] };
    expect(await carryOut(await planOf({ handOver }))).toMatchObject({ status: 'succeeded' });
    expect(await running()).toEqual(['ctl-1']);
    expect((await look()).present).toEqual(before);
  });

  test('its process is killed: it is started again', async () => {
    const [pid = ''] = (await first().run(['pgrep', '-f', '^/usr/bin/sleep 1000000'])).split('\n');
    const began = performance.now();
    await first().run(['kill', '-s', 'KILL', pid]);
    const again = async (): Promise<boolean> => {
      const now = (await first().run(['pgrep', '-f', '^/usr/bin/sleep 1000000'])).trim();
      return now !== '' && now !== pid;
    };
    await waitUntil(again, { within: 60_000, what: 'its start' });
    console.log(`process killed, started again after ${seconds(began)}`);
    expect(await running()).toEqual(['ctl-1']);
  });

  test('its node dies: the node is fenced, and only then it runs elsewhere', async () => {
    const began = performance.now();
    await first().cut();
    // Cut off, not dead: it goes on to run there, until somebody who may has turned the node off.
    expect(await running()).toContain('ctl-1');
    let twice = false;
    const moved = async (): Promise<boolean> => {
      const others = (await runningOn(nodes().slice(1))).length;
      // Looked at after the others: if they have it, it is not here any more.
      twice ||= others > 1 || (others > 0 && (await runningOn([first()])).length > 0);
      return others > 0;
    };
    await waitUntil(moved, { within: 120_000, what: 'the move' });
    expect(twice).toBe(false);
    console.log(`node cut off, fenced, and moved after ${seconds(began)}`);
    const { value } = await observePacemaker({ host: hostOf('ctl-2') }, { timeout: 15_000 });
    expect(value?.nodes.find(({ name }) => name === 'ctl-1')).toMatchObject({
      online: false,
      unclean: false,
    });
    expect(await codesOf({ nodes: ['ctl-2', 'ctl-3', 'ctl-1'] })).toContain('enroll.unknown-node');
  });
});

const seconds = (began: number): string => `${((performance.now() - began) / 1_000).toFixed(1)} s`;
