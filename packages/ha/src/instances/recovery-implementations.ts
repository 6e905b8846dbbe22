import { aDuration, anObjectWith, type Duration, optionsSchema } from '@groundcrew/ground';
import { checkedOptions } from '../option-parts.ts';
import type { Cloud } from '@groundcrew/core';
import { implement, type Implementation, type Refusal } from '@groundcrew/runbook';
import { FenceError } from '../fencing/fence-error.ts';
import type { Fencer } from '../fencing/fencer.ts';
import { closeRecovery, declareDown, evacuateServer, fenceHost } from './actions.ts';
import { NOVA } from './cloud-view.ts';
import { computeService } from './compute-service.ts';
import { ARRIVED, evacuate, evacuationsOf } from './evacuate.ts';
import { EvacuationError } from './evacuation-error.ts';
import { readMarker, writeMarker } from './marker.ts';
import { mayRunElsewhere } from './may-run-elsewhere.ts';
import { Reserves } from './reserves.ts';
import { SharedProofs } from './shared-proof.ts';
import { showServer } from './shown-server.ts';

export interface RecoveryImplementationsOptions {
  readonly cloud: Cloud;
  readonly fencer: Fencer;
  /** Age of a proof at which the board is asked again before a further evacuation. @default '30s' */
  readonly maxProofAge?: Duration | undefined;
}

const implementationsOptions = optionsSchema<RecoveryImplementationsOptions>({
  cloud: anObjectWith<Cloud>('a Cloud', 'compute'),
  fencer: anObjectWith<Fencer>('a Fencer', 'off', 'confirmOff'),
  maxProofAge: aDuration.optional(),
});

