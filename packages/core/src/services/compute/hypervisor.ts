import { z } from 'zod';
import { answer, changes, type OutputAt, since, type Versioned } from '../../record/shape.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** Servers on a hypervisor. Only if asked for; before 2.75 absent if there are none. */
const Servers = z.array(tolerant({ name: z.string(), uuid: z.string() })).optional();

const service = { host: z.string(), disabled_reason: z.string().nullable() };

/** Counters that 2.88 removed: they were often wrong, and Placement knows them. */
const counter = <const S extends z.ZodType>(
  schema: S,
): Versioned<readonly [readonly ['2.1', S], readonly ['2.88', null]]> =>
  changes(['2.1', schema], ['2.88', null]);

const brief = {
  /** A number before 2.53, a UUID from then on. */
  id: changes(['2.1', z.number()], ['2.53', z.string()]),
  hypervisor_hostname: z.string(),
  /** `up` or `down`, by the heartbeat of its compute service. */
  state: known(['up', 'down']),
  /** `enabled` or `disabled`. */
  status: known(['enabled', 'disabled']),
};

/** A hypervisor in a brief list. */
export const HypervisorBrief = answer({ ...brief, servers: since('2.53', Servers) });
export type HypervisorBrief = OutputAt<typeof HypervisorBrief>;

/** A hypervisor by its name, with its servers, before 2.53. */
export const HypervisorWithServers = answer({ ...brief, servers: Servers });

/** A hypervisor with how long it runs, before 2.88. */
export const HypervisorUptime = answer({
  ...brief,
  /** The output of `uptime`. */
  uptime: z.string().nullable(),
});

/** A node that runs servers. */
export const Hypervisor = answer({
  ...brief,
  /** `QEMU`, `ironic`, `VMware vCenter Server`, … */
  hypervisor_type: z.string(),
  /** Libvirt: 7002000 is 7.2.0. */
  hypervisor_version: z.union([z.number(), z.string()]),
  host_ip: z.string().nullable(),
  /** Its compute service. */
  service: changes(
    ['2.1', tolerant({ ...service, id: z.number() })],
    ['2.53', tolerant({ ...service, id: z.string() })],
  ),
  servers: since('2.53', Servers),
  /** The output of `uptime`; `null` if the driver cannot tell, or the host is down. */
  uptime: since('2.88', z.string().nullable()),
  vcpus: counter(z.number()),
  vcpus_used: counter(z.number()),
  /** MiB. */
  memory_mb: counter(z.number()),
  memory_mb_used: counter(z.number()),
  free_ram_mb: counter(z.number().nullable()),
  /** GiB. */
  local_gb: counter(z.number()),
  local_gb_used: counter(z.number()),
  free_disk_gb: counter(z.number().nullable()),
  /** GiB, with what sparse disks may still grow taken off. */
  disk_available_least: counter(z.number().nullable().optional()),
  /** Running tasks: builds, migrations. */
  current_workload: counter(z.number().nullable()),
  running_vms: counter(z.number().nullable()),
  /** JSON in a string before 2.28. */
  cpu_info: changes(
    ['2.1', z.string().nullable()],
    ['2.28', z.record(z.string(), z.unknown())],
    ['2.88', null],
  ),
});
export type Hypervisor = OutputAt<typeof Hypervisor>;

/** The counters of all hypervisors, added up. */
export const HypervisorStatistics = answer({
  count: z.number(),
  vcpus: z.number(),
  vcpus_used: z.number(),
  memory_mb: z.number(),
  memory_mb_used: z.number(),
  free_ram_mb: z.number().nullable(),
  local_gb: z.number(),
  local_gb_used: z.number(),
  free_disk_gb: z.number().nullable(),
  disk_available_least: z.number().nullable(),
  current_workload: z.number().nullable(),
  running_vms: z.number().nullable(),
});
export type HypervisorStatistics = OutputAt<typeof HypervisorStatistics>;
