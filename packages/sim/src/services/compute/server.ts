import type { Json } from '../../wire.ts';

export interface Flavor {
  readonly id: string;
  readonly row: number;
  name: string;
  vcpus: number;
  ram: number;
  disk: number;
  ephemeral: number;
  swap: number;
  is_public: boolean;
  disabled: boolean;
  description: string | null;
  extra_specs: Record<string, string>;
  readonly access: Set<string>;
}

export interface AttachedVolume {
  readonly volume_id: string;
  readonly device: string;
  readonly attachment_id: string;
  readonly bdm_uuid: string;
  delete_on_termination: boolean;
  tag: string | null;
}

export interface Server {
  readonly id: string;
  readonly serial: number;
  readonly project_id: string;
  readonly user_id: string;
  readonly created: number;
  updated: number;
  name: string;
  description: string | null;
  hostname: string;
  vm_state: string;
  task_state: string | null;
  power_state: number;
  /** Whether the guest is off, and Nova has not noticed yet: it has shut itself down, or its host has lost its power. */
  hasShutDown: boolean;
  host: string | null;
  flavor: Flavor;
  image: string | null;
  metadata: Record<string, string>;
  availability_zone: string | null;
  /** The zone that was asked for. */
  pinned_zone: string | null;
  key_name: string | null;
  config_drive: boolean;
  user_data: string | null;
  tags: string[];
  locked: boolean;
  locked_reason: string | null;
  volumes: AttachedVolume[];
  /** The ports that the user made. They remain when the server is deleted, as in Nova (`preserve_on_delete`). */
  readonly preservedPorts: Set<string>;
  launched: number | null;
  fault: { code: number; message: string; created: number; details: string } | null;
  group: string | null;
  scheduler_hints: Json;
  security_groups: string[];
  /** The state to which an unconfirmed resize or migration can be reverted. */
  before: { flavor: Flavor; host: string; vm_state: string } | null;
}

/** A server whose row Nova's database still has, marked as deleted. */
export interface DeletedServer {
  readonly server: Server;
  readonly at: number;
}
