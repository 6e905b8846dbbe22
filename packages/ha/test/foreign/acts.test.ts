import { describe, expect, onTestFinished, test } from 'vitest';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { computeService } from '../../src/instances/compute-service.ts';
import { planReturn } from '../../src/instances/plan-recovery.ts';
import { haPolicy } from '../../src/instances/policy.ts';
import { recoveryImplementations } from '../../src/instances/recovery-implementations.ts';
import { recoveryOf, siteWithServers } from '../instances/site.ts';
import { withDarkCell } from './dark-cells.ts';

// What must be true of the world at the moment of an act, whatever was true when it was planned: docs/guides/high-availability.md

describe('power off', () => {
  // nova 2.69, "Handling Down Cells": between plan and act its cell stops responding.
  test('a host of which Nova does not tell any more keeps its power', async () => {
    const site = await siteWithServers(1);
    site.boards.crash('compute-2');
    const plan = await recoveryOf(site, 'compute-2');
    const seen = withDarkCell(site.simulated, new Set(['compute-2']));
    onTestFinished(async () => seen[Symbol.asyncDispose]());
    const outcome = await site.execute(plan, {
      implementations: recoveryImplementations({ cloud: seen, fencer: site.fence }),
      onFailure: 'roll-back',
    });
    expect(outcome).toMatchObject({ failures: [{ step: 'fence', code: 'ha.changed' }] });
    expect(site.boards.orders).toEqual([]);
  });
});

describe('forced up', () => {
  // nova `api/openstack/compute/services.py`, bug 1922053: Nova asks for `done` evacuations alone.
  test('not while an evacuation from it has not arrived', async () => {
    const site = await siteWithServers(1);
    const [id = ''] = site.servers;
    site.boards.crash('compute-2');
    const plan = await recoveryOf(site, 'compute-2');
    await site.execute(plan);
    const { migrations } = site.simulated.state.compute;
    const back = planReturn('compute-2', await readCloudView(site.cloud), haPolicy());
    if (!back.ok) throw new Error('no plan');
    const [record] = migrations.filter(({ server }) => server === id);
    if (record === undefined) throw new Error('no record');
    record.status = 'accepted';
    let forcedUp: boolean | undefined;
    site.simulated.clock.after(300_000, () => {
      forcedUp = !site.simulated.state.compute.services.find(
        ({ host, binary }) => host === 'compute-2' && binary === 'nova-compute',
      )?.forced_down;
      record.status = 'completed';
    });
    expect(await site.execute(back.plan)).toMatchObject({ status: 'succeeded' });
    expect(forcedUp).toBe(false);
    expect(await computeService(site.cloud, 'compute-2', new AbortController().signal)).toMatchObject({
      forcedDown: false,
      up: true,
    });
  });
});
