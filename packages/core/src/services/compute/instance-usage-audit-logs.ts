import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** What the compute hosts' audits of usage did at the end of a period. */
export const InstanceUsageAuditLog = answer({
  /** An hour, a day, a month or a year, as nova-api's `instance_usage_audit_period` says; the last one that is over. */
  period_beginning: Timestamp,
  period_ending: Timestamp,
  num_hosts: z.number(),
  num_hosts_done: z.number(),
  num_hosts_running: z.number(),
  num_hosts_not_run: z.number(),
  /** Compute hosts without an entry in the log: `instance_usage_audit` is off there, which is its default, or the host was down. */
  hosts_not_run: z.array(z.string()),
  /** Servers that were told of. */
  total_instances: z.number(),
  total_errors: z.number(),
  /** `3 of 4 hosts done. 0 errors.` */
  overall_status: z.string(),
  /** By compute host. */
  log: z.record(
    z.string(),
    tolerant({
      state: known(['DONE', 'RUNNING']),
      instances: z.number(),
      errors: z.number(),
      message: z.string(),
    }),
  ),
});
export type InstanceUsageAuditLog = OutputAt<typeof InstanceUsageAuditLog>;

/** Nova's log of the notifications `compute.instance.exists`. Administrators only. */
export const instanceUsageAuditLogs = resource({
  name: 'instanceUsageAuditLogs',
  operations: {
    /** The log of the last whole period. */
    get: operation({
      verb: 'GET',
      path: 'os-instance_usage_audit_log',
      receive: 'instance_usage_audit_logs',
      input: args({}),
      output: InstanceUsageAuditLog,
    }),
  },
});
