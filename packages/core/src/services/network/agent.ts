import { z } from 'zod';
import { answer, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';

/** A process of Neutron on a host. */
export const Agent = answer({
  id: z.string(),
  /** `DHCP agent`, `L3 agent`, `Metadata agent`, `Open vSwitch agent`, `OVN Controller agent`, … */
  agent_type: z.string(),
  /** `neutron-l3-agent` */
  binary: z.string(),
  /** The host; empty for an OVN agent that is being removed. */
  host: z.string(),
  /** It reported within `agent_down_time` (75 s unless configured). It may still do no work. */
  alive: z.boolean(),
  /** Nothing new is scheduled to it if false. */
  admin_state_up: z.boolean(),
  /** Null of agents that have none. */
  availability_zone: z.string().nullable(),
  topic: z.string().nullable().optional(),
  heartbeat_timestamp: Timestamp.nullable(),
  started_at: Timestamp.nullable().optional(),
  created_at: Timestamp.nullable().optional(),
  description: z.string().nullable().optional(),
  /** The agent's report of its configuration; its keys depend on its type. Numbers of what it serves are among them. */
  configurations: z.record(z.string(), z.unknown()).optional(),
  /** Its resources are known to Placement; null if it has none to report. */
  resources_synced: z.boolean().nullable().optional(),
  /** For an L3 agent, when listed for one router: `active`, `standby`, `unknown`. */
  ha_state: z.string().nullable().optional(),
  resource_versions: z.record(z.string(), z.unknown()).nullable().optional(),
  load: z.number().nullable().optional(),
});
export type Agent = OutputAt<typeof Agent>;
