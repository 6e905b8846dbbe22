import { addBackup } from '../services/block-storage/new-backup.ts';
import { addSnapshot } from '../services/block-storage/snapshots.ts';
import { addType } from '../services/block-storage/volume-types.ts';
import { syncDisabledTrait } from '../services/compute/disabled-trait.ts';
import { killHost } from '../services/compute/hosts.ts';
import type { Server } from '../services/compute/server.ts';
import { addFloatingIp } from '../services/network/floating-ips.ts';
import type { NetworkEntity } from '../services/network/state.ts';
import type { SimState } from '../sim-state.ts';
import { addProjectNetwork, base } from './base.ts';
import { addReadyVolume, addServer, openToAll } from './parts.ts';

const DAY = 86_400_000;
const PROJECTS = [
  'web-shop',
  'payments',
  'erp',
  'data-platform',
  'ci',
  'intranet',
  'mail',
  'research',
] as const;
const RACKS = ['rack-a', 'rack-b', 'rack-c'] as const;
const ROLES = ['web', 'app', 'db', 'cache', 'queue', 'worker'] as const;
type Role = (typeof ROLES)[number];
/** The flavors of the roles whose servers are not `m1.medium`. */
const FLAVORS: { readonly [role in Role]?: string } = { db: 'm1.large', web: 'm1.small' };

/**
 * A believable enterprise: three controllers, fifteen compute hosts in three racks, eight projects, some 150 servers.
 *
 * It has the usual failures: a compute host that died in the night, a dead L3 agent, a storage backend that is down,
 * volumes that nobody backs up or backed up long ago, groups that let everything in, a server in ERROR, a disabled
 * host that nobody remembers, and a retired image that is still in use.
 */
export function site(state: SimState): void {
  const computes = RACKS.flatMap(hostsOf);
  const { external, admin } = base(state, {
    controllers: ['controller-1', 'controller-2', 'controller-3'],
    computes,
    size: { vcpus: 64, memory_mb: 524_288, local_gb: 8000 },
    backends: { ceph: 200_000, nfs: 20_000 },
  });
  const { compute, clock, ids } = state;
  addType(state, 'nfs', { extra_specs: { volume_backend_name: 'nfs' } });
  for (const rack of RACKS) {
    compute.aggregates.add({
      id: String(compute.row('aggregates')),
      uuid: ids.uuid(),
      created: clock.now() - 400 * DAY,
      name: rack,
      updated: null,
      hosts: hostsOf(rack),
      metadata: { availability_zone: rack },
    });
  }
  addImages(state);
  let placed = 0;
  const nextHost = (): string => computes[placed++ % computes.length] as string;
  for (const [index, name] of PROJECTS.entries()) {
    const team = addTeam(state, name, admin.id);
    const network = addProjectNetwork(
      state,
      team.project,
      `${name}-net`,
      `10.${10 + index}.0.0/22`,
      external,
    );
    const groups = addGroups(state, team.project);
    const open =
      index % 3 === 0 ? openToAll(state, team.project, 'allow-all', index === 0 ? 'tcp' : null) : undefined;
    const count = 17 + (index % 4);
    for (let number = 0; number < count; number += 1) {
      const role = ROLES[number % ROLES.length] as Role;
      const host = nextHost();
      const server = addServer(state, {
        name: `${name}-${role}-${Math.floor(number / ROLES.length) + 1}`,
        ...team,
        flavor: FLAVORS[role] ?? 'm1.medium',
        image: number === 5 && index === 2 ? 'centos-7' : ids.pick(['debian-12', 'ubuntu-24.04', 'rocky-9']),
        network,
        host,
        groups: open !== undefined && role === 'web' ? [open] : groups,
        metadata: role === 'db' ? { ha: 'true', tier: 'gold' } : { tier: 'silver' },
        age: (30 + ids.below(600)) * DAY,
      });
      if (role === 'web' && number < 3) addAddress(state, external, server);
      if (role === 'db' || role === 'queue') addData(state, server, role, placed % 3);
    }
  }
  breakThings(state);
}

const hostsOf = (rack: string): string[] =>
  Array.from({ length: 5 }, (_, index) => `${rack}-compute-${index + 1}`);

function addImages({ identity, image, clock }: SimState): void {
  const { id } = identity.project('admin');
  const common = { visibility: 'public', disk_format: 'qcow2', container_format: 'bare' } as const;
  for (const name of ['debian-12', 'ubuntu-24.04', 'rocky-9']) {
    const made = image.add(id, { name, ...common, created: clock.now() - 90 * DAY });
    image.fill(made, Buffer.from(name.repeat(1000)));
  }
  const retired = image.add(id, {
    name: 'centos-7',
    ...common,
    os_hidden: true,
    created: clock.now() - 2000 * DAY,
  });
  image.fill(retired, Buffer.from('centos-7'.repeat(1000)));
}