/** Implementations of the actions of `planRecovery`, with a cloud and the boards of its hosts. */
export function recoveryImplementations(options: RecoveryImplementationsOptions): Implementation[] {
  const {
    cloud,
    fencer,
    maxProofAge = 30_000,
  } = checkedOptions('recoveryImplementations', implementationsOptions, options);
  const nova = cloud.compute.at(NOVA);
  const proofs = new SharedProofs(fencer, cloud.clock, maxProofAge);
  const reserves = new Reserves(cloud);
  let nextStart = 0;

  /** Keeps the starts of two evacuations `stagger` milliseconds apart. */
  async function turn(stagger: number, signal: AbortSignal): Promise<void> {
    const now = cloud.clock.now();
    const start = Math.max(now, nextStart);
    nextStart = start + stagger;
    if (start > now) await cloud.clock.sleep(start - now, signal);
  }

  /** Turns a server off, as it was, or nearly so, before. */
  async function stop(server: string, signal: AbortSignal): Promise<string> {
    await cloud.compute.servers.stop({ id: server }, { signal });
    const { status } = await cloud.compute.servers.waitFor(server, 'SHUTOFF', { signal });
    return status;
  }

  /** On which host each is now; `gone` of a deleted one, `unseen` of one of which Nova does not tell. */
  async function placesOf(
    servers: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly at: string }[]> {
    const places: { id: string; at: string }[] = [];
    const rest = servers.values();
    const reader = async (): Promise<void> => {
      for (const id of rest) {
        try {
          places.push({ id, at: (await showServer(cloud, id, signal)).host ?? 'unseen' });
        } catch (error) {
          if (!(error instanceof EvacuationError)) throw error;
          places.push({ id, at: 'gone' });
        }
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    return places;
  }

  return [
    implement(fenceHost, {
      // It may have come back since the decision: the controller died in between, or somebody took long to approve.
      async precondition({ host, lastHeard }, { signal }) {
        const now = await computeService(cloud, host, signal);
        if (now === undefined || now.unknown !== undefined)
          return changed(host, now?.unknown ?? 'Nova has no compute service of that name any more');
        // Without a heartbeat before, any that shows now is a later one.
        const since = lastHeard === null ? -Infinity : Date.parse(lastHeard);
        if ((now.heartbeat ?? -Infinity) > since)
          return changed(host, 'Nova has heard of it since this was planned');
        return undefined;
      },
      async perform({ host }, { signal }) {
        const proof = await fencer.off(host, { signal });
        proofs.keep(proof);
        return { method: proof.method, verifiedOffAt: proof.verifiedOffAt, readings: proof.because.length };
      },
      async compensate({ host }, _output, { signal }) {
        const elsewhere = await mayRunElsewhere(cloud, host, signal);
        if (elsewhere !== undefined)
          throw new FenceError('fence-kept-off', `${host} stays off: ${elsewhere}`, {
            host,
            because: [],
            remedy: 'Find where that server runs; then turn the host on.',
          });
        await fencer.on(host, { signal });
      },
    }),

    implement(declareDown, {
      async precondition({ host, service }, { signal }) {
        const now = await computeService(cloud, host, signal);
        if (now?.id !== service)
          return changed(host, 'its nova-compute is another than when this was planned');
        if (!now.enabled && readMarker(now.disabledReason) === undefined)
          return changed(host, `somebody disabled it meanwhile: ${now.disabledReason ?? 'no reason given'}`);
        return undefined;
      },
      async perform({ host, service }, { run, signal }) {
        // The machine must still be off: it may have been turned on since it was fenced.
        await proofs.of(host, signal);
        const reason = writeMarker({ run, phase: 'evacuating' });
        await nova.services.update(
          { id: service, status: 'disabled', disabled_reason: reason, forced_down: true },
          { signal },
        );
        return { reason };
      },
      async verify({ host }, _output, { signal }) {
        const now = await computeService(cloud, host, signal);
        return now?.forcedDown && !now.up ? undefined : changed(host, 'Nova does not count it as down');
      },
      async compensate({ host, service }, _output, { signal }) {
        const now = await computeService(cloud, host, signal);
        // What is disabled for a reason that is not ours is somebody else's by now.
        if (now === undefined || (!now.enabled && readMarker(now.disabledReason) === undefined)) return;
        await nova.services.update({ id: service, status: 'enabled', forced_down: false }, { signal });
      },
    }),

    implement(evacuateServer, {
      async precondition({ server, name, host }, { signal }) {
        const now = await showServer(cloud, server, signal);
        if (now.host !== host)
          return changed(
            name,
            `it is on ${now.host ?? 'no host, or on one that Nova does not tell,'} by now`,
          );
        return undefined;
      },
      async done({ server, host }, { signal }) {
        const now = await showServer(cloud, server, signal);
        if (now.host === undefined || now.host === host || now.task !== undefined) return undefined;
        const moves = await evacuationsOf(cloud, server, host, signal);
        const arrived = moves.find(({ status, to }) => ARRIVED.has(status) && to === now.host);
        return arrived && { to: now.host, status: now.status, migration: arrived.uuid };
      },
      async perform({ server, host, state, targets, timeoutMs, staggerMs, alsoOff, reset }, context) {
        const { signal } = context;
        await turn(staggerMs, signal);
        let failure: unknown;
        for (const target of targets) {
          try {
            if (target !== null) await reserves.use(target, signal);
            const [proof, ...further] = await Promise.all([
              proofs.of(host, signal),
              ...alsoOff.map((name) => proofs.of(name, signal)),
            ]);
            const { to, status, migration } = await evacuate(cloud, server, [proof, ...further], {
              target: target ?? undefined,
              timeout: timeoutMs,
              maxProofAge: maxProofAge + 30_000,
              reset: reset ? state : undefined,
              signal,
            });
            if (!STOPPED_AFTERWARDS.has(state)) return { to, status, migration };
            return { to, status: await stop(server, signal), migration };
          } catch (error) {
            signal.throwIfAborted();
            failure = error;
            context.progress(`not to ${target ?? 'where the scheduler says'}: ${String(error)}`);
          }
        }
        throw failure;
      },
      async verify({ server, name, state, host }, _output, { signal }) {
        const now = await showServer(cloud, server, signal);
        if (now.host === host) return changed(name, `it is still on ${host}`);
        const wanted = state === 'stopped' || STOPPED_AFTERWARDS.has(state) ? 'SHUTOFF' : 'ACTIVE';
        return now.status === wanted
          ? undefined
          : changed(name, `it is ${now.status}, not ${wanted}${now.fault ?? ''}`);
      },
    }),

    implement(closeRecovery, {
      async perform({ host, service, reserves: spare, servers }, { run, signal }) {
        const others: string[] = [];
        for await (const listed of nova.servers.list({ all_tenants: true, host }, { signal }))
          if (!servers.includes(listed.id)) others.push(listed.id);
        const seen = await placesOf(servers, signal);
        const left = seen.flatMap(({ id, at }) => (at === host ? [id] : []));
        const gone = seen.flatMap(({ id, at }) => (at === 'gone' ? [id] : []));
        // A list by host has nothing of a cell that does not respond, so that missing from it proves no move.
        const unseen = seen.flatMap(({ id, at }) => (at === 'unseen' ? [id] : []));
        const reservesInUse = await reserves.giveBack(spare, signal);
        const reason = writeMarker({ run, phase: 'evacuated' });
        await nova.services.update({ id: service, status: 'disabled', disabled_reason: reason }, { signal });
        const moved = servers.length - left.length - gone.length - unseen.length;
        return { moved, left, gone, unseen, others, reservesInUse };
      },
      // It only counted; what declare-down did, declare-down undoes.
      async compensate() {},
    }),
  ];
}

/** Servers that are asked for at a time. */
const READERS = 8;

/**
 * Masakari stops servers of these states after it evacuated them (masakari `host_failure.py`); a resized server goes on as it
 * was.
 */
const STOPPED_AFTERWARDS = new Set(['paused', 'suspended', 'rescued']);

const changed = (what: string, how: string): Refusal => ({
  code: 'ha.changed',
  reason: `${what}: ${how}`,
  remedy: 'Look at it, and plan anew.',
});
