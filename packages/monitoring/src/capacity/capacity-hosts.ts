import { type Cloud, type Gap, observeList, type Observed } from '@groundcrew/core';
import type { ReadOptions } from '@groundcrew/ground';
import { visible } from '@groundcrew/ground';

/** A compute host, as Nova's scheduler would see it. */
export interface CapacityHost {
  /** The uuid of its resource provider, which is that of its hypervisor. */
  readonly provider: string;
  /** The host of its compute service. */
  readonly name: string;
  /** `undefined`: Nova does not tell. */
  readonly zone: string | undefined;
  /**
   * `open`: its compute service is enabled and up. Nothing is placed on a host that is `disabled`, or `down`: that does not
   * report. `unknown`: Nova does not tell.
   */
  readonly state: 'open' | 'disabled' | 'down' | 'unknown';
  /** What its aggregates may ask of servers, by filters that not every cloud has: `filter_tenant_id=…`. */
  readonly conditions: readonly string[];
}

/**
 * Keys of aggregates by which a filter or a query keeps servers off their hosts, whatever the flavor asks for
 * (`AggregateMultiTenancyIsolation`, `AggregateNumInstancesFilter`, `AggregateIoOpsFilter`, `AggregateTypeAffinityFilter`, and
 * `[scheduler]` `limit_tenants_to_placement_aggregate` and `enable_isolated_aggregate_filtering`).
 */
const CONDITION =
  /^(?:filter_tenant_id.*|max_instances_per_host|max_io_ops_per_host|instance_type|trait:.+)$/;

/**
 * Reads the compute hosts, each with its provider, zone and state: one call each for compute services and aggregates, and one
 * for every page of hypervisors. They are listed at 2.75, since from 2.88 on Nova would ask each host for its uptime.
 */
export async function readCapacityHosts(
  cloud: Cloud,
  options: ReadOptions,
): Promise<Observed<CapacityHost[]>> {
  const nova = cloud.compute.at('2.75');
  const clock = { now: () => cloud.clock.now() };
  const services = await observeList(
    'compute services',
    nova.services.list({ binary: 'nova-compute' }, options),
    clock,
  );
  const aggregates = await observeList('host aggregates', nova.aggregates.list({}, options), clock);
  const hypervisors = await observeList('hypervisors', nova.hypervisors.list({}, options), clock);
  const conditions = new Map<string, string[]>();
  for (const { hosts, metadata } of aggregates.value) {
    const asked = Object.entries(metadata).flatMap(([key, value]) =>
      CONDITION.test(key) ? [visible(`${key}=${value}`)] : [],
    );
    if (asked.length > 0)
      for (const host of hosts) conditions.set(host, [...(conditions.get(host) ?? []), ...asked]);
  }
  const areConditionsKnown = aggregates.completeness === 'complete';
  const serviceOf = new Map(services.value.map((service) => [service.host, service]));
  const value = hypervisors.value.map(({ id, service: { host } }): CapacityHost => {
    const service = serviceOf.get(host);
    return {
      provider: id,
      name: host,
      zone: service?.zone,
      state: service === undefined ? 'unknown' : stateOf(service),
      conditions: areConditionsKnown ? (conditions.get(host) ?? []) : ['its aggregates could not be read'],
    };
  });
  const dark = services.value.filter(({ status }) => status === 'UNKNOWN');
  const parts = [services, aggregates, hypervisors];
  const gaps = [...parts.flatMap((part) => part.gaps), ...darkGaps(dark.map(({ host }) => host))];
  const worst = parts.find(({ completeness }) => completeness !== 'complete');
  return {
    value,
    at: services.at,
    source: 'compute services, aggregates and hypervisors',
    completeness:
      gaps.length === 0 ? 'complete' : value.length > 0 ? 'partial' : (worst?.completeness ?? 'failed'),
    gaps,
  };
}

/** Nova refuses the list of hypervisors while a cell does not respond; only the list of services says of which hosts. */
function darkGaps(hosts: readonly string[]): Gap[] {
  const [first] = hosts;
  if (first === undefined) return [];
  return [
    {
      what: 'hosts in cells that do not respond',
      kind: 'failed',
      why: `Nova answered UNKNOWN for ${hosts.length} of its compute services, ${visible(first)} among them`,
      remedy: 'Look at the database and the message bus of the cell.',
      requestIds: [],
    },
  ];
}

function stateOf({
  status,
  state,
}: {
  readonly status: string;
  readonly state: string;
}): CapacityHost['state'] {
  if (status === 'disabled') return 'disabled';
  if (state === 'down') return 'down';
  return status === 'enabled' && state === 'up' ? 'open' : 'unknown';
}
