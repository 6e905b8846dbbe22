import { memoryJournal } from '@groundcrew/runbook';
import { status as answering } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/instances/decide.ts';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { evacuate } from '../../src/instances/evacuate.ts';
import { planRecovery, planReturn } from '../../src/instances/plan-recovery.ts';
import { haPolicy, type HaPolicy } from '../../src/instances/policy.ts';
import { postMortem } from '../../src/instances/post-mortem.ts';
import { serversToMove, sortServers } from '../../src/instances/servers-to-move.ts';
import type { ServerMove, ServerView } from '../../src/instances/situation.ts';
import { whereabouts } from '../../src/instances/whereabouts.ts';
import { NOW, serverView, siteWithDead } from '../instances/situations.ts';
import { type Site, siteWithServers } from '../instances/site.ts';

// Nova's evacuate looks at vm_state alone (nova `compute/api.py`, `evacuate`, since bug 1978983 `task_state=None`), and libvirt
// switches a live migration to its destination before Nova writes `host` (nova `compute/manager.py`, `_post_live_migration`).

const policy = haPolicy();
const move = (differs: Partial<ServerMove> = {}): ServerMove => ({
  type: 'live-migration',
  status: 'running',
  source: 'compute-2',
  dest: 'compute-3',
  ...differs,
});
const server = (differs: Partial<ServerView>): ServerView => serverView('s', 'compute-2', differs);
const codes = (view: ServerView, off: readonly string[] = []): string[] =>
  sortServers('compute-2', [view], policy, new Set(off)).left.map(({ code }) => code);

describe('where the guest may be', () => {
  test('a live migration under way: at both ends', () => {
    const view = server({ task: 'migrating', moves: [move()] });
    expect(whereabouts(view)).toEqual({ hosts: ['compute-2', 'compute-3'], unknown: undefined });
    expect(codes(view)).toEqual(['may-run-elsewhere']);
    expect(codes(view, ['compute-3'])).toEqual([]);
  });

  // nova `compute/task_states.py`: each of these is carried out by, or for, another host.
  test.each([
    'migrating',
    'resize_prep',
    'resize_migrating',
    'resize_migrated',
    'resize_finish',
    'rebuilding',
    'spawning',
  ])('a task %s without a record that names the other host: not known', (task) => {
    expect(codes(server({ task, moves: [] }))).toEqual(['not-known-where']);
    expect(codes(server({ task }))).toEqual(['not-known-where']);
  });

  test('a task that nobody knows is not taken for harmless', () => {
    expect(codes(server({ task: 'teleporting' }))).toEqual(['not-known-where']);
  });

  test.each(['powering-off', 'rebooting', 'image_snapshot'])('a task %s is of its own host', (task) => {
    expect(codes(server({ task, moves: [] }))).toEqual([]);
  });

  // nova `db/main/api.py`, migration_get_in_progress_by_host_and_node
  test.each(['completed', 'done', 'failed', 'cancelled', 'confirmed', 'reverted', 'error'])(
    'a record that is %s has ended',
    (status) => {
      expect(codes(server({ moves: [move({ status })] }))).toEqual([]);
    },
  );

  test.each(['accepted', 'queued', 'preparing', 'running', 'post-migrating', 'reverting', 'a-new-word'])(
    'a record that is %s has not',
    (status) => {
      expect(codes(server({ moves: [move({ status })] }))).toEqual(['may-run-elsewhere']);
    },
  );

  test('a record that names no destination yet: not known', () => {
    expect(codes(server({ moves: [move({ status: 'accepted', dest: undefined })] }))).toEqual([
      'not-known-where',
    ]);
  });

  // nova `compute/manager.py`, `_do_live_migration`: "as its almost certainly too late to rollback"
  test('a live migration that failed after the switch: server and record in error, the guest at the destination', () => {
    const failed = move({ status: 'error' });
    expect(codes(server({ state: 'error', moves: [failed] }))).toEqual(['may-run-elsewhere']);
    // Who has looked resets the state.
    expect(codes(server({ state: 'active', moves: [failed] }))).toEqual([]);
    const later = move({ status: 'completed', source: 'compute-1', dest: 'compute-2' });
    expect(codes(server({ state: 'error', moves: [later, failed] }))).toEqual([]);
  });

  test('a resize that waits to be confirmed has stopped its source', () => {
    const resized = move({ type: 'resize', status: 'finished', source: 'compute-1', dest: 'compute-2' });
    expect(whereabouts(server({ state: 'resized', moves: [resized] })).hosts).toEqual(['compute-2']);
    expect(
      whereabouts(server({ state: 'resized', moves: [{ ...resized, status: 'reverting' }] })).hosts,
    ).toContain('compute-1');
  });
});

