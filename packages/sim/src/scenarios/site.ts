import { addBackup } from '../services/block-storage/backups.ts';
import { addSnapshot } from '../services/block-storage/snapshots.ts';
import { addType } from '../services/block-storage/volume-types.ts';
import { killHost } from '../services/compute/hosts.ts';
import { addFloatingIp } from '../services/network/floating-ips.ts';
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
const ROLES = ['web', 'app', 'db', 'cache', 'queue', 'worker'] as const;

/**
 * A believable enterprise: three controllers, fifteen compute hosts in three racks, eight projects, some 150 servers.
 *
 * And what such places have: a compute host that died in the night, a dead L3 agent, a storage backend that is down,
 * volumes that nobody backs up or backed up long ago, groups that let everything in, a server in ERROR, a disabled
 * host that nobody remembers, and a retired image that is still in use.
 */
export function site(state: SimState): void {
  const racks = ['rack-a', 'rack-b', 'rack-c'];
  const computes = racks.flatMap((rack) =>
    Array.from({ length: 5 }, (_, index) => `${rack}-compute-${index + 1}`),
  );
  const { external, admin } = base(state, {
    controllers: ['controller-1', 'controller-2', 'controller-3'],
    computes,
    size: { vcpus: 64, memory_mb: 524_288, local_gb: 8000 },
    backends: { ceph: 200_000, nfs: 20_000 },
  });
  const { identity, compute, network, blockStorage, image, clock, ids, settings } = state;
  addType(state, 'nfs', { extra_specs: { volume_backend_name: 'nfs' } });
  for (const rack of racks) {
    compute.aggregates.add({
      id: String(compute.row('aggregates')),
      uuid: ids.uuid(),
      created: clock.now() - 400 * DAY,
      name: rack,
      updated: null,
      hosts: computes.filter((host) => host.startsWith(rack)),
      metadata: { availability_zone: rack },
    });
  }
  for (const name of ['debian-12', 'ubuntu-24.04', 'rocky-9']) {
    const made = image.add(identity.project('admin').id, {
      name,
      visibility: 'public',
      disk_format: 'qcow2',
      container_format: 'bare',
      created: clock.now() - 90 * DAY,
    });
    image.fill(made, Buffer.from(name.repeat(1000)));
  }
  const retired = image.add(identity.project('admin').id, {
    name: 'centos-7',
    visibility: 'public',
    disk_format: 'qcow2',
    container_format: 'bare',
    os_hidden: true,
    created: clock.now() - 2000 * DAY,
  });
  image.fill(retired, Buffer.from('centos-7'.repeat(1000)));

  let turn = 0;
  for (const [index, name] of PROJECTS.entries()) {
    const project = identity.addProject(name, { description: `The team of ${name}` });
    const user = identity.addUser(`${name}-operator`, settings.password);
    identity.grant(
      identity.role('member').id,
      { kind: 'user', id: user.id },
      { kind: 'project', id: project.id },
    );
    identity.grant(
      identity.role('admin').id,
      { kind: 'user', id: admin.id },
      { kind: 'project', id: project.id },
    );
    compute.quotas.set(project.id, { instances: 40, cores: 200, ram: 512_000 });
    blockStorage.quotas.set(project.id, {
      volumes: 60,
      gigabytes: 20_000,
      snapshots: 100,
      backups: 100,
      backup_gigabytes: 20_000,
    });
    network.quotas.set(project.id, { port: 200, security_group_rule: 300, floatingip: 20 });
    const inner = addProjectNetwork(state, project.id, `${name}-net`, `10.${10 + index}.0.0/22`, external);
    const groups = [
      network.addGroup(project.id, 'web', 'HTTP and HTTPS'),
      network.addGroup(project.id, 'ssh', 'From the jump host'),
    ];
    for (const port of [80, 443])
      network.addRule(groups[0] as (typeof groups)[0], {
        protocol: 'tcp',
        port_range_min: port,
        port_range_max: port,
        remote_ip_prefix: '0.0.0.0/0',
        normalized_cidr: '0.0.0.0/0',
        description: '',
      });
    network.addRule(groups[1] as (typeof groups)[0], {
      protocol: 'tcp',
      port_range_min: 22,
      port_range_max: 22,
      remote_ip_prefix: '192.0.2.10/32',
      normalized_cidr: '192.0.2.10/32',
      description: '',
    });
    const open =
      index % 3 === 0 ? openToAll(state, project.id, 'allow-all', index === 0 ? 'tcp' : null) : undefined;
    const count = 17 + (index % 4);
    for (let number = 0; number < count; number += 1) {
      const role = ROLES[number % ROLES.length] as (typeof ROLES)[number];
      const host = computes[turn % computes.length] as string;
      turn += 1;
      const server = addServer(state, {
        name: `${name}-${role}-${Math.floor(number / ROLES.length) + 1}`,
        project: project.id,
        user: user.id,
        flavor: role === 'db' ? 'm1.large' : role === 'web' ? 'm1.small' : 'm1.medium',
        image: number === 5 && index === 2 ? 'centos-7' : ids.pick(['debian-12', 'ubuntu-24.04', 'rocky-9']),
        network: inner,
        host,
        groups: open !== undefined && role === 'web' ? [open] : groups,
        metadata: role === 'db' ? { ha: 'true', tier: 'gold' } : { tier: 'silver' },
        age: (30 + ids.below(600)) * DAY,
      });
      if (role === 'web' && number < 3) {
        const port = [...network.ports.by('project', project.id)].find(
          (candidate) => candidate.device_id === server.id,
        );
        if (port !== undefined) addFloatingIp(state, external, project.id, { port_id: port.id });
      }
      if (role !== 'db' && role !== 'queue') continue;
      const pool = role === 'queue' ? 'controller-1@nfs#nfs' : 'controller-1@ceph#ceph';
      const volume = addReadyVolume(
        state,
        { project: project.id, user: user.id },
        `${server.name}-data`,
        role === 'db' ? 200 : 50,
        pool,
        server,
      );
      // A third is backed up daily, a third was once, a third never.
      const habit = turn % 3;
      const age = habit === 0 ? 1 : 120;
      if (habit < 2) {
        addBackup(state, volume, {
          name: `${server.name}-backup`,
          status: 'available',
          created: clock.now() - age * DAY,
          updated: clock.now() - age * DAY,
        });
        addSnapshot(state, volume, {
          name: `${server.name}-snap`,
          status: 'available',
          created: clock.now() - age * DAY,
        });
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
  }
  breakThings(state);
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
  if (forgotten !== undefined)
    Object.assign(forgotten, { disabled: true, disabled_reason: 'memory replaced, back on Monday' });
  // Long enough that everybody has noticed.
  void clock.advance('20m');
}
