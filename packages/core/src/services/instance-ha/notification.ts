import { z } from 'zod';
import { answer, type OutputAt, since } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** A task of a recovery's workflow, with its progress. */
const Task = tolerant({
  /** `DisableComputeServiceTask`, `EvacuateInstancesTask`, … */
  name: z.string(),
  /** taskflow's: `RUNNING`, `SUCCESS`, `FAILURE`, … */
  state: known(['RUNNING', 'SUCCESS', 'FAILURE']),
  /** From 0 to 1. */
  progress: z.number(),
  progress_details: z.array(tolerant({ timestamp: z.string(), message: z.string(), progress: z.string() })),
});

const notification = {
  notification_uuid: z.string(),
  /** Its number: a `marker`, and nothing else. */
  id: z.number(),
  /** `COMPUTE_HOST`, `VM`, `PROCESS`. */
  type: z.string(),
  /** The id of the host in its segment, not Nova's. */
  source_host_uuid: z.string(),
  /** The time at which the monitor saw it. */
  generated_time: Timestamp,
  /** The details of the event; its fields depend on the type. */
  payload: tolerant({
    /** `STARTED`, `STOPPED`; of a `VM` libvirt's, `LIFECYCLE`. */
    event: z.string().optional(),
    /** For a host: `NORMAL` leads to its recovery, `UNKNOWN` is ignored. */
    host_status: z.string().optional(),
    /** For a host: `ONLINE`, `OFFLINE`. */
    cluster_status: z.string().optional(),
    process_name: z.string().optional(),
    instance_uuid: z.string().optional(),
    vir_domain_event: z.string().optional(),
  }),
  /** `new`, `running`, then `finished`, `ignored`, or `error`, which is tried again once and then `failed`. */
  status: known(['new', 'running', 'finished', 'ignored', 'error', 'failed']),
  created_at: Timestamp,
  updated_at: Timestamp.nullable(),
};

/** A report of a monitor, and the state of its handling. */
export const Notification = answer(notification);
export type Notification = OutputAt<typeof Notification>;

/** With what was done about it, step by step. */
export const NotificationDetails = answer({
  ...notification,
  recovery_workflow_details: since('1.1', z.array(Task)),
});
export type NotificationDetails = OutputAt<typeof NotificationDetails>;
