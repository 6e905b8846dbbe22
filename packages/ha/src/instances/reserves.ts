import type { Cloud } from '@groundcrew/core';
import { NOVA } from './cloud-view.ts';
import { computeService } from './compute-service.ts';

/** The `disabled_reason` of a reserve that is not in use. */
const RESERVED = 'groundcrew: reserved';

/** Spare hosts: disabled until a recovery needs them, given back if it did not. */
export class Reserves {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Enables it, if it is not. @throws Error if it is not there, or not up */
  async use(host: string, signal: AbortSignal): Promise<void> {
    const now = await computeService(this.#cloud, host, signal);
    if (now === undefined) throw new Error(`the reserve ${host} is no compute host`);
    if (!now.up) throw new Error(`the reserve ${host} is not up`);
    if (!now.enabled) await this.#update({ id: now.id, status: 'enabled' }, signal);
  }

  /** Disables those that carry no server. Returns the others: they are ordinary hosts from now on. */
  async giveBack(hosts: readonly string[], signal: AbortSignal): Promise<string[]> {
    const inUse: string[] = [];
    for (const host of hosts) {
      const now = await computeService(this.#cloud, host, signal);
      if (now === undefined || !now.enabled) continue;
      if (await this.#carries(host, signal)) inUse.push(host);
      else await this.#update({ id: now.id, status: 'disabled', disabled_reason: RESERVED }, signal);
    }
    return inUse;
  }

  async #carries(host: string, signal: AbortSignal): Promise<boolean> {
    const servers = this.#cloud.compute
      .at(NOVA)
      .servers.list({ all_tenants: true, host, limit: 1 }, { signal });
    for await (const _ of servers) return true;
    return false;
  }

  async #update(
    change: {
      readonly id: string;
      readonly status: 'enabled' | 'disabled';
      readonly disabled_reason?: string;
    },
    signal: AbortSignal,
  ): Promise<void> {
    await this.#cloud.compute.at(NOVA).services.update(change, { signal });
  }
}
