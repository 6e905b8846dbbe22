import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args, since } from '../../record/shape.ts';
import {
  Hypervisor,
  HypervisorBrief,
  HypervisorStatistics,
  HypervisorUptime,
  HypervisorWithServers,
} from './hypervisor.ts';
import { NumericId } from './numeric-id.ts';
import { Limit, Marker } from './paging.ts';

const Filters = args({
  /** Part of the name. 404 if nothing matches, and no paging then. */
  hypervisor_hostname_pattern: since('2.53', z.string().optional()),
  with_servers: since('2.53', z.boolean().optional()),
  limit: since('2.33', Limit),
  marker: since('2.33', Marker),
});

const ByPattern = args({
  /** Part of the name. */
  hypervisor_hostname_pattern: z.string(),
});

/** The nodes that run servers. Administrators only. */
export const hypervisors = resource({
  name: 'hypervisors',
  findBy: 'hypervisor_hostname',
  operations: {
    /** Show one. Its id is a number before 2.53, a UUID from then on. */
    get: operation({
      verb: 'GET',
      path: 'os-hypervisors/{id}',
      receive: 'hypervisor',
      input: args({ id: NumericId, with_servers: since('2.53', z.boolean().optional()) }),
      output: Hypervisor,
    }),
    /** Iterate over hypervisors with all their fields. Nodes whose compute service was deleted are left out. */
    list: operation({
      verb: 'GET',
      path: 'os-hypervisors/detail',
      receive: 'hypervisors',
      page: 'links',
      input: Filters,
      output: Hypervisor,
    }),
    /** Iterate over hypervisors by name and state only. */
    listBrief: operation({
      verb: 'GET',
      path: 'os-hypervisors',
      receive: 'hypervisors',
      page: 'links',
      input: Filters,
      output: HypervisorBrief,
    }),
    /** List hypervisors whose name matches. 404 if none does. From 2.53 on: a filter of `list`. */
    search: operation({
      verb: 'GET',
      path: 'os-hypervisors/{hypervisor_hostname_pattern}/search',
      receive: 'hypervisors',
      page: 'none',
      input: ByPattern,
      output: HypervisorBrief,
      until: '2.53',
    }),
    /** List hypervisors whose name matches, with their servers. From 2.53 on: `with_servers` of `list`. */
    servers: operation({
      verb: 'GET',
      path: 'os-hypervisors/{hypervisor_hostname_pattern}/servers',
      receive: 'hypervisors',
      page: 'none',
      input: ByPattern,
      output: HypervisorWithServers,
      until: '2.53',
    }),
    /** Show how long it has been running. 400 if it is down or cannot tell. From 2.88 on: a field of `get` and `list`. */
    uptime: operation({
      verb: 'GET',
      path: 'os-hypervisors/{id}/uptime',
      receive: 'hypervisor',
      input: args({ id: NumericId }),
      output: HypervisorUptime,
      until: '2.88',
    }),
    /** Show the sums of all counters. Gone with 2.88: ask Placement. */
    statistics: operation({
      verb: 'GET',
      path: 'os-hypervisors/statistics',
      receive: 'hypervisor_statistics',
      input: args({}),
      output: HypervisorStatistics,
      until: '2.88',
    }),
  },
});
