import { connect } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { explain } from '@groundcrew/runbook';
import { failoverImpact, planFailover, readReplication } from '../../src/replication.ts';
import { BACKEND, connection, site } from './site.ts';

describe('what it would do', () => {
  test('volumes, snapshots and servers, each with its fate', async () => {
    const { cloud, root, data, scratch, snapshot, booted, other } = await site();
    const impact = failoverImpact(await readReplication(cloud), { backend: BACKEND, to: 'site-b' });
    expect(Object.fromEntries(impact.volumes.map(({ id, fate }) => [id, fate]))).toEqual({
      [root]: 'fails-over',
      [data]: 'fails-over',
      [scratch]: 'error',
    });
    expect(impact.snapshotsInError).toEqual([snapshot]);
    expect(Object.fromEntries(impact.servers.map(({ id, reconnect }) => [id, reconnect]))).toEqual({
      [booted]: 'shelve',
      [other]: 'reattach',
    });
    expect(impact).toMatchObject({ gaps: [], wayBack: { answer: 'unknown' } });
  });

  test('a volume that would be lost must be accepted by its id', async () => {
    const { cloud, scratch } = await site();
    const seen = await readReplication(cloud);
    const refusal = {
      code: 'replication.unaccepted',
      reason: expect.stringContaining(`scratch (${scratch})`),
    };
    expect(planFailover(seen, { backends: [BACKEND] })).toMatchObject({ ok: false, refusals: [refusal] });
    expect(planFailover(seen, { backends: [BACKEND], accept: ['another'] })).toMatchObject({ ok: false });
    expect(planFailover(seen, { backends: [BACKEND], accept: [scratch] })).toMatchObject({ ok: true });
  });
});

describe('there and back', () => {
  test('the replica is used, what has none is in error, and every connection is a new one', async () => {
    const there = await site();
    const { cloud, root, data, scratch, snapshot, booted, other } = there;
    const before = [await connection(there, root), await connection(there, data)];
    const plan = await there.plan({ to: 'site-b' });
    expect(explain(plan)).toContain('Fail controller-1@ceph over to site-b');
    expect(plan.warnings.join('\n')).toContain(
      '1 volume of controller-1@ceph and 1 snapshot of them go to error',
    );
    expect(await there.execute(plan)).toMatchObject({ status: 'succeeded' });
    const [service] = await Array.fromAsync(cloud.blockStorage.services.list({ binary: 'cinder-volume' }));
    expect(service).toMatchObject({
      replication_status: 'failed-over',
      active_backend_id: 'site-b',
      disabled_reason: 'failed-over',
      frozen: true,
    });
    expect(await cloud.blockStorage.volumes.get({ id: scratch })).toMatchObject({
      status: 'error',
      replication_status: 'not-capable',
    });
    expect(await cloud.blockStorage.snapshots.get({ id: snapshot })).toMatchObject({ status: 'error' });
    const after = [await connection(there, root), await connection(there, data)];
    for (const [at, id] of after.entries()) expect([undefined, before[at]]).not.toContain(id);
    for (const id of [booted, other])
      expect(await cloud.compute.servers.get({ id })).toMatchObject({ status: 'ACTIVE' });

    expect(await there.execute(await there.plan({ to: 'default' }))).toMatchObject({ status: 'succeeded' });
    const [back] = await Array.fromAsync(cloud.blockStorage.services.list({ binary: 'cinder-volume' }));
    expect(back).toMatchObject({ replication_status: 'enabled', status: 'enabled', frozen: false });
    expect([undefined, ...after]).not.toContain(await connection(there, root));
  });

  test('a volume more to lose, and the approval is for nothing', async () => {
    const { cloud, plan, execute } = await site();
    const approved = await plan({ to: 'site-b' });
    const { id } = await cloud.blockStorage.volumes.create({ name: 'late', size: 1, volume_type: 'ceph' });
    await cloud.blockStorage.volumes.waitFor(id, 'available');
    expect(await execute(approved)).toMatchObject({ status: 'refused' });
    const [service] = await Array.fromAsync(cloud.blockStorage.services.list({ binary: 'cinder-volume' }));
    expect(service).toMatchObject({ replication_status: 'enabled' });
  });

  test('one that was begun meanwhile is waited for, not begun again', async () => {
    const { cloud, simulated, plan, execute } = await site();
    const approved = await plan({ to: 'site-b', reconnect: false });
    const outcome = await execute(approved, {
      // Begun after the approval, as by an attempt that was cut off before its answer came.
      revisionOf: async ({ id }) => {
        await cloud.blockStorage.services.failoverHost({ host: id, backend_id: 'site-b' });
        return approved.targets[0]?.revision;
      },
    });
    expect(outcome).toMatchObject({ status: 'succeeded' });
    expect(simulated.requests.count({ operation: 'services.failoverHost' })).toBe(1);
  });

  test('a replica that is not there leaves the backend as it is, and the step says so', async () => {
    const { cloud, plan, execute } = await site();
    const seen = await readReplication(cloud);
    expect(planFailover(seen, { backends: [BACKEND], to: 'mars', accept: 'all' })).toMatchObject({
      refusals: [{ code: 'replication.no-target', remedy: 'Name one of site-b, site-c.' }],
    });
    const approved = await plan({ to: 'site-b' });
    expect(await execute(approved)).toMatchObject({ status: 'succeeded' });
    expect(
      planFailover(await readReplication(cloud), { backends: [BACKEND], to: 'site-b', accept: 'all' }),
    ).toMatchObject({
      refusals: [{ code: 'replication.already' }],
    });
  });
});

describe('refused', () => {
  test('who is no administrator sees too little', async () => {
    const { cloud, simulated } = await site();
    const { connectOptions } = await simulated.listen();
    await using member = connect({
      ...connectOptions,
      auth: { ...connectOptions.auth, username: 'demo', project_name: 'demo' },
      clock: cloud.clock,
    });
    const planned = planFailover(await readReplication(member), { backends: [BACKEND], accept: 'all' });
    expect(planned.ok).toBe(false);
    const codes = planned.ok ? [] : planned.refusals.map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['replication.unseen', 'replication.no-backend']));
  });

  test('a backend that has no replicas, that is down, or that there is not', async () => {
    const { cloud, simulated } = await site();
    const seen = await readReplication(cloud);
    expect(planFailover(seen, { backends: ['mars'] })).toMatchObject({
      refusals: [{ code: 'replication.no-backend' }],
    });
    simulated.hosts.kill('controller-1');
    await simulated.clock.advance('5m');
    expect(planFailover(await readReplication(cloud), { backends: [BACKEND], accept: 'all' })).toMatchObject({
      refusals: [{ code: 'replication.down' }],
    });
  });
});
