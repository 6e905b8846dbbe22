import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt } from '../../record/shape.ts';
import { known, tolerant } from '../../record/tolerant.ts';

const Count = z.number().nullable().optional();

/** Counters of the hypervisor, from 2.48 on. A driver that cannot tell a value says `null`. */
export const Diagnostics = answer({
  /** `pending`, `running`, `paused`, `shutdown`, `crashed`, `suspended`. */
  state: known(['pending', 'running', 'paused', 'shutdown', 'crashed', 'suspended']),
  driver: z.string(),
  hypervisor: z.string().nullable().optional(),
  hypervisor_os: z.string().nullable().optional(),
  /** Seconds. */
  uptime: Count,
  config_drive: z.boolean().optional(),
  num_cpus: Count,
  num_disks: Count,
  num_nics: Count,
  /** Nanoseconds of processor time, and percent. */
  cpu_details: z.array(tolerant({ id: Count, time: Count, utilisation: Count })),
  disk_details: z.array(
    tolerant({
      read_bytes: Count,
      read_requests: Count,
      write_bytes: Count,
      write_requests: Count,
      errors_count: Count,
    }),
  ),
  /** MiB. */
  memory_details: tolerant({ maximum: Count, used: Count }),
  nic_details: z.array(
    tolerant({
      mac_address: z.string().nullable().optional(),
      rx_octets: Count,
      rx_packets: Count,
      rx_errors: Count,
      rx_drop: Count,
      rx_rate: Count,
      tx_octets: Count,
      tx_packets: Count,
      tx_errors: Count,
      tx_drop: Count,
      tx_rate: Count,
    }),
  ),
});
export type Diagnostics = OutputAt<typeof Diagnostics>;

/** The hypervisor's counters for one server. */
export const serverDiagnostics = resource({
  name: 'serverDiagnostics',
  operations: {
    /**
     * Show them. Administrators only; 409 unless the server runs. Before 2.48 each driver answers under names of
     * its own.
     */
    get: operation({
      verb: 'GET',
      path: 'servers/{server_id}/diagnostics',
      input: args({ server_id: z.string() }),
      output: changes(['2.1', z.record(z.string(), z.unknown())], ['2.48', Diagnostics]),
    }),
  },
});
