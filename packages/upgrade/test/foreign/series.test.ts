import { connect } from '@groundcrew/core';
import { releases, simulateCloud } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import {
  asOf,
  assess,
  detectRelease,
  nextHops,
  observe,
  plannedUntil,
  series,
  title,
} from '../../src/index.ts';

const named = (name: string) => {
  const found = series.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const max = (service: string, version: string) => ({
  service,
  versions: [{ id: 'v2.1', status: 'CURRENT', max: version }],
});

// openstack/releases; nova/api/openstack/compute/rest_api_version_history.rst and cinder's.
// Nine of fourteen were judged `mixed`, and 2026.2 was "2026.1, maintained", while sim and the table had facts of their own.
test.each(releases.map(({ name }) => name))('the simulated %s is uniform, and itself', async (name) => {
  await using simulated = simulateCloud({ release: name });
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  await using cloud = connect({ ...connectOptions, clock: simulated.clock });
  const { verdict, candidates } = detectRelease((await observe(cloud)).value.services);
  expect(verdict).toBe('uniform');
  expect(candidates).toContain(name);
});

// The lab's own figures: 98 extensions of Zed and 105 of 2025.1, and what 2025.1 has and has not (issue of 2026-11).
test('the simulated Neutron has the extensions of the real ones', async () => {
  const extensions = async (release: string): Promise<string[]> => {
    await using simulated = simulateCloud({ release });
    const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
    await using cloud = connect({ ...connectOptions, clock: simulated.clock });
    return (await Array.fromAsync(cloud.network.extensions.list())).map(({ alias }) => alias);
  };
  expect(await extensions('zed')).toHaveLength(98);
  const epoxy = await extensions('epoxy');
  expect(epoxy).toHaveLength(105);
  expect(epoxy).toEqual(expect.arrayContaining(['network_ha', 'port-numa-affinity-policy-socket']));
  for (const alias of [
    'qinq',
    'port-trusted-vif',
    'port-hardware-offload-type',
    'external-gateway-multihoming',
  ])
    expect(epoxy).not.toContain(alias);
});

test('a Nova from the future beside a Cinder of Zed: newer, and mixed', () => {
  const { verdict, because } = detectRelease([max('compute', '2.199'), max('block-storage', '3.70')]);
  expect(verdict).toBe('mixed');
  expect(because).toEqual([
    expect.stringContaining('2.199 is newer than every series'),
    expect.stringMatching(/^block-storage is Zed .*, compute is .* or newer$/),
  ]);
});

test('a Nova from the future beside the newest Cinder: newer, and no more', () => {
  expect(detectRelease([max('compute', '2.199'), max('block-storage', '3.71')]).verdict).toBe('newer');
});

describe('where to', () => {
  test.each([
    ['zed', ['2023.1 (Antelope)', '2024.1 (Caracal)', '2025.1 (Epoxy)', '2026.1 (Gazpacho)']],
    ['epoxy', ['2026.1 (Gazpacho)']],
    ['flamingo', ['2026.1 (Gazpacho)']],
    // It is on the newest SLURP: nothing sends it off.
    ['gazpacho', []],
    ['hibiscus', []],
  ])('from %s to the newest SLURP', (name, hops) => {
    expect(nextHops(named(name)).map(title)).toEqual(hops);
  });

  test('to the newest of all by a word of the caller', () => {
    expect(nextHops(named('epoxy'), { slurp: false }).map(title)).toEqual([
      '2026.1 (Gazpacho)',
      '2026.2 (Hibiscus)',
    ]);
  });
});

describe('support, by a table that ends on a day', () => {
  const observed = {
    value: { services: [max('compute', '2.103'), max('block-storage', '3.71')] },
    at: `${asOf}T00:00:00Z`,
    source: 'versions',
    completeness: 'complete',
    gaps: [],
  } as const;
  const support = (day: string) =>
    assess(observed, { now: Date.parse(day) }).find(({ id }) => id === 'upgrade.supported');

  test('until the next planned event it is known', () => {
    expect(plannedUntil('2027-03-23')).toEqual([]);
    expect(support('2027-03-23')?.verdict).toBe('pass');
  });

  test('after it nothing is, and the finding says where a newer table comes from', () => {
    expect(plannedUntil('2027-03-24')).toEqual(['2027.1 (Indri) is released']);
    expect(support('2027-03-24')).toMatchObject({
      verdict: 'unknown',
      title: `Support is not known: this table of series is of ${asOf}`,
      remedy: expect.stringContaining('data/series_status.yaml'),
    });
  });

  test('what is in development is not maintained', () => {
    const future = { ...observed, value: { services: [max('compute', '2.104')] } };
    const found = assess(future, { now: Date.parse('2026-09-01') }).find(
      ({ id }) => id === 'upgrade.supported',
    );
    expect(found?.verdict).not.toBe('pass');
  });
});
