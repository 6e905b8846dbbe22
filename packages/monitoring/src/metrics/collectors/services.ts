import { collector } from '../collector.ts';
import { volumeServices as volumeServiceList } from '../lists/block-storage.ts';
import { computeServices as computeServiceList } from '../lists/compute.ts';
import { networkAgents as networkAgentList } from '../lists/network.ts';
import { metric } from '../metric.ts';

/** `undefined` of a service whose cell does not respond: it is neither up nor down. */
const upOf = (state: string | undefined): number | undefined =>
  state === 'up' ? 1 : state === 'down' ? 0 : undefined;

export const computeServices = collector({
  name: 'compute-services',
  help: 'Services of Nova, and whether they report.',
  lists: [computeServiceList],
  metrics: [
    {
      metric: metric({
        name: 'openstack_nova_agent_state',
        help: 'A service of Nova: 1 if it reports or 0 if not; absent while its cell does not respond.',
        labels: ['id', 'hostname', 'service', 'adminState', 'zone', 'disabledReason'],
        peer: {
          name: 'openstack_nova_agent_state',
          differs: 'A service whose cell does not respond is absent; there it is 0.',
        },
      }),
      by: 'each',
      draw: ({ id, host, binary, status, zone, state, disabled_reason }) => [
        [upOf(state), id, host, binary, status, zone, disabled_reason],
      ],
    },
  ],
});

export const volumeServices = collector({
  name: 'volume-services',
  help: 'Services of Cinder, and whether they report.',
  lists: [volumeServiceList],
  metrics: [
    {
      metric: metric({
        name: 'openstack_cinder_agent_state',
        help: 'A service of Cinder: 1 if it reports or 0 if not. Of one that Cinder has twice, 1 if either does.',
        labels: ['hostname', 'service', 'adminState', 'zone', 'disabledReason'],
        peer: {
          name: 'openstack_cinder_agent_state',
          differs:
            'Without the label uuid, which is another one at each scrape there, unless it is switched off.',
        },
      }),
      by: 'each',
      draw: ({ host, binary, status, zone, state, disabled_reason }) => [
        [upOf(state), host, binary, status, zone, disabled_reason ?? null],
      ],
    },
  ],
});

export const networkAgents = collector({
  name: 'network-agents',
  help: 'Agents of Neutron, and whether they report.',
  lists: [networkAgentList],
  metrics: [
    {
      metric: metric({
        name: 'openstack_neutron_agent_state',
        help: 'An agent of Neutron: 1 if it reports or 0 if not.',
        labels: ['id', 'hostname', 'service', 'adminState', 'availability_zone'],
        peer: { name: 'openstack_neutron_agent_state' },
      }),
      by: 'each',
      draw: ({ id, host, binary, alive, admin_state_up, availability_zone }) => [
        [alive ? 1 : 0, id, host, binary, admin_state_up ? 'up' : 'down', availability_zone],
      ],
    },
  ],
});
