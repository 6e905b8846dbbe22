import type { EvidenceState } from './evidence.ts';
import { stateOfStatus } from './poll-evidence.ts';
import type { PrometheusLabels } from './prometheus-samples.ts';
import type { UptimeSeries } from './prometheus-evidence.ts';

/** Whose label is missing says nothing, and neither does what an exporter has folded for being too much. */
const named = (label: string | undefined): string | undefined =>
  label === undefined || label === '' || label === 'overflow' ? undefined : label;

const serverOf = ({ id }: PrometheusLabels): { server: string } | undefined => {
  const server = named(id);
  return server === undefined ? undefined : { server };
};

const stateIn = (_value: number, { status }: PrometheusLabels): EvidenceState | undefined => {
  const known = named(status);
  return known === undefined ? undefined : stateOfStatus(known);
};

const computes = 'openstack_nova_agent_state{service="nova-compute"}';

/**
 * Servers in the series of openstack-exporter, for `prometheusEvidence`. The status is read from its label. The value is a number of
 * it, which differs: 11 is `SHUTOFF` in openstack-exporter (`exporters/nova.go`, `knownServerStatuses`) and `SUSPENDED` in
 * openstack_database_exporter (`internal/collector/nova/server.go`), which has taken its place in Atmosphere under the same name.
 *
 * A server is up only where its host reports: the host's label `hypervisor_hostname` must be Nova's own name of the
 * host; where it is not, as with some drivers, give a `hostOf` of your own. With `--cache` its answers are as old as `--cache-ttl`
 * says: give that as `age`.
 */
export const openstackExporterServers: UptimeSeries = {
  selector: 'openstack_nova_server_status',
  subject: serverOf,
  state: stateIn,
  project: ({ tenant_id }) => named(tenant_id),
  reporting: {
    selector: computes,
    host: ({ hostname }) => hostname,
    hostOf: ({ hypervisor_hostname }) => named(hypervisor_hostname),
  },
};

/**
 * Servers in the series of our own exporter, where it is told to give them: `ids: ['servers']`, and `compute-services` collected. How old
 * a scrape's answer is, it says itself.
 */
export const groundcrewServers: UptimeSeries = {
  selector: 'groundcrew_nova_server_info',
  subject: serverOf,
  state: stateIn,
  project: ({ project_id }) => named(project_id),
  reporting: {
    selector: computes,
    host: ({ hostname }) => hostname,
    hostOf: ({ host }) => named(host),
  },
  age: { selector: 'groundcrew_collector_age_seconds{collector="servers"}' },
};
