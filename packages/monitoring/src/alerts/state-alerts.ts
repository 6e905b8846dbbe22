import type { Collector } from '../metrics/collector.ts';
import { amphorae, loadBalancers } from '../metrics/collectors/load-balancers.ts';
import { floatingIps, routers } from '../metrics/collectors/network.ts';
import { servers } from '../metrics/collectors/servers.ts';
import { backups, snapshots, volumes } from '../metrics/collectors/volumes.ts';
import { type Alert, COUNT, label } from './alert.ts';

/** Things of Cinder in one of the states that begin with `error`. */
const inError = (name: string, what: string, collector: Collector, metric: string): Alert => ({
  name,
  collector,
  expr: (series) => `${series(metric, ['status', '=~', 'error.*'])} > 0`,
  for: '15m',
  severity: 'ticket',
  summary: `${COUNT} ${what} of the project ${label('project_id')} in ${label('status')}`,
  runbook: `Find them with the status, and the reason in the log of cinder-volume or cinder-backup by the request id. Reset the state only after the storage was looked at.`,
});

/** Things that are in a state which they do not leave by themselves. */
export const stateAlerts: readonly Alert[] = [
  {
    name: 'OpenstackServersInError',
    collector: servers,
    expr: (series) => `${series('groundcrew_nova_servers', ['status', '=', 'ERROR'])} > 0`,
    for: '15m',
    severity: 'ticket',
    summary: `${COUNT} servers of the project ${label('project_id')} are in ERROR`,
    runbook:
      'The field fault of each server says why, and its instance actions say since which request. A server that was never built is deleted and made anew; another one is recovered by what its fault says.',
  },
  inError('OpenstackVolumesInError', 'volumes', volumes, 'groundcrew_cinder_volumes'),
  inError('OpenstackSnapshotsInError', 'snapshots', snapshots, 'groundcrew_cinder_snapshots'),
  inError('OpenstackBackupsInError', 'backups', backups, 'groundcrew_cinder_backups'),
  {
    name: 'OpenstackRoutersNotActive',
    collector: routers,
    expr: (series) => `${series('openstack_neutron_routers_not_active')} > 0`,
    for: '15m',
    severity: 'ticket',
    summary: `${COUNT} routers are not ACTIVE`,
    runbook: 'Look at the L3 agents that have them, and at their logs.',
  },
  {
    name: 'OpenstackFloatingIpsNotActive',
    collector: floatingIps,
    expr: (series) => `${series('openstack_neutron_floating_ips_associated_not_active')} > 0`,
    for: '15m',
    severity: 'ticket',
    summary: `${COUNT} floating IPs lead to a port and are not ACTIVE`,
    runbook: 'Look at the router of each, and at the L3 agent that has it.',
  },
  {
    name: 'OpenstackLoadBalancersInError',
    collector: loadBalancers,
    expr: (series) =>
      `${series('groundcrew_loadbalancer_loadbalancers', ['provisioning_status', '=', 'ERROR'])} > 0`,
    for: '15m',
    severity: 'ticket',
    summary: `${COUNT} load balancers of the project ${label('project_id')} are in ERROR: they may work on, and cannot be changed`,
    runbook:
      'The log of octavia-worker says why. When the cause is gone, a failover makes it anew: openstack loadbalancer failover ID.',
  },
  {
    name: 'OpenstackLoadBalancersNotWorking',
    collector: loadBalancers,
    expr: (series) =>
      `${series('groundcrew_loadbalancer_loadbalancers', ['provisioning_status', '=', 'ACTIVE'], ['operating_status', '=~', 'ERROR|DEGRADED'])} > 0`,
    for: '15m',
    severity: 'ticket',
    summary: `${COUNT} load balancers of the project ${label('project_id')} are ${label('operating_status')}`,
    runbook:
      'Members of a pool fail the checks of their health monitor: openstack loadbalancer status show ID names them. Mostly it is the project that has to look at its servers.',
  },
  {
    name: 'OpenstackAmphoraeInError',
    collector: amphorae,
    expr: (series) =>
      `${series('groundcrew_loadbalancer_amphorae', ['status', '=~', 'ERROR|FAILOVER_STOPPED'])} > 0`,
    for: '15m',
    severity: 'ticket',
    summary: `${COUNT} amphorae are in ${label('status')}`,
    runbook:
      'Look at the logs of octavia-worker and octavia-health-manager, and at the server of each in Nova. Octavia replaces one that does not report; one whose replacement failed, it leaves.',
  },
];
