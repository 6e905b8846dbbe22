import { type SimulatedCloud, simulateCloud, virtualClock } from '@groundcrew/sim';

/** How much a simulated cloud has. */
export interface SiteSize {
  readonly hosts: number;
  readonly servers: number;
  readonly ports: number;
}

/** The scenario `huge`, with so many things. Its time is the machine's: other clients would take its tokens for expired. */
export function siteOf({ hosts, servers, ports }: SiteSize): SimulatedCloud {
  const simulated = simulateCloud({ scenario: 'huge', clock: virtualClock(Date.now()) });
  const { compute, network } = simulated.state;
  const kept = new Set(
    compute.hypervisors
      .values()
      .slice(0, hosts)
      .map(({ host }) => host),
  );
  for (const { id, host } of compute.hypervisors.values())
    if (!kept.has(host)) compute.hypervisors.delete(id);
  for (const { id, host, binary } of compute.services.values())
    if (binary === 'nova-compute' && !kept.has(host)) compute.services.delete(id);
  for (const { id, host } of network.agents.values())
    if (host.startsWith('compute-') && !kept.has(host)) network.agents.delete(id);
  const [template] = compute.servers.newestFirst();
  if (template === undefined) throw new Error('the scenario has no servers');
  const places = [...kept];
  const idOf = (index: number): string => `5eed0000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
  compute.servers.imagine({
    count: servers,
    make: (index) => ({
      ...template,
      id: idOf(index),
      serial: index + 1,
      name: `vm-${index}`,
      host: places[index % hosts] ?? '',
    }),
    indexOf: (id) => {
      const index = Number.parseInt(id.slice(-12), 16);
      return index < servers ? index : undefined;
    },
  });
  const [port] = network.ports.values();
  if (port === undefined) throw new Error('the scenario has no port');
  for (let index = 0; index < ports; index += 1)
    network.ports.add({ ...port, id: `90200000-0000-4000-8000-${String(index).padStart(12, '0')}` });
  return simulated;
}
