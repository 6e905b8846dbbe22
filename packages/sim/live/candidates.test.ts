import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, parityClouds } from './parity-clouds.ts';

describe.each(parityClouds)('allocation candidates on $name', (parityCloud) => {
  test('a disabled host’s provider says so, and is withheld from who asks for roots that do not', async () => {
    const clean = new CleanUp();
    const cloud = await asAdmin(parityCloud);
    const nova = cloud.compute.at('2.53');
    const placement = cloud.placement.at('1.36');
    const services = await Array.fromAsync(nova.services.list({ binary: 'nova-compute' }));
    const service = services.find(({ state, status }) => state === 'up' && status === 'enabled');
    const hypervisors = await Array.fromAsync(nova.hypervisors.list());
    const provider = hypervisors.find((hypervisor) => hypervisor.service.host === service?.host)?.id ?? '';
    const offered = async (root_required?: string): Promise<boolean> => {
      const { provider_summaries: summaries } = await placement.allocationCandidates.get({
        resources: 'VCPU:1',
        ...(root_required !== undefined && { root_required }),
      });
      return provider in summaries;
    };
    const isSaid = async (): Promise<boolean> => {
      const { traits } = await placement.providerTraits.get({ resource_provider_id: provider });
      return traits.includes('COMPUTE_STATUS_DISABLED');
    };
    const seen = async (): Promise<boolean[]> => [
      await isSaid(),
      await offered(),
      await offered('!COMPUTE_STATUS_DISABLED'),
      await offered('COMPUTE_STATUS_DISABLED'),
    ];
    const id = service?.id ?? '';
    expect(await seen()).toEqual([false, true, true, false]);
    clean.later(() => nova.services.update({ id, status: 'enabled' }));
    await nova.services.update({ id, status: 'disabled', disabled_reason: 'a test' });
    expect(await seen()).toEqual([true, true, false, true]);
    await nova.services.update({ id, status: 'enabled' });
    expect(await seen()).toEqual([false, true, true, false]);
  });

  test('what is free is capacity without what is used, of all classes, whichever was asked for', async () => {
    const cloud = await asAdmin(parityCloud);
    const placement = cloud.placement.at('1.36');
    const { provider_summaries: summaries } = await placement.allocationCandidates.get({
      resources: 'VCPU:1',
    });
    expect(Object.keys(summaries).length).toBeGreaterThan(0);
    for (const [resource_provider_id, { resources }] of Object.entries(summaries)) {
      const { inventories } = await placement.inventories.get({ resource_provider_id });
      const { usages } = await placement.usages.ofProvider({ resource_provider_id });
      const figures = Object.entries(inventories).map(([name, { total, reserved, allocation_ratio }]) => [
        name,
        { capacity: Math.trunc((total - reserved) * allocation_ratio), used: usages[name] },
      ]);
      expect(resources).toEqual(Object.fromEntries(figures));
    }
  });
});
