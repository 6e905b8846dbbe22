import type { VirtualClock } from '../../clock.ts';
import type { Ids } from '../../ids.ts';
import { Store } from '../../store.ts';
import type { Json } from '../../wire.ts';
import type { DeletedServer, Flavor, Server } from './server.ts';
import { ServerStore } from './server-store.ts';

export interface ComputeService {
  readonly id: string;
  readonly row: number;
  readonly binary: string;
  readonly host: string;
  disabled: boolean;
  disabled_reason: string | null;
  forced_down: boolean;
  /** The time at which it stopped reporting; `undefined` while it reports. */
  deadSince: number | undefined;
  readonly since: number;
}

export interface Hypervisor {
  readonly id: string;
  readonly row: number;
  readonly host: string;
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly local_gb: number;
  readonly ip: string;
}

export interface Aggregate {
  readonly id: string;
  readonly uuid: string;
  readonly created: number;
  name: string;
  updated: number | null;
  hosts: string[];
  metadata: Record<string, string>;
}

export interface Keypair {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly public_key: string;
  readonly fingerprint: string;
  readonly type: string;
  readonly created: number;
  readonly row: number;
}

export interface ServerGroup {
  readonly id: string;
  readonly name: string;
  readonly policy: string;
  readonly rules: Json;
  readonly project_id: string;
  readonly user_id: string;
}

export interface Migration {
  readonly id: string;
  readonly row: number;
  readonly server: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly type: 'migration' | 'resize' | 'live-migration' | 'evacuation';
  readonly source: string;
  readonly created: number;
  readonly old_flavor: number;
  readonly new_flavor: number;
  dest: string | null;
  status: string;
  updated: number;
}

export interface InstanceAction {
  readonly request_id: string;
  readonly action: string;
  /** `null` where Nova has done it by itself. */
  readonly user_id: string | null;
  readonly project_id: string | null;
  readonly start: number;
  readonly host: string | null;
  finish: number | null;
  message: string | null;
}

export const COMPUTE_QUOTAS: Readonly<Record<string, number>> = {
  instances: 10,
  cores: 20,
  ram: 51_200,
  key_pairs: 100,
  metadata_items: 128,
  server_groups: 10,
  server_group_members: 10,
  injected_files: 5,
  injected_file_content_bytes: 10_240,
  injected_file_path_bytes: 255,
  fixed_ips: -1,
  floating_ips: -1,
  security_groups: -1,
  security_group_rules: -1,
};

/** The state of Nova. */
export class ComputeState {
  readonly servers = new ServerStore();
  readonly flavors = new Store<Flavor>();
  readonly services = new Store<ComputeService>();
  readonly hypervisors = new Store<Hypervisor>();
  readonly aggregates = new Store<Aggregate>();
  readonly keypairs = new Store<Keypair>();
  readonly groups = new Store<ServerGroup>();
  readonly migrations = new Store<Migration>();
  readonly actions = new Map<string, InstanceAction[]>();
  /** Servers that are deleted and not archived: their actions and their usage are still shown. */
  readonly deleted = new Map<string, DeletedServer>();
  readonly quotas = new Map<string, Record<string, number>>();
  /** Hosts of cells whose database does not answer. */
  readonly hostsInDownCells = new Set<string>();
  readonly #ids: Ids;
  readonly #clock: VirtualClock;
  readonly #rows = new Map<string, number>();

  constructor(ids: Ids, clock: VirtualClock) {
    this.#ids = ids;
    this.#clock = clock;
  }

  /** The next number of a table, as databases count. */
  row(table: string): number {
    const next = (this.#rows.get(table) ?? 0) + 1;
    this.#rows.set(table, next);
    return next;
  }

  addFlavor(name: string, vcpus: number, ram: number, disk: number, fields: Partial<Flavor> = {}): Flavor {
    return this.flavors.add({
      id: this.#ids.uuid(),
      row: this.row('flavors'),
      name,
      vcpus,
      ram,
      disk,
      ephemeral: 0,
      swap: 0,
      is_public: true,
      disabled: false,
      description: null,
      extra_specs: {},
      access: new Set(),
      ...fields,
    });
  }

  addService(binary: string, host: string): ComputeService {
    return this.services.add({
      id: this.#ids.uuid(),
      row: this.row('services'),
      binary,
      host,
      disabled: false,
      disabled_reason: null,
      forced_down: false,
      deadSince: undefined,
      since: this.#clock.now(),
    });
  }

  quota(project: string): Record<string, number> {
    return { ...COMPUTE_QUOTAS, ...this.quotas.get(project) };
  }

  used(project: string): { instances: number; cores: number; ram: number } {
    const used = { instances: 0, cores: 0, ram: 0 };
    for (const server of this.servers.ofProject(project)) {
      used.instances += 1;
      used.cores += server.flavor.vcpus;
      used.ram += server.flavor.ram;
    }
    return used;
  }

  /** Records an action on a server. */
  began(
    server: Server,
    action: string,
    who: { requestId: string; userId: string | null; projectId: string | null },
  ): InstanceAction {
    const entry: InstanceAction = {
      request_id: who.requestId,
      action,
      user_id: who.userId,
      project_id: who.projectId,
      start: this.#clock.now(),
      host: server.host,
      finish: null,
      message: null,
    };
    this.actions.set(server.id, [...(this.actions.get(server.id) ?? []), entry]);
    return entry;
  }
}
