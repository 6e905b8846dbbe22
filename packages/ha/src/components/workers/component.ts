import {
  type Component,
  defineComponent,
  type Mode,
  type Need,
  type StateKind,
  type UnsafeMove,
} from '../define-component.ts';
import { workerReplicas } from '../replicas.ts';

const need = (component: string, kind: Need['kind'], why: string): Need => ({ component, kind, why });
const database = need('mariadb', 'hard', 'keeps its state');
const bus = need('rabbitmq', 'hard', 'is told by it what to do');
const images = need('glance-api', 'soft', 'reads images');

interface Worker {
  readonly title: string;
  readonly mode?: Mode;
  readonly state?: StateKind;
  readonly stops: string;
  readonly wanted?: number;
  readonly essential?: boolean;
  readonly needs: readonly Need[];
  readonly unsafe?: readonly UnsafeMove[];
  readonly worker?: Component['worker'];
  /** Milliseconds: report interval, and after how long without one it counts as down. */
  readonly heartbeat?: { readonly every: number; readonly down: number; readonly where: string };
}

const NOVA = {
  every: 10_000,
  down: 60_000,
  where: 'nova/conf/service.py: report_interval, service_down_time',
};
const CINDER = {
  every: 10_000,
  down: 60_000,
  where: 'cinder/service.py: report_interval, service_down_time',
};
const NEUTRON = {
  every: 30_000,
  down: 75_000,
  where: 'neutron/conf/agent: report_interval, agent_down_time',
};

function worker(name: string, spec: Worker): Component {
  const {
    mode = 'active-active',
    state = 'stateless',
    wanted = 2,
    essential = false,
    unsafe = [],
    heartbeat,
    ...rest
  } = spec;
  return defineComponent({
    ...rest,
    name,
    mode,
    state,
    wanted,
    essential,
    unsafe,
    checks:
      heartbeat === undefined
        ? []
        : [
            {
              id: 'heartbeat',
              expects: `a heartbeat within ${heartbeat.down / 1_000} s`,
              every: heartbeat.every,
              timeout: heartbeat.down,
              source: { kind: 'upstream', where: heartbeat.where },
            },
          ],
    replicas: (snapshot) => workerReplicas(snapshot, { worker: spec.worker, wanted, stops: spec.stops }),
  });
}

const nova: readonly Component[] = [
  worker('nova-scheduler', {
    title: 'Nova scheduler',
    stops: 'no server can be created or moved',
    essential: true,
    heartbeat: NOVA,
    worker: { service: 'compute', kind: 'nova-scheduler' },
    needs: [database, bus, need('placement-api', 'hard', 'is told by it where there is room')],
  }),
  worker('nova-conductor', {
    title: 'Nova conductor',
    stops: 'compute hosts cannot reach the database: servers run, and cannot be changed',
    essential: true,
    heartbeat: NOVA,
    worker: { service: 'compute', kind: 'nova-conductor' },
    needs: [database, bus],
    unsafe: [
      {
        id: 'nova-conductor.mixed',
        moves: ['upgrade'],
        when: 'conductors of two releases run at the same time for longer than the change takes',
        why: 'it refuses to start beside computes older than the release before it supports',
        source: { kind: 'upstream', where: 'nova/objects/service.py: OLDEST_SUPPORTED_SERVICE_VERSION' },
      },
    ],
  }),
  worker('nova-compute', {
    title: 'Nova compute',
    mode: 'per-host',
    state: 'local',
    wanted: 1,
    essential: true,
    stops: 'the servers of its host run on, and cannot be changed',
    heartbeat: NOVA,
    worker: { service: 'compute', kind: 'nova-compute' },
    needs: [
      bus,
      need('nova-conductor', 'hard', 'has no database of its own'),
      need('placement-api', 'soft', 'reports what it has'),
      need('neutron-server', 'soft', 'plugs ports'),
      images,
      need('cinder-api', 'soft', 'attaches volumes'),
    ],
    unsafe: [
      {
        id: 'nova-compute.evacuate-unfenced',
        moves: ['evacuate'],
        when: 'that the host is off has not been proven',
        why: 'a server that runs twice destroys its data',
        source: { kind: 'field', where: 'charm guide of Masakari; cloudstack #580' },
      },
      {
        id: 'nova-compute.rename',
        moves: ['reconfigure'],
        when: 'its `host` changes while servers are on it',
        why: 'Nova believes that they are elsewhere, and deletes what it does not know',
        source: { kind: 'upstream', where: 'nova, spec liberty: robustify evacuate' },
      },
    ],
  }),
];

