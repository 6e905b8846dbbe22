import { ok } from '../../answer.ts';
import { adminOf, type Routes } from '../../call.ts';
import { conflict } from '../../fault.ts';
import type { Json } from '../../wire.ts';
import { findServer } from './lifecycle.ts';
import { portsOf } from './server-view.ts';

export const serverDiagnosticRoutes: Routes = {
  'GET servers/{server_id}/diagnostics': adminOf(
    findServer,
    'os_compute_api:os-server-diagnostics',
    (call) => {
      const server = findServer(call);
      if (!call.atLeast('2.48')) return ok(bareDiagnostics);
      if (server.power_state !== 1)
        throw conflict(`Cannot 'get_diagnostics' instance ${server.id} while it is in power state shutdown`);
      return ok({
        state: 'running',
        driver: 'libvirt',
        hypervisor: 'kvm',
        hypervisor_os: 'linux',
        uptime: Math.floor((call.now - (server.launched ?? call.now)) / 1000),
        config_drive: server.config_drive,
        num_cpus: server.flavor.vcpus,
        num_nics: portsOf(call, server).length,
        num_disks: 1 + server.volumes.length,
        cpu_details: [],
        nic_details: [],
        disk_details: [],
        memory_details: { maximum: server.flavor.ram, used: server.flavor.ram },
      });
    },
  ),
};

/**
 * The diagnostics before 2.48, in the driver's format: the fake driver's, and, but for the number of devices, libvirt's.
 */
const bareDiagnostics: Json = {
  cpu0_time: 17_300_000_000,
  memory: 524_288,
  vda_errors: -1,
  vda_read: 262_144,
  vda_read_req: 112,
  vda_write: 5_778_432,
  vda_write_req: 488,
  vnet1_rx: 2_070_139,
  vnet1_rx_drop: 0,
  vnet1_rx_errors: 0,
  vnet1_rx_packets: 26_701,
  vnet1_tx: 140_208,
  vnet1_tx_drop: 0,
  vnet1_tx_errors: 0,
  vnet1_tx_packets: 662,
};
