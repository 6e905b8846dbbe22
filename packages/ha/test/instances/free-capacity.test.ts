import type { Plan } from '@groundcrew/runbook';
import { status } from '@groundcrew/sim';
import { expect, test } from 'vitest';
import { Approvals } from '../../src/instances/approvals.ts';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { planRecovery } from '../../src/instances/plan-recovery.ts';
import { haPolicy } from '../../src/instances/policy.ts';
import { FreeCapacity } from '../../src/instances/free-capacity.ts';
import { withCapacity } from '../../src/instances/with-capacity.ts';
import { type Site, siteWithServers } from './site.ts';

const { signal } = new AbortController();
const alone = { others: new Set<string>(), asked: false };

/** Takes so much of a host that what is left is known. */
async function fill({ cloud }: Site, host: string, resources: Record<string, number>): Promise<void> {
  const provider = await cloud.placement.resourceProviders.find(host);
  await cloud.placement.at('1.28').allocations.replace({
    id: crypto.randomUUID(),
    allocations: { [provider.uuid]: { resources } },
    project_id: 'p',
    user_id: 'u',
    consumer_generation: null,
  });
}

async function leave(site: Site, host: string, left: number): Promise<void> {
  const seen = await withCapacity(site.cloud, await readCloudView(site.cloud));
  const free = seen.hosts?.find((view) => view.host === host)?.free;
  await fill(site, host, { VCPU: (free?.vcpus ?? 0) - left });
}

async function warningsOf(site: Site, differs: Parameters<typeof haPolicy>[0] = {}): Promise<string[]> {
  const view = await new FreeCapacity(site.cloud).of(
    'compute-2',
    await readCloudView(site.cloud),
    alone,
    signal,
  );
  const planned = planRecovery({ host: 'compute-2', servers: site.servers }, view, haPolicy(differs));
  if (!planned.ok) throw new Error(planned.refusals[0]?.reason);
  return [...planned.plan.warnings];
}

test('there is room: nothing is said', async () => {
  expect(await warningsOf(await siteWithServers(4))).toEqual([]);
});

test('two requests tell of a whole cloud, one of each size of server; a full host is asked itself', async () => {
  const site = await siteWithServers(1);
  await leave(site, 'compute-1', 0);
  const before = site.simulated.requests.filter({ service: 'placement' }).length;
  const seen = await withCapacity(site.cloud, await readCloudView(site.cloud));
  expect(site.simulated.requests.filter({ service: 'placement' }).length - before).toBe(4);
  expect(seen.hosts?.map(({ host, free }) => [host, (free?.vcpus ?? -1) > 0])).toEqual([
    ['compute-1', false],
    ['compute-2', true],
    ['compute-3', true],
  ]);
});

test('too little room is said before anybody is fenced', async () => {
  const site = await siteWithServers(4);
  await leave(site, 'compute-1', 1);
  await leave(site, 'compute-3', 2);
  const [warning, ...more] = await warningsOf(site);
  expect(warning).toMatch(/^Not all will fit: 1 servers, the first for: vcpus: 1 needed, 0 free at most$/);
  expect(more).toEqual([]);
});

test('what another recovery moves is not free: two hosts that die together have one room', async () => {
  const site = await siteWithServers(4);
  await leave(site, 'compute-1', 3);
  await leave(site, 'compute-3', 0);
  const view = await readCloudView(site.cloud);
  const [first, ...rest] = site.servers;
  const planOf = async (
    servers: readonly string[],
    others: readonly string[],
  ): Promise<readonly string[]> => {
    const room = await new FreeCapacity(site.cloud).of(
      'compute-2',
      view,
      { others: new Set(others), asked: false },
      signal,
    );
    const planned = planRecovery({ host: 'compute-2', servers }, room, haPolicy());
    return planned.ok ? planned.plan.warnings : planned.refusals.map(({ reason }) => reason);
  };
  expect(await planOf(rest, [])).toEqual([]);
  expect(await planOf(rest, [first ?? ''])).toEqual([
    expect.stringMatching(/^Not all will fit: 1 servers, the first for: vcpus: 1 needed, 0 free at most$/),
  ]);
});

test('a reserve counts where it is used, and only it where nothing else is', async () => {
  const site = await siteWithServers(2);
  const spare = (await readCloudView(site.cloud)).hosts?.find(({ host }) => host === 'compute-3');
  await site.cloud.compute
    .at('2.73')
    .services.update({ id: spare?.service ?? '', status: 'disabled', disabled_reason: 'spare' });
  await leave(site, 'compute-1', 0);
  const reservedHosts = ['compute-3'];
  expect(await warningsOf(site)).toHaveLength(1);
  expect(await warningsOf(site, { method: 'auto_priority', reservedHosts })).toEqual([]);
  expect(await warningsOf(site, { method: 'reserved_host', reservedHosts })).toEqual([]);
  await leave(site, 'compute-3', 0);
  expect(await warningsOf(site, { method: 'reserved_host', reservedHosts })).toHaveLength(1);
});

test('a Placement that says nothing holds nobody up, and nothing is taken for free', async () => {
  const site = await siteWithServers(1);
  site.simulated.fault({ match: { service: 'placement' }, reply: status(403) });
  expect(await warningsOf(site)).toEqual([
    'It is not known whether all fit: 1 servers, the first for: no room on hosts whose capacity is known; not known of 2, compute-1 among them',
  ]);
});

test('while somebody is asked, the plan stays what they were shown', async () => {
  const site = await siteWithServers(2);
  const capacity = new FreeCapacity(site.cloud);
  let answer: ((approved: { readonly by: string } | undefined) => void) | undefined;
  const approvals = new Approvals(
    () => new Promise((resolve) => (answer = resolve)),
    () => undefined,
  );
  const plan = async (): Promise<Plan> => {
    const view = await readCloudView(site.cloud);
    const room = await capacity.of(
      'compute-2',
      view,
      { others: new Set(), asked: approvals.isOpen('compute-2') },
      signal,
    );
    const planned = planRecovery({ host: 'compute-2', servers: site.servers }, room, haPolicy());
    if (!planned.ok) throw new Error('refused');
    return planned.plan;
  };
  const shown = await plan();
  expect(approvals.of('compute-2', shown, 'recover', signal)).toBe('waiting');
  await leave(site, 'compute-1', 0);
  await leave(site, 'compute-3', 0);
  expect((await plan()).digest).toBe(shown.digest);
  answer?.(undefined);
  await Promise.resolve();
  await Promise.resolve();
  const other = await plan();
  expect(other.warnings).toHaveLength(1);
  expect(approvals.of('compute-2', other, 'recover', signal)).toBe('waiting');
});