const cinder: readonly Component[] = [
  worker('cinder-scheduler', {
    title: 'Cinder scheduler',
    stops: 'no volume can be created',
    essential: true,
    heartbeat: CINDER,
    worker: { service: 'block-storage', kind: 'cinder-scheduler' },
    needs: [database, bus],
  }),
  worker('cinder-volume', {
    title: 'Cinder volume',
    mode: 'active-passive',
    state: 'shared-storage',
    wanted: 1,
    essential: true,
    stops: 'no volume of its backend can be created, attached or removed; attached ones go on',
    heartbeat: CINDER,
    worker: { service: 'block-storage', kind: 'cinder-volume' },
    needs: [
      database,
      bus,
      images,
      need('etcd', 'soft', 'locks across hosts, where it is active/active'),
      need('pacemaker', 'soft', 'moves it, where it is active/passive'),
    ],
    unsafe: [
      {
        id: 'cinder-volume.two-active',
        moves: ['stop', 'restart', 'bootstrap'],
        when: 'a second process serves the same backend without `cluster`',
        why: 'two that know nothing of each other work on the same volumes; locks are per host',
        source: { kind: 'upstream', where: 'cinder, contributor/high_availability' },
      },
      {
        id: 'cinder-volume.host-name',
        moves: ['reconfigure'],
        when: 'its `host` or the name of its backend changes',
        why: 'volumes stay with the old name, and nobody serves them',
        source: { kind: 'ha-guide', where: 'storage-ha-block: the same host on both nodes' },
      },
    ],
  }),
  worker('cinder-backup', {
    title: 'Cinder backup',
    stops: 'no backup can be made or restored',
    heartbeat: CINDER,
    worker: { service: 'block-storage', kind: 'cinder-backup' },
    needs: [database, bus],
    unsafe: [
      {
        id: 'cinder-backup.running',
        moves: ['stop', 'restart', 'upgrade'],
        when: 'a backup or restore runs on it',
        why: 'it is broken off, and ends in error',
        source: {
          kind: 'upstream',
          where: 'cinder/backup/manager.py: what was running at start is set to error',
        },
      },
    ],
  }),
];

const neutron: readonly Component[] = [
  worker('neutron-l3-agent', {
    title: 'Neutron L3 agent',
    mode: 'active-passive',
    stops: 'centralised routers and floating IPs carry nothing',
    heartbeat: NEUTRON,
    worker: { service: 'network', kind: 'L3 agent' },
    needs: [bus, need('neutron-server', 'hard', 'is told by it which routers it has')],
    unsafe: [
      {
        id: 'neutron-l3-agent.routers',
        moves: ['stop', 'upgrade'],
        when: 'it has routers that are not HA, or is the active one of HA routers',
        why: 'their traffic stops, or fails over',
        source: { kind: 'upstream', where: 'neutron, admin/deploy-ovs-ha-vrrp' },
      },
    ],
  }),
  worker('neutron-dhcp-agent', {
    title: 'Neutron DHCP agent',
    stops: 'servers get no address when they start, and lose theirs when its lease ends',
    heartbeat: NEUTRON,
    worker: { service: 'network', kind: 'DHCP agent' },
    needs: [bus, need('neutron-server', 'hard', 'is told by it which networks it has')],
    unsafe: [
      {
        id: 'neutron-dhcp-agent.single',
        moves: ['stop', 'upgrade'],
        when: 'dhcp_agents_per_network is 1, its default, for the networks it has',
        why: 'nobody else serves them',
        source: {
          kind: 'upstream',
          where: 'neutron/conf/agent/database/agentschedulers_db.py: dhcp_agents_per_network',
        },
      },
    ],
  }),
  worker('neutron-metadata-agent', {
    title: 'Neutron metadata agent',
    mode: 'per-host',
    wanted: 1,
    stops: 'servers that start beside it get no metadata: no key, no user data',
    heartbeat: NEUTRON,
    worker: { service: 'network', kind: 'Metadata agent' },
    needs: [
      need('neutron-server', 'hard', 'finds out whose address asks'),
      need('nova-api', 'hard', 'is asked for the metadata'),
    ],
  }),
  worker('neutron-openvswitch-agent', {
    title: 'Neutron Open vSwitch agent',
    mode: 'per-host',
    state: 'local',
    wanted: 1,
    stops: 'ports of its host are not wired; those that are go on',
    heartbeat: NEUTRON,
    worker: { service: 'network', kind: 'Open vSwitch agent' },
    needs: [bus, need('neutron-server', 'hard', 'is told by it what to wire')],
  }),
];

const others: readonly Component[] = [
  worker('heat-engine', {
    title: 'Heat engine',
    stops: 'no stack changes',
    needs: [database, bus, need('keystone', 'hard', 'acts with trusts')],
  }),
  worker('octavia-worker', {
    title: 'Octavia worker',
    stops: 'no load balancer changes',
    needs: [
      database,
      bus,
      need('nova-api', 'soft', 'starts amphorae'),
      need('neutron-server', 'hard', 'plugs ports'),
    ],
  }),
  worker('octavia-health-manager', {
    title: 'Octavia health manager',
    stops: 'amphorae that die are not replaced',
    needs: [database, need('nova-api', 'soft', 'starts new amphorae')],
    unsafe: [
      {
        id: 'octavia-health-manager.blind',
        moves: ['restart', 'bootstrap'],
        when: 'it starts after a time in which no heartbeat could reach it',
        why: 'all amphorae look dead, and it fails them over at once: failover_threshold is unset by default',
        source: { kind: 'upstream', where: 'octavia/common/config.py: health_manager.failover_threshold' },
      },
    ],
  }),
  worker('octavia-housekeeping', {
    title: 'Octavia housekeeping',
    wanted: 1,
    stops: 'certificates of amphorae are not renewed, spent ones stay',
    needs: [database],
  }),
  worker('masakari-engine', {
    title: 'Masakari engine',
    stops: 'no notification is acted on: nobody evacuates a host that died',
    needs: [database, bus, need('nova-api', 'hard', 'evacuates through it')],
    unsafe: [
      {
        id: 'masakari-engine.monitors-blind',
        moves: ['restart', 'bootstrap'],
        when: 'host monitors lost sight of many hosts at once',
        why: 'it believes each notification: there is no limit on how many hosts it evacuates',
        source: { kind: 'upstream', where: 'masakari/engine: no threshold' },
      },
    ],
  }),
];

export const workers: readonly Component[] = [...nova, ...cinder, ...neutron, ...others];
