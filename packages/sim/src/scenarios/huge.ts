import { addHost } from '../services/compute/hosts.ts';
import { blankServer } from '../services/compute/blank-server.ts';
import type { Server } from '../services/compute/server.ts';
import type { SimState } from '../sim-state.ts';
import { base } from './base.ts';

const SERVERS = 100_000;
const HOSTS = 500;

/** A hundred thousand servers on five hundred hosts. Each is computed when it is read, so that memory stays flat. */
export function huge(state: SimState): void {
  const { projects, demo } = base(state, { computes: [] });
  const { compute, placement, image } = state;
  for (let index = 0; index < HOSTS; index += 1)
    addHost(state, hostOf(index), { vcpus: 256, memory_mb: 2_000_000, local_gb: 20_000 });
  const flavor = compute.flavors.find((candidate) => candidate.name === 'm1.small');
  const cirros = image.images.find((candidate) => candidate.name === 'cirros');
  if (flavor === undefined || cirros === undefined) return;
  const born = state.clock.now() - 365 * 86_400_000;
  const template = blankServer(state, {
    name: 'template',
    project_id: projects.demo.id,
    user_id: demo.id,
    flavor,
  });
  const make = (index: number): Server => ({
    ...template,
    id: `5eed0000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
    serial: index + 1,
    name: `vm-${index}`,
    hostname: `vm-${index}`,
    created: born + index * 1000,
    updated: born + index * 1000,
    launched: born + index * 1000,
    vm_state: 'active',
    task_state: null,
    power_state: 1,
    hasShutDown: false,
    host: hostOf(index % HOSTS),
    availability_zone: 'nova',
    image: cirros.id,
    metadata: {},
    tags: [],
    volumes: [],
  });
  compute.servers.imagine({
    count: SERVERS,
    make,
    indexOf: (id) => {
      const match = /^5eed0000-0000-4000-8000-([0-9a-f]{12})$/.exec(id);
      const index = match === null ? SERVERS : Number.parseInt(match[1] as string, 16);
      return index < SERVERS ? index : undefined;
    },
  });
  const serversPerHost = SERVERS / HOSTS;
  for (const provider of placement.providers.values()) {
    placement.allocate(
      `bulk-${provider.id}`,
      { project_id: projects.demo.id, user_id: demo.id },
      {
        [provider.id]: {
          VCPU: serversPerHost * flavor.vcpus,
          MEMORY_MB: serversPerHost * flavor.ram,
          DISK_GB: serversPerHost * flavor.disk,
        },
      },
    );
  }
}

const hostOf = (index: number): string => `compute-${String(index + 1).padStart(3, '0')}`;
