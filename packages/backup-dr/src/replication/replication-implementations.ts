import type { Cloud } from '@groundcrew/core';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import { implement, type Implementation, type Refusal, type StepContext } from '@groundcrew/runbook';
import { type BackendInput, failOver, freezeBackend, reconnectServer, thawBackend } from './actions.ts';
import type { ReplicatedBackend } from './read-replication.ts';
import { reconnected, reconnect } from './reconnect.ts';
import { ReplicationError } from './replication-error.ts';
import { BACK } from './volume-fate.ts';

export interface ReplicationImplementationsOptions {
  /** Connected as an administrator. */
  readonly cloud: Cloud;
}

const implementationsOptions = optionsSchema<ReplicationImplementationsOptions>({
  cloud: anObjectWith<Cloud>('a Cloud', 'blockStorage', 'compute', 'clock'),
});

/**
 * Implementations of the actions of `planFailover`. A failover that was begun is waited for and never begun twice: twice would lead
 * back.
 *
 * @throws InputError
 * @example
 * const { outcome } = run(plan, {
 *   approved,
 *   implementations: replicationImplementations({ cloud }),
 *   revisionOf: replicationRevisions(cloud),
 *   journal: fileJournal('failover.journal'),
 * });
 */
export function replicationImplementations(options: ReplicationImplementationsOptions): Implementation[] {
  parseArguments('replicationImplementations', implementationsOptions, options);
  const { cloud } = options;
  const { services } = cloud.blockStorage.at('3.26');

  async function serviceOf({ host, cluster }: BackendInput, signal: AbortSignal): Promise<ReplicatedBackend> {
    for await (const service of services.list({ binary: 'cinder-volume' }, { signal }))
      if (service.host === host) return service;
    throw new ReplicationError(
      'replication.no-backend',
      `${cluster ?? host}: it has no volume service any more`,
    );
  }

  async function setFrozen(backend: BackendInput, frozen: boolean, signal: AbortSignal) {
    if (frozen) await services.freeze(named(backend), { signal });
    else await services.thaw(named(backend), { signal });
    return { frozen };
  }

  async function isFrozen(backend: BackendInput, frozen: boolean, signal: AbortSignal) {
    const now = await serviceOf(backend, signal);
    return now.frozen === frozen ? { frozen } : undefined;
  }

  /** Waits for the end of a failover. */
  async function settled(
    backend: BackendInput,
    { clock, signal, progress }: StepContext,
  ): Promise<ReplicatedBackend> {
    for (;;) {
      const now = await serviceOf(backend, signal);
      if (now.replication_status !== 'failing-over') return now;
      progress(`${backend.cluster ?? backend.host} is failing over`);
      await clock.sleep(PAUSE, signal);
    }
  }

  return [
    implement(freezeBackend, {
      done: (backend, { signal }) => isFrozen(backend, true, signal),
      perform: (backend, { signal }) => setFrozen(backend, true, signal),
      async compensate(backend, _output, { signal }) {
        await setFrozen(backend, false, signal);
      },
    }),

    implement(thawBackend, {
      done: (backend, { signal }) => isFrozen(backend, false, signal),
      perform: (backend, { signal }) => setFrozen(backend, false, signal),
      async compensate(backend, _output, { signal }) {
        await setFrozen(backend, true, signal);
      },
    }),

    implement(failOver, {
      async precondition(input, { signal }) {
        return obstacleTo(input, await serviceOf(input, signal));
      },
      async done(input, context) {
        const now = await settled(input, context);
        return isThere(input, now) ? stateOf(now) : undefined;
      },
      async perform(input, context) {
        const { to, from: _from, ...backend } = input;
        const before = await settled(backend, context);
        if (!isThere(input, before))
          await services.failoverHost(
            { ...named(backend), ...(to === null ? {} : { backend_id: to }) },
            { signal: context.signal },
          );
        // Cinder says `failing-over` before it answers.
        return stateOf(await settled(backend, context));
      },
      async verify(input, _output, { signal }) {
        const now = await serviceOf(input, signal);
        if (isThere(input, now)) return undefined;
        return {
          code: 'replication.failed',
          reason: `the replication of ${now.host} is ${now.replication_status ?? 'not told'}, and ${words(now)}`,
          remedy:
            'See the log of cinder-volume. After a failover that failed the old backend is the one in use.',
        };
      },
    }),

    implement(reconnectServer, {
      done: (input, { signal }) => reconnected(cloud, input, signal),
      perform: (input, context) => reconnect(cloud, input, context),
      async verify(input, _output, { signal }) {
        return (await reconnected(cloud, input, signal)) === undefined
          ? {
              code: 'replication.not-reconnected',
              reason: `${input.name ?? input.server} still has a connection that it had before the failover`,
              remedy: 'Shelve and unshelve it, or detach and attach the volume.',
            }
          : undefined;
      },
    }),
  ];
}

/** Milliseconds between two looks at a failover, which takes seconds to minutes. */
const PAUSE = 2_000;

type FailOverInput = BackendInput & { readonly to: string | null; readonly from: string | null };

/** Whether the replica that is wanted is in use. The one that the driver chooses is another than before. */
function isThere({ to, from }: FailOverInput, now: ReplicatedBackend): boolean {
  const active = now.active_backend_id ?? '';
  if (to === BACK) return now.replication_status === 'enabled' && active === '';
  if (now.replication_status !== 'failed-over') return false;
  return to === null ? active !== '' && active !== (from ?? '') : active === to;
}

const stateOf = (now: ReplicatedBackend) => ({
  status: now.replication_status ?? '',
  active: now.active_backend_id ?? null,
});

const words = ({ active_backend_id: active }: ReplicatedBackend): string =>
  active === null || active === undefined || active === '' ? 'no replica is in use' : `${active} is in use`;

function obstacleTo({ from }: FailOverInput, now: ReplicatedBackend): Refusal | undefined {
  if (now.state !== 'up')
    return {
      code: 'replication.down',
      reason: `the service of ${now.host} is ${now.state}`,
      remedy: 'Start cinder-volume: it is the one that fails over.',
    };
  if ((now.active_backend_id ?? '') !== (from ?? ''))
    return {
      code: 'replication.moved',
      reason: `of ${now.host} ${words(now)} by now`,
      remedy: 'Plan anew.',
    };
  return undefined;
}

/** From 3.26 on a cluster is named by its name, and before there is none. */
const named = ({ host, cluster }: BackendInput) => (cluster === null ? { host } : { cluster });
