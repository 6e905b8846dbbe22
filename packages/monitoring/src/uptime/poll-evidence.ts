import type { Service } from '@groundcrew/core/compute';
import type { Sample } from '../downtime/sample.ts';
import type { InventoryServer } from '../inventory.ts';
import type { EvidenceState, UptimeEvidence, UptimeSubject } from './evidence.ts';

/** When a list was asked for, and when all of it had come; milliseconds since 1970. */
export interface Asked {
  readonly asked: number;
  readonly answered: number;
}

/** The hosts whose `nova-compute` reports. */
export type ReportingHosts = ReadonlySet<string>;

/** States in which a guest runs if Nova's power state says so. */
const RUNNING = new Set(['ACTIVE', 'MIGRATING', 'PASSWORD', 'VERIFY_RESIZE']);
/** States in which the server's own system does not run. In `RESCUE` another one does. */
const STOPPED = new Set([
  'PAUSED',
  'RESCUE',
  'SHELVED',
  'SHELVED_OFFLOADED',
  'SHUTOFF',
  'SOFT_DELETED',
  'SUSPENDED',
]);

/**
 * The state that Nova tells of a server; `undefined` where it tells none. While its host does not report, whatever is shown is
 * what was true before: Nova calls the servers of a dead host `ACTIVE`.
 */
function stateOf(server: InventoryServer, hosts: ReportingHosts | undefined): Told | undefined {
  const power = server['OS-EXT-STS:power_state'];
  const state = stateOfStatus(server.status);
  if (state !== 'up' && state !== 'unknown')
    return state === undefined ? undefined : { state, isLook: false };
  if (hosts === undefined) return undefined;
  if (!hosts.has(server['OS-EXT-SRV-ATTR:host'] ?? '')) return { state: 'unknown', isLook: false };
  // 1 is running, 0 is not known; the others are paused, shut down, crashed, suspended (`nova/compute/power_state.py`).
  if (state === 'unknown' || power === 0) return { state: 'unknown', isLook: false };
  return { state: power === undefined || power === null || power === 1 ? 'up' : 'down', isLook: true };
}

/** A state, and whether Nova knows it by a look at the guest alone: then it is as old as that. */
interface Told {
  readonly state: EvidenceState;
  readonly isLook: boolean;
}

/**
 * What Nova's status alone says: `up` where the guest runs if its host does. `undefined` where Nova does not know, since the cell
 * of the server is down; `unknown` where something goes on.
 */
export function stateOfStatus(status: string): EvidenceState | undefined {
  if (status === 'UNKNOWN') return undefined;
  if (status === 'DELETED') return 'deleted';
  if (STOPPED.has(status)) return 'down';
  return RUNNING.has(status) ? 'up' : 'unknown';
}

/**
 * What a list says of one of its servers. That it is up is true of some moment since Nova last looked; that it is off is what Nova
 * made of it, and keeps.
 *
 * @param lookedSince - the earliest moment at which Nova's newest look can have been; `undefined` if that is not known: then no
 * server is known to be up
 * @param hosts - `undefined` if the services could not be read: then no server is known to be up
 */
export function serverEvidence(
  server: InventoryServer,
  { asked, answered }: Asked,
  {
    lookedSince,
    hosts,
  }: { readonly lookedSince: number | undefined; readonly hosts: ReportingHosts | undefined },
): UptimeEvidence | undefined {
  const told = stateOf(server, hosts);
  if (told === undefined) return undefined;
  const { state, isLook } = told;
  const earliest = isLook ? lookedSince : asked;
  if (earliest === undefined) return undefined;
  return {
    id: `poll:${server.id}:${state}:${asked}:${answered}`,
    subject: { server: server.id },
    state,
    earliest,
    latest: answered,
    source: 'poll',
    project: server.tenant_id,
  };
}

/** A server was not there before the time of its creation. */
export function creationEvidence(server: InventoryServer): UptimeEvidence[] {
  const created = Date.parse(server.created);
  if (Number.isNaN(created)) return [];
  return [
    {
      id: `created:${server.id}`,
      subject: { server: server.id },
      state: 'not-created',
      earliest: created - 1_000,
      latest: created,
      source: 'created',
      text: `its creation at ${server.created}`,
      project: server.tenant_id,
    },
  ];
}

/** A server that was there is missing in a list that is complete. */
export const missingEvidence = (id: string, { asked, answered }: Asked): UptimeEvidence => ({
  id: `poll:${id}:deleted:${asked}:${answered}`,
  subject: { server: id },
  state: 'deleted',
  earliest: asked,
  latest: answered,
  source: 'poll',
});

/**
 * What the list of compute services says: of a service by its heartbeats, which Nova judges `lag` milliseconds late, and of a
 * host that it is up where `nova-compute` reports. One that does not report says nothing of its host.
 */
export function serviceEvidence(service: Service, { asked, answered }: Asked, lag: number): UptimeEvidence[] {
  const { binary, host, state } = service;
  if (state !== 'up' && state !== 'down') return [];
  const say = (subject: UptimeSubject, name: string, said: EvidenceState): UptimeEvidence => ({
    id: `services:${name}:${said}:${asked}:${answered}`,
    subject,
    state: said,
    earliest: asked - lag,
    latest: answered,
    source: 'services',
    text: `the list of compute services at ${new Date(answered).toISOString()}`,
  });
  // Somebody declared it down: that is no word about whether it runs.
  const own = service.forced_down === true ? 'unknown' : state;
  const evidence = [say({ service: `${binary}@${host}` }, `${binary}@${host}`, own)];
  if (binary === 'nova-compute') evidence.push(say({ host }, host, own === 'up' ? 'up' : 'unknown'));
  return evidence;
}

/**
 * What the samples of a meter, or of `httpProbe`, say of the thing that was probed.
 *
 * @param name - tells this prober from others that probe the same
 * @example await ledger.append(probeEvidence({ endpoint: url }, await meter.stop(), 'site A'));
 */
export const probeEvidence = (
  subject: UptimeSubject,
  samples: readonly Sample[],
  name = 'probe',
): UptimeEvidence[] =>
  samples.map(({ at, duration, ok, error }) => {
    const [earliest, latest] = [Math.floor(at), Math.ceil(at + duration)];
    return {
      id: `probe:${name}:${JSON.stringify(subject)}:${earliest}:${latest}:${ok ? 'up' : 'down'}`,
      subject,
      state: ok ? 'up' : 'down',
      earliest,
      latest,
      source: name,
      ...(ok || error === undefined
        ? {}
        : { text: `a ${name} at ${new Date(latest).toISOString()}: ${error}`.slice(0, 500) }),
    };
  });
