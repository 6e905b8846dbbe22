import { memoryJournal, run } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { fencer } from '../../src/fencing/fencer.ts';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { evacuate } from '../../src/instances/evacuate.ts';
import { planReturn } from '../../src/instances/plan-recovery.ts';
import { recoveryImplementations } from '../../src/instances/recovery-implementations.ts';
import { haPolicy } from '../../src/instances/policy.ts';
import { status as answering } from '@groundcrew/sim';
import { recoveryOf, siteWithServers, whereIs } from './site.ts';

test('30 servers of a dead host run elsewhere, and the host comes back', async () => {
  const site = await siteWithServers(30);
  site.boards.crash('compute-2');
  const plan = await recoveryOf(site, 'compute-2');
  const outcome = await site.execute(plan);
  expect('failures' in outcome ? outcome.failures : []).toEqual([]);
  expect(outcome).toMatchObject({ status: 'succeeded', counts: { succeeded: 33 } });
  for (const id of site.servers) {
    const { host, status } = await whereIs(site, id);
    expect(['compute-1', 'compute-3']).toContain(host);
    expect(status).toBe('ACTIVE');
  }
  const [down] = (await readCloudView(site.cloud)).hosts?.filter(({ host }) => host === 'compute-2') ?? [];
  expect(down).toMatchObject({ up: false, enabled: false, forcedDown: true });
  expect(down?.disabledReason).toMatch(/^groundcrew: evacuated \(/);

  const back = planReturn('compute-2', await readCloudView(site.cloud), haPolicy());
  if (!back.ok) throw new Error('no plan');
  expect(await site.execute(back.plan)).toMatchObject({ status: 'succeeded' });
  const [up] = (await readCloudView(site.cloud)).hosts?.filter(({ host }) => host === 'compute-2') ?? [];
  expect(up).toMatchObject({ up: true, enabled: true, forcedDown: false });
  expect(site.boards.orders).toEqual(['off compute-2', 'on compute-2']);
});

test('a board that lies: nothing is evacuated, and the machine gets its power back', async () => {
  const site = await siteWithServers(2);
  site.boards.crash('compute-2');
  const lying = fencer({
    drivers: [
      {
        method: 'lying',
        read: async () => ({ state: 'on', statement: 'on' }),
        off: async () => {},
        on: async () => {},
      },
    ],
    clock: site.cloud.clock,
  });
  const outcome = await site.execute(await recoveryOf(site, 'compute-2'), {
    implementations: recoveryImplementations({ cloud: site.cloud, fencer: lying }),
    onFailure: 'roll-back',
  });
  expect(outcome).toMatchObject({
    status: 'rolled-back',
    failures: [{ step: 'fence', code: 'fence-not-off' }],
  });
  expect(site.simulated.requests.filter({ operation: 'servers.evacuate' })).toEqual([]);
  expect(await whereIs(site, site.servers[0] ?? '')).toMatchObject({ host: 'compute-2' });
});

test('a host that is turned on again while it is being recovered gets nothing evacuated from it', async () => {
  const site = await siteWithServers(3);
  site.boards.crash('compute-2');
  const plan = await recoveryOf(site, 'compute-2', { concurrency: 1 });
  const declared = site.boards.on.bind(site.boards);
  const implementations = recoveryImplementations({
    cloud: site.cloud,
    fencer: site.fence,
    maxProofAge: 0,
  });
  const journal = memoryJournal();
  const execution = run(plan, { approved: plan.digest, implementations, journal });
  execution.events.on('record', ({ event }) => {
    if (event.type === 'step-succeeded' && event.step === 'declare-down') void declared('compute-2');
  });
  const outcome = await execution.outcome;
  expect(outcome).toMatchObject({ status: 'partially-succeeded', counts: { failed: 3 } });
  expect(site.simulated.requests.filter({ operation: 'servers.evacuate' })).toEqual([]);
});

test('one server that cannot be moved does not stop the others', async () => {
  const site = await siteWithServers(4);
  site.boards.crash('compute-2');
  const plan = await recoveryOf(site, 'compute-2');
  const path = new RegExp(`${site.servers[1]}/action$`);
  site.simulated.fault({ match: { operation: 'servers.evacuate', path }, reply: answering(500) });
  const outcome = await site.execute(plan);
  expect(outcome).toMatchObject({ status: 'partially-succeeded', counts: { succeeded: 6, failed: 1 } });
});

test('503s in the middle are survived', async () => {
  const site = await siteWithServers(3);
  site.boards.crash('compute-2');
  const plan = await recoveryOf(site, 'compute-2');
  site.simulated.fault({ match: { operation: 'migrations.list' }, first: 2, reply: answering(503) });
  expect(await site.execute(plan)).toMatchObject({ status: 'succeeded' });
});

test('cut off after any record of its journal, it goes on, and evacuates nothing twice', async () => {
  const whole = await siteWithServers(3);
  whole.boards.crash('compute-2');
  const journal = memoryJournal();
  await whole.execute(await recoveryOf(whole, 'compute-2'), { journal });
  const records = await journal.read();
  expect(records.length).toBeGreaterThan(15);
  for (let kept = 2; kept < records.length; kept += 3) {
    const site = await siteWithServers(3);
    site.boards.crash('compute-2');
    const plan = await recoveryOf(site, 'compute-2');
    const mine = memoryJournal();
    const options = {
      approved: plan.digest,
      implementations: recoveryImplementations({ cloud: site.cloud, fencer: site.fence }),
      journal: mine,
    };
    const cut = run(plan, options);
    let seen = 0;
    cut.events.on('record', () => {
      seen += 1;
      if (seen !== kept) return;
      cut.cancel();
      cut.cancel();
    });
    await cut.outcome;
    const outcome = await run(plan, options).outcome;
    expect(outcome.status).toBe('succeeded');
    const evacuations = site.simulated.requests.filter({ operation: 'servers.evacuate' });
    expect(evacuations).toHaveLength(3);
  }
});

test('evacuate takes only a proof, of this process, of this host, fresh', async () => {
  const site = await siteWithServers(1);
  const [server = ''] = site.servers;
  site.boards.crash('compute-2');
  const proof = await site.fence.off('compute-2');
  const copy = { ...proof };
  await expect(evacuate(site.cloud, server, copy)).rejects.toMatchObject({
    code: 'evacuation-without-proof',
  });
  await site.simulated.clock.advance('61s');
  await expect(evacuate(site.cloud, server, proof)).rejects.toMatchObject({
    code: 'evacuation-without-proof',
  });
  expect(site.simulated.requests.filter({ operation: 'servers.evacuate' })).toEqual([]);
});

test.each(['reserved_host', 'rh_priority', 'auto_priority'] as const)(
  'the reserve, by the method %s',
  async (method) => {
    const site = await siteWithServers(2);
    const services = site.cloud.compute.at('2.73').services;
    const spare = (await readCloudView(site.cloud)).hosts?.find(({ host }) => host === 'compute-3');
    await services.update({
      id: spare?.service ?? '',
      status: 'disabled',
      disabled_reason: 'groundcrew: reserved',
    });
    site.boards.crash('compute-2');
    const plan = await recoveryOf(site, 'compute-2', { method, reservedHosts: ['compute-3'] });
    expect(await site.execute(plan)).toMatchObject({ status: 'succeeded' });
    const hosts = await Promise.all(site.servers.map((id) => whereIs(site, id)));
    const expected = method === 'auto_priority' ? 'compute-1' : 'compute-3';
    expect(new Set(hosts.map(({ host }) => host))).toEqual(new Set([expected]));
    const after = (await readCloudView(site.cloud)).hosts?.find(({ host }) => host === 'compute-3');
    expect(after?.enabled).toBe(method !== 'auto_priority');
  },
);

test('a host that is back before it was fenced keeps its power', async () => {
  const site = await siteWithServers(1);
  const plan = await recoveryOf(site, 'compute-2');
  await site.simulated.clock.advance('30s');
  const outcome = await site.execute(plan, { onFailure: 'roll-back' });
  expect(outcome).toMatchObject({ failures: [{ step: 'fence', code: 'ha.changed', phase: 'precondition' }] });
  expect(site.boards.orders).toEqual([]);
});
