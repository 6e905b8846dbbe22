import { type Cloud, observeList } from '@groundcrew/core';
import { NOVA } from '../cloud-view.ts';
import type { Observation, Observer } from '../observation.ts';

/**
 * The heartbeats of nova-compute, as Nova judges them (`service_down_time`, 60 seconds by default). One that was forced
 * down tells nothing: then the answer is `unknown`.
 */
export const novaServiceObserver = (cloud: Cloud, id = 'nova-service'): Observer => ({
  id,
  async observe(hosts, { signal } = {}) {
    const services = await observeList(
      'compute services',
      cloud.compute.at(NOVA).services.list({ binary: 'nova-compute' }, { signal }),
    );
    const at = cloud.clock.now();
    const byHost = new Map(services.value.map((one) => [one.host, one]));
    return hosts.map((host): Observation => {
      const one = byHost.get(host);
      const look = { host, observer: id, at };
      if (one === undefined) {
        const statement = services.gaps[0]?.why ?? 'Nova has no compute service of that name';
        return { ...look, state: 'unknown', statement };
      }
      if (one.forced_down)
        return { ...look, state: 'unknown', statement: 'it was forced down: its heartbeat does not show' };
      const statement = `Nova counts it as ${one.state}, last heard of ${one.updated_at ?? 'never'}`;
      return { ...look, state: one.state === 'up' ? 'up' : 'down', statement };
    });
  },
});
