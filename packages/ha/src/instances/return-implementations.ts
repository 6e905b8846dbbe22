import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Cloud } from '@groundcrew/core';
import { implement, type Implementation } from '@groundcrew/runbook';
import type { Fencer } from '../fencing/fencer.ts';
import { awaitService, enableHost, powerOn } from './actions.ts';
import { NOVA } from './cloud-view.ts';
import { type ComputeService, computeService } from './compute-service.ts';
import { readMarker, writeMarker } from './marker.ts';
import { mayRunElsewhere } from './may-run-elsewhere.ts';

/** Milliseconds between two looks at a host that is to come back. */
const LOOK = 2_000;

export interface ReturnImplementationsOptions {
  readonly cloud: Cloud;
  readonly fencer: Fencer;
}

const implementationsOptions = optionsSchema<ReturnImplementationsOptions>({
  cloud: anObjectWith<Cloud>('a Cloud', 'compute'),
  fencer: anObjectWith<Fencer>('a Fencer', 'off', 'confirmOff', 'on'),
});

/**
 * Implementations of the actions of `planReturn`. There are two steps, as Nova wants it: first its heartbeats are
 * believed again, then it is used.
 */
export function returnImplementations(options: ReturnImplementationsOptions): Implementation[] {
  parseArguments('returnImplementations', implementationsOptions, options);
  const { cloud, fencer } = options;
  const nova = cloud.compute.at(NOVA);

  /** Looks until it is so; the step's time limit ends it. */
  async function until(
    host: string,
    so: (service: ComputeService) => boolean,
    signal: AbortSignal,
  ): Promise<ComputeService> {
    for (;;) {
      const now = await computeService(cloud, host, signal);
      if (now !== undefined && so(now)) return now;
      await cloud.clock.sleep(LOOK, signal);
    }
  }

  /**
   * Evacuations whose source has not cleaned up yet are `done`, then `completed`. Nova refuses to force a host up before
   * (400, `services.py`, bug 1922053), and it is the last moment at which a server could run twice. Of those that have not
   * arrived Nova asks nothing; their guests are about to start elsewhere.
   */
  async function leftBehind(host: string, signal: AbortSignal): Promise<boolean> {
    for (const status of ['done', 'accepted', 'pre-migrating']) {
      const filter = { source_compute: host, migration_type: 'evacuation', status } as const;
      for await (const _ of nova.migrations.list(filter, { signal })) return true;
    }
    return false;
  }

  return [
    implement(powerOn, {
      async precondition({ host }, { signal }) {
        const elsewhere = await mayRunElsewhere(cloud, host, signal);
        return elsewhere === undefined
          ? undefined
          : {
              code: 'ha.may-run-elsewhere',
              reason: `${host} stays off: ${elsewhere}`,
              remedy: 'Find where that server runs, and reset its state; then plan anew.',
            };
      },
      async perform({ host }, { signal }) {
        await fencer.on(host, { signal });
        return {};
      },
      async compensate({ host }, _output, { signal }) {
        await fencer.off(host, { signal });
      },
    }),

    implement(awaitService, {
      async perform({ host, service }, context) {
        const { run, signal } = context;
        let since = (await computeService(cloud, host, signal))?.heartbeat;
        context.progress(`waiting for a heartbeat of ${host}`);
        // nova-compute reports while it is forced down, too.
        const isBack = ({ heartbeat, up }: ComputeService): boolean => {
          if (up) return true;
          // The first that is seen may be an old one.
          const before = since ?? heartbeat;
          since = before;
          return heartbeat !== undefined && before !== undefined && heartbeat > before;
        };
        await until(host, isBack, signal);
        context.progress(`waiting until ${host} has deleted its copies of what was evacuated`);
        while (await leftBehind(host, signal)) await cloud.clock.sleep(LOOK, signal);
        const reason = writeMarker({ run, phase: 'returning' });
        await nova.services.update(
          { id: service, status: 'disabled', disabled_reason: reason, forced_down: false },
          { signal },
        );
        const { heartbeat } = await until(host, ({ up }) => up, signal);
        return { heartbeat: new Date(heartbeat ?? cloud.clock.now()).toISOString() };
      },
      async compensate({ service }, _output, { signal }) {
        await nova.services.update({ id: service, forced_down: true }, { signal });
      },
    }),

    implement(enableHost, {
      async precondition({ host }, { signal }) {
        const now = await computeService(cloud, host, signal);
        if (now?.enabled || readMarker(now?.disabledReason) !== undefined) return undefined;
        return {
          code: 'ha.changed',
          reason: `${host}: somebody disabled it meanwhile: ${now?.disabledReason ?? 'no reason given'}`,
          remedy: 'Enable it when that is over.',
        };
      },
      async perform({ service }, { signal }) {
        await nova.services.update({ id: service, status: 'enabled' }, { signal });
        return {};
      },
      async compensate({ service }, _output, { run, signal }) {
        const reason = writeMarker({ run, phase: 'returning' });
        await nova.services.update({ id: service, status: 'disabled', disabled_reason: reason }, { signal });
      },
    }),
  ];
}
