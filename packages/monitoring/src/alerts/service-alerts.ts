import { computeServices, networkAgents, volumeServices } from '../metrics/collectors/services.ts';
import { type Alert, label } from './alert.ts';

const whichOne = `${label('service')} on ${label('hostname')} is enabled and does not report`;

/** Services that do not report. One that an operator has disabled is left alone; one that was never listed is not known. */
export const serviceAlerts: readonly Alert[] = [
  {
    name: 'OpenstackComputeServiceDown',
    collector: computeServices,
    expr: (series) => `${series('openstack_nova_agent_state', ['adminState', '=', 'enabled'])} == 0`,
    for: '5m',
    severity: 'page',
    summary: `Nova: ${whichOne}`,
    runbook:
      'Look at the service and at its way to the message queue on that host. While nova-compute is down, its servers can be neither changed nor trusted to be up; fence the host before you evacuate them.',
  },
  {
    name: 'OpenstackVolumeServiceDown',
    collector: volumeServices,
    expr: (series) => `${series('openstack_cinder_agent_state', ['adminState', '=', 'enabled'])} == 0`,
    for: '5m',
    severity: 'page',
    summary: `Cinder: ${whichOne}`,
    runbook:
      'Look at the service, its database and its backend. While cinder-volume is down, its volumes can be neither attached nor detached; those that are attached go on.',
  },
  {
    name: 'OpenstackNetworkAgentDown',
    collector: networkAgents,
    expr: (series) => `${series('openstack_neutron_agent_state', ['adminState', '=', 'up'])} == 0`,
    for: '5m',
    severity: 'page',
    summary: `Neutron: ${whichOne}`,
    runbook:
      'Look at the agent and at its way to the message queue on that host. What is configured there mostly goes on; what changes meanwhile does not arrive.',
  },
];
