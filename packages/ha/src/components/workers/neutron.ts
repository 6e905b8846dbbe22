import { bus, type Heartbeat, need, worker } from './worker.ts';

const NEUTRON: Heartbeat = {
  every: 30_000,
  down: 75_000,
  where: 'neutron/conf/agent: report_interval, agent_down_time',
};

/** The workers of Neutron. */
export const neutronWorkers = [
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
] as const;
