import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';

/**
 * The log of usage audits of a Nova with its own defaults: `instance_usage_audit` is off, so that no host has run one, and the
 * period is a month (nova/api/openstack/compute/instance_usage_audit_log.py; nova/utils.py, `last_completed_audit_period`).
 */
export const usageAuditRoutes: Routes = {
  'GET os-instance_usage_audit_log': admin('os_compute_api:os-instance-usage-audit-log:list', (call) => {
    const hosts = call.state.compute.services
      .filter(({ binary }) => binary === 'nova-compute')
      .map(({ host }) => host);
    const now = new Date(call.now);
    const month = (back: number): string =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1))
        .toISOString()
        .slice(0, 19)
        .replace('T', ' ');
    return ok({
      instance_usage_audit_logs: {
        period_beginning: month(1),
        period_ending: month(0),
        num_hosts: hosts.length,
        num_hosts_done: 0,
        num_hosts_running: 0,
        num_hosts_not_run: hosts.length,
        hosts_not_run: hosts,
        total_instances: 0,
        total_errors: 0,
        overall_status: `${hosts.length === 0 ? 'ALL' : `0 of ${hosts.length}`} hosts done. 0 errors.`,
        log: {},
      },
    });
  }),
};
