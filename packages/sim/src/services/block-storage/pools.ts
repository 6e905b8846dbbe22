import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';
import { flag, micros } from '../../wire.ts';
import { lastReport } from './views.ts';

export const poolRoutes: Routes = {
  'GET scheduler-stats/get_pools': admin('scheduler_extension:scheduler_stats:get_pools', (call) => {
    const { blockStorage } = call.state;
    const detail = flag(call.query.get('detail') ?? undefined) === true;
    const alive = [...blockStorage.pools.values()].filter((pool) => {
      const service = blockStorage.services.find((candidate) => candidate.host === pool.name.split('#')[0]);
      // The scheduler drops a backend that does not report.
      return service === undefined || call.now - lastReport(call.now, service) < 60_000;
    });
    return ok({
      pools: alive.map((pool) => {
        const used = blockStorage.volumes
          .values()
          .reduce((sum, volume) => sum + (volume.host === pool.name ? volume.size : 0), 0);
        if (!detail) return { name: pool.name };
        return {
          name: pool.name,
          capabilities: {
            volume_backend_name: pool.backend,
            vendor_name: 'Open Source',
            driver_version: '1.3.0',
            storage_protocol: pool.protocol,
            total_capacity_gb: pool.total,
            free_capacity_gb: pool.total - used,
            provisioned_capacity_gb: used,
            allocated_capacity_gb: used,
            reserved_percentage: 0,
            max_over_subscription_ratio: '20.0',
            thin_provisioning_support: true,
            multiattach: true,
            consistent_group_snapshot_enabled: true,
            QoS_support: false,
            filter_function: null,
            goodness_function: null,
            timestamp: micros(call.now),
          },
        };
      }),
    });
  }),
};
