import { addType } from '../services/block-storage/volume-types.ts';
import { addHost, type HostSize } from '../services/compute/hosts.ts';
import type { Project, User } from '../services/identity/state.ts';
import { addNetwork } from '../services/network/networks.ts';
import { addInterface, addRouter } from '../services/network/routers.ts';
import type { NetworkEntity } from '../services/network/state.ts';
import { addSubnet } from '../services/network/subnets.ts';
import type { SimState } from '../sim-state.ts';

export interface BaseOptions {
  readonly controllers?: readonly string[];
  readonly computes?: readonly string[];
  readonly size?: HostSize;
  /** Cinder backends: name to GiB. */
  readonly backends?: Readonly<Record<string, number>>;
}

export interface Base {
  readonly admin: User;
  readonly demo: User;
  readonly projects: { readonly admin: Project; readonly demo: Project; readonly service: Project };
  readonly external: NetworkEntity;
}

/** Adds what every cloud has: users, services, hosts, flavors, an image, an external network. */
export function base(state: SimState, options: BaseOptions = {}): Base {
  const {
    controllers = ['controller-1'],
    computes = ['compute-1', 'compute-2', 'compute-3'],
    backends = { ceph: 10_000 },
  } = options;
  const people = addUsers(state);
  for (const controller of controllers) control(state, controller, backends, controller === controllers[0]);
  for (const host of computes) addHost(state, host, options.size);
  addType(state, 'ceph', { extra_specs: { volume_backend_name: Object.keys(backends)[0] ?? 'ceph' } });
  addType(state, '__DEFAULT__', { description: 'Default Volume Type' });
  const { compute, image } = state;
  compute.addFlavor('m1.nano', 1, 128, 1);
  compute.addFlavor('m1.tiny', 1, 512, 1);
  compute.addFlavor('m1.small', 1, 2048, 20);
  compute.addFlavor('m1.medium', 2, 4096, 40);
  compute.addFlavor('m1.large', 4, 8192, 80);
  const cirros = image.add(people.projects.admin.id, {
    name: 'cirros',
    visibility: 'public',
    disk_format: 'qcow2',
    container_format: 'bare',
  });
  image.fill(cirros, Buffer.from('a very small cirros'));
  const external = addNetwork(state.network, people.projects.admin.id, {
    name: 'public',
    'router:external': true,
    'provider:network_type': 'flat',
    'provider:physical_network': 'physnet1',
  });
  addSubnet(state.network, external, people.projects.admin.id, {
    name: 'public',
    cidr: '203.0.113.0/24',
    ip_version: 4,
    enable_dhcp: false,
  });
  addProjectNetwork(state, people.projects.demo.id, 'private', '10.0.0.0/24', external);
  return { ...people, external };
}

/** Adds a network with a subnet and a router to the external network. */
export function addProjectNetwork(
  state: SimState,
  project: string,
  name: string,
  cidr: string,
  external: NetworkEntity,
): NetworkEntity {
  const network = addNetwork(state.network, project, { name });
  const subnet = addSubnet(state.network, network, project, {
    name: `${name}-subnet`,
    cidr,
    ip_version: 4,
    dns_nameservers: ['9.9.9.9'],
  });
  const router = addRouter(state, project, {
    name: `${name}-router`,
    external_gateway_info: { network_id: external.id },
  });
  addInterface(state, router, subnet);
  const dhcp = state.network.agents.filter((agent) => agent.agent_type === 'DHCP agent');
  state.network.hosting.set(network.id, new Set(dhcp.slice(0, 2).map((agent) => agent.id)));
  return network;
}

function addUsers(state: SimState) {
  const { identity, settings } = state;
  identity.addDomain('Default', 'default', 'The default domain');
  for (const name of ['admin', 'manager', 'member', 'reader']) {
    if (name !== 'manager' || state.release.number >= '2023.2') identity.addRole(name, { immutable: true });
  }
  identity.addRole('service');
  const [admin, demo, reader] = ['admin', 'demo', 'demo-reader'].map((name) =>
    identity.addUser(name, settings.password),
  ) as [User, User, User];
  const projects = {
    admin: identity.addProject('admin', { description: 'Bootstrap project for initializing the cloud.' }),
    demo: identity.addProject('demo'),
    service: identity.addProject('service'),
  };
  const grant = (user: User, role: string, project: Project): void =>
    identity.grant(
      identity.role(role).id,
      { kind: 'user', id: user.id },
      { kind: 'project', id: project.id },
    );
  grant(admin, 'admin', projects.admin);
  grant(admin, 'admin', projects.demo);
  grant(demo, 'member', projects.demo);
  grant(reader, 'reader', projects.demo);
  identity.grant(identity.role('admin').id, { kind: 'user', id: admin.id }, { kind: 'system', id: 'all' });
  for (const name of ['glance', 'nova', 'neutron', 'cinder', 'placement']) {
    const user = identity.addUser(name, settings.password);
    grant(user, 'admin', projects.service);
    grant(user, 'service', projects.service);
  }
  return { admin, demo, projects };
}

/** Adds a controller: the schedulers and conductors, the routing agents, and, on the first controller, the storage. */
function control(
  state: SimState,
  host: string,
  backends: Readonly<Record<string, number>>,
  first: boolean,
): void {
  const { compute, network, blockStorage, ids, clock } = state;
  compute.addService('nova-scheduler', host);
  compute.addService('nova-conductor', host);
  const agent = (
    agent_type: string,
    binary: string,
    topic: string,
    configurations: Record<string, unknown>,
  ): void =>
    void network.agents.add({
      id: ids.uuid(),
      agent_type,
      binary,
      host,
      topic,
      availability_zone: agent_type === 'Metadata agent' ? null : 'nova',
      configurations,
      admin_state_up: true,
      description: null,
      deadSince: undefined,
      created: clock.now(),
    });
  agent('L3 agent', 'neutron-l3-agent', 'l3_agent', {
    agent_mode: 'legacy',
    interface_driver: 'openvswitch',
    handle_internal_only_routers: true,
  });
  agent('DHCP agent', 'neutron-dhcp-agent', 'dhcp_agent', {
    dhcp_driver: 'neutron.agent.linux.dhcp.Dnsmasq',
    dhcp_lease_duration: 86_400,
  });
  agent('Metadata agent', 'neutron-metadata-agent', 'N/A', {
    metadata_proxy_socket: '/var/lib/neutron/metadata_proxy',
  });
  agent('Open vSwitch agent', 'neutron-openvswitch-agent', 'N/A', {
    bridge_mappings: { physnet1: 'br-ex' },
    tunnel_types: ['vxlan'],
  });
  const service = (binary: string, at: string): void =>
    void blockStorage.services.add({
      id: ids.uuid(),
      binary,
      host: at,
      zone: 'nova',
      disabled: false,
      disabled_reason: null,
      frozen: false,
      deadSince: undefined,
      since: clock.now(),
      replication: undefined,
    });
  service('cinder-scheduler', host);
  service('cinder-backup', host);
  if (!first) return;
  for (const [backend, total] of Object.entries(backends)) {
    service('cinder-volume', `${host}@${backend}`);
    const name = `${host}@${backend}#${backend}`;
    blockStorage.pools.set(name, { name, backend, total, protocol: backend === 'ceph' ? 'ceph' : 'iSCSI' });
  }
}
