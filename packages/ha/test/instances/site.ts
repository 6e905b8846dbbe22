import { type Cloud, connect } from '@groundcrew/core';
import { memoryJournal, type Outcome, type Plan, run, type RunOptions } from '@groundcrew/runbook';
import { simulateCloud, type SimulatedCloud } from '@groundcrew/sim';
import { onTestFinished } from 'vitest';
import { fencer, type Fencer } from '../../src/fencing/fencer.ts';
import type { PowerDriver, PowerState } from '../../src/fencing/power-driver.ts';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { planRecovery } from '../../src/instances/plan-recovery.ts';
import { haPolicy, type HaPolicy } from '../../src/instances/policy.ts';
import { recoveryImplementations } from '../../src/instances/recovery-implementations.ts';
import { returnImplementations } from '../../src/instances/return-implementations.ts';

/** Boards whose power is that of the simulated machines. */
export class Boards implements PowerDriver {
  readonly method = 'simulated';
  readonly orders: string[] = [];
  readonly #simulated: SimulatedCloud;
  readonly #state = new Map<string, PowerState>();

  constructor(simulated: SimulatedCloud) {
    this.#simulated = simulated;
  }

  /** The machine stops working, its board still says `on`. */
  crash(host: string): void {
    this.#simulated.hosts.kill(host);
  }

  async read(host: string): ReturnType<PowerDriver['read']> {
    const state = this.#state.get(host) ?? 'on';
    return { state, statement: `PowerState ${state}` };
  }

  async off(host: string): Promise<void> {
    this.orders.push(`off ${host}`);
    this.#simulated.hosts.kill(host);
    this.#state.set(host, 'off');
  }

  async on(host: string): Promise<void> {
    this.orders.push(`on ${host}`);
    this.#simulated.hosts.revive(host);
    this.#state.set(host, 'on');
  }
}

export interface Site {
  readonly simulated: SimulatedCloud;
  readonly cloud: Cloud;
  readonly boards: Boards;
  readonly fence: Fencer;
  /** Ids of the servers on compute-2. */
  readonly servers: readonly string[];
  execute(plan: Plan, options?: Partial<RunOptions>): Promise<Outcome>;
}

/** Servers that run there, in whatever number. */
export async function serversOn(host: string, count: number, cloud: Cloud): Promise<string[]> {
  const { servers: api, flavors } = cloud.compute;
  const flavor = await flavors.find('m1.nano');
  const image = await cloud.image.images.find('cirros');
  const project = await cloud.identity.projects.find('admin');
  await cloud.compute.quotaSets.update({ id: project.id, instances: -1, cores: -1, ram: -1 });
  const servers: string[] = [];
  for (let n = 1; n <= count; n += 1) {
    const { id } = await cloud.compute.at('2.74').servers.create({
      name: `vm-${n}`,
      flavorRef: flavor.id,
      imageRef: image.id,
      networks: 'none',
      host,
    });
    servers.push(id);
  }
  for (const id of servers) await api.waitFor(id, 'ACTIVE');
  return servers;
}

/** Three hosts, and servers on compute-2. */
export async function siteWithServers(count: number): Promise<Site> {
  const simulated = simulateCloud({ scenario: 'small' });
  const { connectOptions } = await simulated.listen();
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  onTestFinished(async () => {
    await cloud[Symbol.asyncDispose]();
    await simulated.close();
  });
  const servers = await serversOn('compute-2', count, cloud);
  const boards = new Boards(simulated);
  const fence = fencer({ drivers: [boards], clock: cloud.clock });
  return {
    simulated,
    cloud,
    boards,
    fence,
    servers,
    execute: (plan, options) =>
      run(plan, {
        approved: plan.digest,
        implementations: [
          ...recoveryImplementations({ cloud, fencer: fence }),
          ...returnImplementations({ cloud, fencer: fence }),
        ],
        journal: memoryJournal(),
        ...options,
      }).outcome,
  };
}

/** The plan by which the site's servers leave a host. */
export async function recoveryOf(site: Site, host: string, policy: Partial<HaPolicy> = {}): Promise<Plan> {
  const view = await readCloudView(site.cloud);
  const planned = planRecovery({ host, servers: site.servers }, view, haPolicy(policy));
  if (!planned.ok) throw new Error(planned.refusals[0].reason);
  return planned.plan;
}

/** Where a server is, and how. */
export async function whereIs({ cloud }: Site, id: string): Promise<{ host: string; status: string }> {
  const server = await cloud.compute.servers.get({ id });
  return { host: server['OS-EXT-SRV-ATTR:host'] ?? '', status: server.status };
}
