import { once } from 'node:events';
import { type Clock, type Cloud, connect } from '@groundcrew/core';
import {
  type Finding,
  finding,
  type Journal,
  type Lease,
  memoryJournal,
  memoryState,
  type Plan,
} from '@groundcrew/runbook';
import { simulateCloud } from '@groundcrew/sim';
import { onTestFinished } from 'vitest';
import {
  channel,
  memoryNotices,
  type Message,
  type ResponseController,
  responseController,
  type ResponseControllerOptions,
  type ResponsePolicy,
  type ResponseContext,
} from '../../src/response.ts';

/** A cloud, what is wrong with it, and people who are told and asked. */
export interface Stage {
  readonly cloud: Cloud;
  readonly simulated: ReturnType<typeof simulateCloud>;
  /** The findings of a look. */
  findings: Finding[];
  context: ResponseContext;
  readonly messages: Message[];
  readonly journals: Map<string, Journal>;
  /** Another controller of the same site; the default approves all as the officer. */
  controller(policy: ResponsePolicy, differs?: Partial<ResponseControllerOptions>): Watched;
}

export interface Watched {
  readonly controller: ResponseController;
  /** The events that it emitted, in words. */
  readonly told: string[];
  readonly asked: Plan[];
  /** Runs it until it was told so, at most for so many looks; its looks. */
  readonly until: (
    so: (told: readonly string[], looks: number) => boolean,
    looks?: number,
  ) => Promise<number>;
}

export const wrong = (kind: string, id: string, verdict: Finding['verdict'] = 'fail'): Finding =>
  finding({
    id: 'audit.test',
    verdict,
    severity: 'high',
    title: `${kind} ${id} is ${verdict}`,
    subject: { kind, id },
    because: [{ statement: 'so', source: 'test' }],
    remedy: undefined,
  });

export async function stage(): Promise<Stage> {
  const simulated = simulateCloud({ seed: 9, release: 'zed' });
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  // Days pass in no time, but not while a plan is at work.
  const plans = new AtWork();
  const clock: Clock = {
    now: () => simulated.clock.now(),
    async sleep(ms, signal) {
      if (ms > 5_000) await plans.done(signal);
      await simulated.clock.sleep(ms, signal);
    },
  };
  const cloud = connect({ ...connectOptions, clock });
  onTestFinished(async () => {
    await cloud.close();
    await simulated.close();
  });
  const shared = {
    notices: memoryNotices(),
    state: memoryState(),
    channels: [channel('owner', async (message) => void site.messages.push(message))],
    journal: (name: string) => {
      const there = site.journals.get(name) ?? memoryJournal();
      site.journals.set(name, there);
      return there;
    },
  };
  const site: Stage = {
    cloud,
    simulated,
    findings: [],
    context: { revisionOf: () => undefined },
    messages: [],
    journals: new Map(),
    controller(policy, differs = {}) {
      const controller = responseController({
        cloud,
        look: async () => ({ findings: site.findings, context: site.context }),
        policy,
        approve: async () => ({ by: 'the officer' }),
        ...shared,
        ...differs,
      });
      controller.events.on('started', () => plans.begin());
      controller.events.on('ended', () => plans.end());
      return watched(controller, simulated.clock);
    },
  };
  return site;
}

function watched(controller: ResponseController, clock: { now(): number }): Watched {
  const told: string[] = [];
  const asked: Plan[] = [];
  let looks = 0;
  const start = clock.now();
  const say = (text: string): void =>
    void told.push(`${Math.round((clock.now() - start) / 3_600_000)}h ${text}`);
  const steps = (plan: Plan): string => plan.steps.map(({ id }) => id).join(' ');
  const { events } = controller;
  events.on('asked', ({ plan }) => {
    asked.push(plan);
    say(`asked: ${steps(plan)}`);
  });
  events.on('withdrawn', ({ plan }) => say(`withdrawn: ${steps(plan)}`));
  events.on('declined', ({ refusals }) => say(`declined: ${refusals.map(({ code }) => code).join(' ')}`));
  events.on('started', ({ plan, by }) => say(`started: ${steps(plan)} by ${by}`));
  events.on('ended', ({ plan, outcome }) => say(`${outcome.status}: ${steps(plan)}`));
  events.on('trouble', ({ error }) =>
    say(`trouble: ${error instanceof Error ? error.message : String(error)}`),
  );
  events.on('following', () => say('following'));
  return {
    controller,
    told,
    asked,
    async until(so, most = 200) {
      const stop = new AbortController();
      const check = (): void => {
        if (looks >= most || so(told, looks)) stop.abort();
      };
      events.on('decided', () => {
        looks += 1;
        check();
      });
      for (const event of ['ended', 'declined', 'withdrawn', 'asked', 'trouble', 'following'] as const)
        events.on(event, check);
      await controller.run({ signal: stop.signal });
      return looks;
    },
  };
}

/** Counts what is at work, and tells when nothing is. */
class AtWork {
  #count = 0;
  #idle = Promise.withResolvers<void>();

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers();
  }

  async done(signal: AbortSignal | undefined): Promise<void> {
    if (this.#count === 0 || signal?.aborted === true) return;
    const isAborted = signal === undefined ? [] : [once(signal, 'abort')];
    await Promise.race([this.#idle.promise, ...isAborted]);
  }
}

/** A small server that runs. */
export async function aServer({ cloud }: Pick<Stage, 'cloud'>): Promise<string> {
  const flavors = (await Array.fromAsync(cloud.compute.flavors.list())).toSorted((a, b) => a.ram - b.ram);
  const image = await cloud.image.images.create({ name: 'i', disk_format: 'raw', container_format: 'bare' });
  onTestFinished(() => cloud.image.images.delete({ id: image.id }, { missingOk: true }));
  await cloud.image.data.upload({ id: image.id }, new Uint8Array(1_024));
  const { id } = await cloud.compute
    .at('2.37')
    .servers.create({ name: 's', flavorRef: flavors[0]?.id ?? '', imageRef: image.id, networks: 'none' });
  await cloud.compute.servers.waitFor(id, 'ACTIVE');
  return id;
}

export const lockedOf = async ({ cloud }: Stage, id: string): Promise<boolean> =>
  (await cloud.compute.at('2.26').servers.get({ id })).locked;

/** A lease that is had once; `lost` takes it away. */
export function oneTermLease(): { readonly lost: AbortController; readonly lease: Lease } {
  const lost = new AbortController();
  let leaders = 0;
  return {
    lost,
    lease: {
      async acquire({ signal }) {
        leaders += 1;
        if (leaders > 1) await new Promise((_, reject) => signal?.addEventListener('abort', reject));
        return { holder: 'me', token: leaders, lost: lost.signal, release: async () => {} };
      },
    },
  };
}