async function migrating(count = 2): Promise<Site & { readonly id: string; readonly dest: string }> {
  const site = await siteWithServers(count);
  const [id = ''] = site.servers;
  await site.cloud.compute.at('2.30').servers.liveMigrate({ id, host: null, block_migration: 'auto' });
  site.boards.crash('compute-2');
  await site.simulated.clock.advance('5m');
  const [record] = await Array.fromAsync(
    site.cloud.compute.at('2.59').migrations.list({ instance_uuid: id }),
  );
  return { ...site, id, dest: record?.dest_compute ?? '' };
}

async function planOf(site: Site, differs: Partial<HaPolicy> = {}, heldOff: readonly string[] = []) {
  const view = await readCloudView(site.cloud);
  const planned = planRecovery({ host: 'compute-2', servers: site.servers }, view, haPolicy(differs), {
    heldOff: new Set(heldOff),
  });
  if (!planned.ok) throw new Error(planned.refusals[0].reason);
  return planned.plan;
}

describe('the source dies while a server is in live migration', () => {
  test('the proof that the source is off is not enough to evacuate it', async () => {
    const site = await migrating();
    const source = await site.fence.off('compute-2');
    const attempt = evacuate(site.cloud, site.id, source);
    await expect(attempt).rejects.toMatchObject({ code: 'evacuation-without-proof', host: site.dest });
    expect(site.simulated.requests.count({ operation: 'servers.evacuate' })).toBe(0);
  });

  test('the proofs of both are', async () => {
    const site = await migrating();
    const source = await site.fence.off('compute-2');
    const dest = await site.fence.off(site.dest);
    await site.simulated.clock.advance('1s');
    const services = await Array.fromAsync(
      site.cloud.compute.at('2.73').services.list({ binary: 'nova-compute' }),
    );
    const { id = '' } = services.find(({ host }) => host === 'compute-2') ?? {};
    await site.cloud.compute.at('2.73').services.update({ id, forced_down: true });
    expect(await evacuate(site.cloud, site.id, [source, dest])).toMatchObject({ from: 'compute-2' });
  });

  test('it is set aside, named in the plan, the closing and the post-mortem; the others are recovered', async () => {
    const site = await migrating(3);
    const plan = await planOf(site);
    expect(plan.steps.map(({ id }) => id)).not.toContain(`evacuate-${site.id}`);
    expect(plan.warnings.join()).toMatch(/1 servers stay on it: vm-1 \(.*may be running on compute-/);
    const journal = memoryJournal();
    expect(await site.execute(plan, { journal })).toMatchObject({ status: 'succeeded' });
    const account = postMortem(await journal.read());
    expect(account.notMoved).toMatchObject([{ server: site.id, state: 'active' }]);
    expect(account.stillThere).toEqual([site.id]);
    expect(account.counts.moved).toBe(2);
  });

  test('when its destination is held off, too, the plan moves it, and asks both boards', async () => {
    const site = await migrating(1);
    await site.fence.off(site.dest);
    const plan = await planOf(site, {}, [site.dest]);
    expect(plan.steps.find(({ id }) => id === `evacuate-${site.id}`)?.input).toMatchObject({
      alsoOff: [site.dest],
    });
    expect(await site.execute(plan)).toMatchObject({ status: 'succeeded' });
  });

  test('a destination that is on again by then keeps it where it is', async () => {
    const site = await migrating(1);
    await site.fence.off(site.dest);
    const plan = await planOf(site, {}, [site.dest]);
    await site.fence.on(site.dest);
    expect(await site.execute(plan)).toMatchObject({ status: 'partially-succeeded' });
    expect(site.simulated.requests.count({ operation: 'servers.evacuate' })).toBe(0);
  });

  test('a host that may run it is fenced for it, though it carries nothing', () => {
    const situation = siteWithDead(8, ['compute-2', 'compute-3']);
    const servers = (situation.cloud.servers ?? [])
      .filter(({ host }) => host !== 'compute-3')
      .map((view) => (view.host === 'compute-2' ? { ...view, task: 'migrating', moves: [move()] } : view));
    const seen = { ...situation, cloud: { ...situation.cloud, servers } };
    expect(decide(seen).recover).toEqual([{ host: 'compute-3', servers: [] }]);
    const history = {
      observations: [],
      recoveries: [
        { host: 'compute-3', startedAt: NOW - 90_000, endedAt: NOW - 60_000, state: 'recovered' as const },
      ],
    };
    expect(decide({ ...seen, history }).recover).toEqual([
      { host: 'compute-2', servers: ['server-of-compute-2'] },
    ]);
  });

  test('its host is not turned on: at its start nova-compute may start the guest again', async () => {
    const site = await migrating(1);
    await site.fence.off('compute-2');
    const back = planReturn('compute-2', await readCloudView(site.cloud), policy);
    if (!back.ok) throw new Error('no plan');
    const outcome = await site.execute(back.plan);
    expect(outcome).toMatchObject({ failures: [{ step: 'power-on', code: 'ha.may-run-elsewhere' }] });
    expect(site.boards.orders).toEqual(['off compute-2']);
  });

  test('a recovery that is undone does not turn it on either', async () => {
    const site = await migrating(2);
    const plan = await planOf(site);
    // Once: what is undone before the power must not be what keeps it off.
    site.simulated.fault({ match: { operation: 'services.update' }, first: 1, reply: answering(409) });
    expect(await site.execute(plan, { onFailure: 'roll-back' })).toMatchObject({ status: 'failed' });
    expect(site.boards.orders).not.toContain('on compute-2');
  });
});

describe('servers that no plan moves are named', () => {
  test.each(['paused', 'suspended', 'rescued', 'resized', 'shelved', 'building', 'soft-delete'])(
    '%s',
    (state) => {
      const { moving, left } = sortServers('compute-2', [server({ state })], policy);
      expect(moving).toEqual([]);
      expect(left).toMatchObject([{ server: 's', state }]);
      expect(left[0]?.reason).not.toBe('');
    },
  );

  test('every server of a host is either moved or named', () => {
    const states = ['active', 'stopped', 'error', 'paused', 'unknown', 'deleted', 'rescued'];
    const all = states.map((state, at) => serverView(`${at}`, 'compute-2', { state }));
    const { moving, left } = sortServers('compute-2', all, policy);
    expect(moving.length + left.length).toBe(all.length);
  });

  // masakari `engine/drivers/taskflow/host_failure.py`: resets to error what Nova does not evacuate, and stops it afterwards.
  test('what the policy resets is evacuated, and is as Masakari leaves it', async () => {
    const site = await siteWithServers(3);
    const [paused = '', resized = ''] = site.servers;
    Object.assign(site.simulated.state.compute.servers.get(paused) ?? {}, {
      vm_state: 'paused',
      power_state: 3,
    });
    Object.assign(site.simulated.state.compute.servers.get(resized) ?? {}, { vm_state: 'resized' });
    site.boards.crash('compute-2');
    expect((await planOf(site)).steps.map(({ id }) => id)).not.toContain(`evacuate-${paused}`);
    const plan = await planOf(site, { resetStates: ['paused', 'resized'] });
    expect(plan.warnings.join()).toContain('vm-1 is paused: it is reset to error and evacuated');
    expect(await site.execute(plan)).toMatchObject({ status: 'succeeded' });
    const after = async (id: string) => (await site.cloud.compute.servers.get({ id })).status;
    expect([await after(paused), await after(resized)]).toEqual(['SHUTOFF', 'ACTIVE']);
  });

  // masakari `[host_failure] ignore_instances_in_error_state`
  test('what was in error before is the policy’s to leave', () => {
    const broken = server({ state: 'error' });
    expect(serversToMove('compute-2', [broken], policy)).toHaveLength(1);
    expect(sortServers('compute-2', [broken], haPolicy({ evacuateErrors: false })).left).toMatchObject([
      { code: 'was-in-error' },
    ]);
  });

  test('the decision names them in every round', () => {
    const situation = siteWithDead(8, ['compute-2']);
    const servers = [...(situation.cloud.servers ?? []), serverView('p', 'compute-2', { state: 'paused' })];
    const { leftBehind, refusals } = decide({ ...situation, cloud: { ...situation.cloud, servers } });
    expect(leftBehind).toMatchObject([{ host: 'compute-2', servers: [{ server: 'p', code: 'state' }] }]);
    expect(refusals.map(({ code }) => code)).toContain('ha.left-behind');
  });
});
