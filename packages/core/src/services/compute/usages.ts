import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt, since } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Limit, Marker } from './paging.ts';
import { known, tolerant } from '../../record/tolerant.ts';

const ServerUsage = tolerant({
  instance_id: z.string(),
  name: z.string(),
  tenant_id: z.string(),
  /** The flavor's name. */
  flavor: z.string(),
  vcpus: z.number().optional(),
  memory_mb: z.number().optional(),
  local_gb: z.number().optional(),
  /** Within the period. */
  hours: z.number(),
  /** Seconds since it was started, or until it ended. */
  uptime: z.number(),
  /** `active`, `terminated`, … */
  state: known(['active', 'terminated']).nullable(),
  started_at: Timestamp.nullable(),
  ended_at: Timestamp.nullable(),
});

/** The usage of a project in a period. */
export const TenantUsage = answer({
  tenant_id: z.string(),
  start: Timestamp,
  stop: Timestamp,
  total_hours: z.number(),
  /** Processors times hours. */
  total_vcpus_usage: z.number(),
  /** MiB times hours. */
  total_memory_mb_usage: z.number(),
  /** GiB times hours. */
  total_local_gb_usage: z.number(),
  /** In a list only with `detailed`. */
  server_usages: z.array(ServerUsage).optional(),
});
export type TenantUsage = OutputAt<typeof TenantUsage>;

/** The usage of one project; empty if it used nothing. */
export const OneTenantUsage = answer({
  tenant_id: z.string().optional(),
  start: Timestamp.optional(),
  stop: Timestamp.optional(),
  total_hours: z.number().optional(),
  total_vcpus_usage: z.number().optional(),
  total_memory_mb_usage: z.number().optional(),
  total_local_gb_usage: z.number().optional(),
  server_usages: z.array(ServerUsage).optional(),
});
export type OneTenantUsage = OutputAt<typeof OneTenantUsage>;

const period = {
  /** UTC: `2026-01-31T00:00:00`. @default now */
  start: z.string().optional(),
  /** UTC. @default now */
  end: z.string().optional(),
  limit: since('2.40', Limit),
  /** Id of a server: pages are made of servers. */
  marker: since('2.40', Marker),
};

/** The usage of projects in a period, as Nova has recorded it. */
export const usages = resource({
  name: 'usages',
  operations: {
    /**
     * Show the usage of a project. At most `max_limit` (1000) servers are counted: from 2.40 on ask again with the last
     * server as `marker` and add up, before that the rest is lost.
     */
    get: operation({
      verb: 'GET',
      path: 'os-simple-tenant-usage/{id}',
      receive: 'tenant_usage',
      input: args({
        /** The project's. */
        id: z.string(),
        ...period,
      }),
      output: OneTenantUsage,
    }),
    /**
     * List the usage of all projects. Administrators only. Pages are made of servers, so **a project may come several
     * times, each with a part**: add up. Before 2.40 only the first 1000 servers are counted.
     */
    list: operation({
      verb: 'GET',
      path: 'os-simple-tenant-usage',
      receive: 'tenant_usages',
      page: 'links',
      input: args({
        ...period,
        /** 1: with each server. A number, as Nova reads nothing else. */
        detailed: z.union([z.literal(0), z.literal(1)]).optional(),
      }),
      output: TenantUsage,
    }),
  },
});
