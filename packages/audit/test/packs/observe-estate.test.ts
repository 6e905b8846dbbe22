import { type Cloud, connect } from '@groundcrew/core';
import { reset, simulateCloud, type SimulatedCloud, status, truncate } from '@groundcrew/sim';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { allPacks, observeEstate } from '../../src/packs.ts';
import { evaluate } from '../../src/policy.ts';

let simulated: SimulatedCloud;
let cloud: Cloud;
beforeAll(async () => {
  simulated = simulateCloud({ seed: 4, release: 'zed' });
  const { connectOptions } = await simulated.listen({ port: 0 });
  cloud = connect({ ...connectOptions, clock: simulated.clock, retries: 0 });
});
afterAll(async () => {
  await cloud.close();
  await simulated.close();
});

describe('what goes wrong in one part is a gap there, and nowhere else', () => {
  test.each([
    ['users', /\/users(\?|$)/, status(403), 'denied'],
    ['trusts', /OS-TRUST\/trusts$/, status(503), 'failed'],
    ['servers', /servers\/detail/, truncate(20), 'failed'],
    ['images', /v2\/images/, reset(), 'failed'],
    ['volumes', /volumes\/detail/, status(404), 'unsupported'],
  ] as const)('%s', async (part, path, reply, completeness) => {
    const fault = simulated.fault({ match: { method: 'GET', path }, reply });
    const estate = await observeEstate(cloud);
    fault.stop();
    expect(estate[part].completeness).toBe(completeness);
    expect(estate[part].gaps.length).toBeGreaterThan(0);
    expect(estate.roleAssignments.completeness).toBe('complete');
    expect(estate.defaultQuotas.completeness).toBe('complete');

    const report = evaluate(allPacks, estate, { now: cloud.clock.now() });
    const blind = report.policies.filter(({ needs }) => needs.some((need) => need === part));
    expect(blind).not.toEqual([]);
    for (const { id, tally } of blind) {
      expect(tally.pass, id).toBe(0);
      expect(tally.unknown, id).toBeGreaterThan(0);
    }
  });

  test("one project's quota that cannot be read leaves the others", async () => {
    const [project] = await Array.fromAsync(cloud.identity.projects.list({ name: 'admin' }));
    const path = new RegExp(`os-quota-sets/${project?.id}$`);
    const fault = simulated.fault({ match: { service: 'compute', path }, reply: status(500) });
    const { quotas } = await observeEstate(cloud);
    fault.stop();
    expect(quotas.completeness).toBe('partial');
    expect(quotas.gaps.map(({ what }) => what)).toEqual(['compute quota of admin']);
    expect(
      quotas.value.filter(({ project_id }) => project_id === project?.id).map(({ service }) => service),
    ).toEqual(['network', 'block-storage']);
  });
});

test('a service that the cloud does not have is unsupported, and its policies unknown', async () => {
  const estate = await observeEstate(cloud);
  expect([estate.listeners.completeness, estate.containers.completeness]).toEqual([
    'unsupported',
    'unsupported',
  ]);
  const { findings } = evaluate(allPacks, estate, { now: cloud.clock.now() });
  const swift = findings.filter(({ id }) => id.startsWith('audit.container.'));
  expect(swift.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  expect(swift[0]?.because[0]?.statement).toMatch(/object-store/);
});

test('listeners are read where the cloud has Octavia, of all projects', async () => {
  const withOctavia = simulateCloud({ loadBalancer: true });
  onTestFinished(() => withOctavia.close());
  const { connectOptions } = await withOctavia.listen({ port: 0, speed: 0 });
  const other = connect({ ...connectOptions, clock: withOctavia.clock });
  onTestFinished(() => other.close());
  const estate = await observeEstate(other);
  expect(estate.listeners).toMatchObject({ completeness: 'complete', gaps: [] });
  const { findings } = evaluate(allPacks, estate, { now: other.clock.now() });
  const open = findings.filter(({ id }) => id === 'audit.load-balancer.open-to-all');
  expect(open.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail', 'fail']);
});

test('a caller that aborts gets the reason, not gaps', async () => {
  await expect(observeEstate(cloud, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
    'enough',
  );
  const late = new AbortController();
  cloud.events.once('response', () => late.abort(new Error('too late')));
  await expect(observeEstate(cloud, { signal: late.signal })).rejects.toThrow('too late');
});