/** A project with its quotas and the person who works in it. */
function addTeam(state: SimState, name: string, admin: string): { project: string; user: string } {
  const { identity, compute, network, blockStorage, settings } = state;
  const project = identity.addProject(name, { description: `The team of ${name}` });
  const user = identity.addUser(`${name}-operator`, settings.password);
  const target = { kind: 'project', id: project.id } as const;
  identity.grant(identity.role('member').id, { kind: 'user', id: user.id }, target);
  identity.grant(identity.role('admin').id, { kind: 'user', id: admin }, target);
  compute.quotas.set(project.id, { instances: 40, cores: 200, ram: 512_000 });
  blockStorage.quotas.set(project.id, {
    volumes: 60,
    gigabytes: 20_000,
    snapshots: 100,
    backups: 100,
    backup_gigabytes: 20_000,
  });
  network.quotas.set(project.id, { port: 200, security_group_rule: 300, floatingip: 20 });
  return { project: project.id, user: user.id };
}

function addGroups({ network }: SimState, project: string): NetworkEntity[] {
  const web = network.addGroup(project, 'web', 'HTTP and HTTPS');
  const ssh = network.addGroup(project, 'ssh', 'From the jump host');
  const allow = (group: NetworkEntity, port: number, prefix: string): void =>
    void network.addRule(group, {
      protocol: 'tcp',
      port_range_min: port,
      port_range_max: port,
      remote_ip_prefix: prefix,
      normalized_cidr: prefix,
      description: '',
    });
  for (const port of [80, 443]) allow(web, port, '0.0.0.0/0');
  allow(ssh, 22, '192.0.2.10/32');
  return [web, ssh];
}

function addAddress(state: SimState, external: NetworkEntity, server: Server): void {
  const port = [...state.network.ports.by('project', server.project_id)].find(
    (candidate) => candidate.device_id === server.id,
  );
  if (port !== undefined) addFloatingIp(state, external, server.project_id, { port_id: port.id });
}

/** A volume for the data of a server. Of three (`habit`) one is backed up daily, one was once, one never. */
function addData(state: SimState, server: Server, role: 'db' | 'queue', habit: number): void {
  const { clock } = state;
  const volume = addReadyVolume(
    state,
    { project: server.project_id, user: server.user_id },
    `${server.name}-data`,
    role === 'db' ? 200 : 50,
    role === 'queue' ? 'controller-1@nfs#nfs' : 'controller-1@ceph#ceph',
    server,
  );
  const done = clock.now() - (habit === 0 ? 1 : 120) * DAY;
  if (habit < 2) {
    addBackup(state, volume, {
      name: `${server.name}-backup`,
      status: 'available',
      created: done,
      updated: done,
    });
    addSnapshot(state, volume, { name: `${server.name}-snap`, status: 'available', created: done });
  }
  if (habit === 1 && role === 'db')
    addBackup(state, volume, {
      name: `${server.name}-backup`,
      status: 'error',
      fail_reason: 'Unable to connect to the backup store',
      created: clock.now() - DAY,
    });
  server.updated = clock.now() - DAY;
}

function breakThings(state: SimState): void {
  const { compute, network, blockStorage, clock } = state;
  const servers = compute.servers.kept();
  const broken = servers[40];
  if (broken !== undefined) {
    broken.vm_state = 'error';
    broken.power_state = 4;
    broken.fault = {
      code: 500,
      message: 'Failed to allocate the network(s), not rescheduling.',
      created: clock.now() - DAY,
      details: '',
    };
  }
  const stuck = servers[77];
  if (stuck !== undefined) stuck.task_state = 'deleting';
  killHost(state, 'rack-b-compute-3');
  const agent = network.agents.find(
    (candidate) => candidate.agent_type === 'L3 agent' && candidate.host === 'controller-2',
  );
  if (agent !== undefined) agent.deadSince = clock.now();
  const nfs = blockStorage.services.find((service) => service.host.endsWith('@nfs'));
  if (nfs !== undefined) nfs.deadSince = clock.now();
  const forgotten = compute.services.find((service) => service.host === 'rack-c-compute-5');
  if (forgotten !== undefined) {
    Object.assign(forgotten, { disabled: true, disabled_reason: 'memory replaced, back on Monday' });
    syncDisabledTrait(state, forgotten);
  }
  // After this time every service reports the failures.
  void clock.advance('20m');
}
