import { someNames } from '../option-parts.ts';
import { z } from 'zod';
import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { definePlan, type Estimate, type Planned, planned, refused, type Step } from '@groundcrew/runbook';
import {
  awaitService,
  closeRecovery,
  declareDown,
  enableHost,
  evacuateServer,
  fenceHost,
  powerOn,
} from './actions.ts';
import type { HostRecovery } from './decision.ts';
import { placeServers } from './place-servers.ts';
import type { HaPolicy } from './policy.ts';
import { recoveryOrder } from './recovery-order.ts';
import { isReset, type LeftBehind, sortServers } from './servers-to-move.ts';
import type { CloudView, HostView, ServerView } from './situation.ts';
import { whereabouts } from './whereabouts.ts';
import { zoneBinding } from './zone-binding.ts';

export type RecoveryRefusalCode =
  | 'ha.host-unknown'
  | 'ha.servers-unknown'
  | 'ha.nothing-to-move'
  | 'ha.no-reserve';

/** The time that a server's evacuation is assumed to take, until it was measured on the cloud in question. */
const EVACUATION: Estimate = { duration: '30s', downtime: '30s', basis: 'a guess: measure it on your cloud' };
const FENCING: Estimate = { duration: '10s', basis: 'three readings, a second apart, and the board' };

/** Facts about other hosts that a recovery plan depends on. */
export interface PlanRecoveryOptions {
  /** Hosts that are fenced and kept off. Servers that may also run there can then be moved. @default none */
  readonly heldOff?: ReadonlySet<string> | undefined;
  /**
   * Servers on other hosts that wait for the proof that this host is off. The host is then fenced even if no server of
   * its own moves.
   *
   * @default none
   */
  readonly waiting?: readonly string[] | undefined;
}

const recoveryOptions = optionsSchema<PlanRecoveryOptions>({
  heldOff: z.instanceof(Set).optional(),
  waiting: someNames.optional(),
});

/**
 * Plans how the servers of a dead host come to run elsewhere: fence, declare down, evacuate in phases, count. Servers
 * that fail do not stop the others. Pure.
 *
 * A server that may be running on another host, too, is moved only if that host is held off; every server of the host that
 * the plan does not move is named in it, with the reason.
 */
export function planRecovery(
  { host, servers }: HostRecovery,
  view: CloudView,
  policy: HaPolicy,
  options: PlanRecoveryOptions = {},
): Planned<RecoveryRefusalCode> {
  parseArguments('planRecovery', recoveryOptions, options);
  const { heldOff, waiting = [] } = options;
  const subject = { kind: 'compute host', id: host };
  const seen = view.hosts?.find((hostView) => hostView.host === host);
  if (seen === undefined)
    return refused({
      code: 'ha.host-unknown',
      reason:
        view.hosts === undefined ? 'the compute hosts could not be read' : `there is no compute host ${host}`,
      remedy: 'Read the cloud as an administrator.',
      subject,
    });
  if (view.servers === undefined)
    return refused({
      code: 'ha.servers-unknown',
      reason: 'the servers of all projects could not be read',
      remedy: 'Read the cloud as an administrator.',
      subject,
    });
  const wanted = new Set(servers);
  const sorted = sortServers(host, view.servers, policy, heldOff);
  // Asked for by hand, a server without HA_Enabled is moved, too; what is not safe is not.
  const unsafe = new Set(sorted.left.flatMap(({ code, server }) => (code === 'opted-out' ? [] : [server])));
  const moving = view.servers.filter(
    (server) => wanted.has(server.id) && server.host === host && !unsafe.has(server.id),
  );
  const notMoved = sorted.left.filter(({ server }) => !moving.some(({ id }) => id === server));
  if (moving.length === 0 && waiting.length === 0)
    return refused({
      code: 'ha.nothing-to-move',
      reason: `no server is to leave ${host}${notMoved.length === 0 ? '' : `; ${staying(notMoved)}`}`,
      remedy: notMoved.length === 0 ? undefined : 'See what each waits for.',
      subject,
    });
  const targets = targetsOf(policy);
  if (targets === undefined)
    return refused({
      code: 'ha.no-reserve',
      reason: `the method ${policy.method} needs reserved hosts, and the policy names none`,
      remedy: 'Name them in `reservedHosts`.',
      subject,
    });

  const byId = new Map(moving.map((server) => [server.id, server]));
  const inOrder = servers.flatMap((id) => byId.get(id) ?? []);
  const { phases, warnings } = recoveryOrder(inOrder);
  const placement = placeServers(inOrder, hostsThatTake(view.hosts ?? [], host, targets), view.servers, {
    groups: view.groups,
    candidates: view.candidates,
    zoneOf: zoneBinding(view.hosts ?? []),
  });
  return planned(
    definePlan({
      id: `recover-${host}`,
      title:
        inOrder.length === 0
          ? `Prove that ${host} is off, for ${waiting.length} servers elsewhere`
          : `Recover ${inOrder.length} servers of ${host}`,
      inputs: { host, servers: inOrder.map(({ id }) => id), method: policy.method },
      steps: [
        fenceHost.step({
          id: 'fence',
          input: { host, lastHeard: momentOf(seen.heartbeat) },
          estimate: FENCING,
          why: 'A server must never run twice.',
        }),
        declareDown.step({
          id: 'declare-down',
          input: { host, service: seen.service },
          needs: ['fence'],
          why: 'Nova evacuates only from a host that it believes to be down.',
        }),
        ...evacuations(phases, host, targets, policy),
        closeRecovery.step({
          id: 'close',
          input: {
            host,
            service: seen.service,
            reserves: policy.method === 'auto' ? [] : [...policy.reservedHosts],
            servers: inOrder.map(({ id }) => id),
            notMoved: notMoved.map(({ server, name, state, code, reason }) => ({
              server,
              name,
              state,
              code,
              reason,
            })),
          },
          needs: ['declare-down'],
          after: inOrder.map(stepId),
        }),
      ],
      concurrency: { total: policy.concurrency + 1, groups: { evacuations: policy.concurrency } },
      warnings: [
        ...warnings,
        ...capacityWarnings(placement),
        ...(notMoved.length === 0 ? [] : [staying(notMoved)]),
        ...inOrder.filter(({ state }) => isReset(state, policy)).map(resetWarning),
        ...(waiting.length === 0
          ? []
          : [
              `Fenced also for ${waiting.length} servers elsewhere, which may be running on it: ${waiting.join(', ')}`,
            ]),
      ],
    }),
  );
}

/** Plans the return of a repaired host: power on, wait for its heartbeat, withdraw `forced_down`, enable it. Pure. */
export function planReturn(host: string, view: CloudView, policy: HaPolicy): Planned<'ha.host-unknown'> {
  const seen = view.hosts?.find((hostView) => hostView.host === host);
  if (seen === undefined)
    return refused({
      code: 'ha.host-unknown',
      reason: `there is no compute host ${host}, or it could not be read`,
      remedy: 'Read the cloud as an administrator.',
      subject: { kind: 'compute host', id: host },
    });
  const input = { host, service: seen.service };
  const on = policy.returning === 'power-on';
  return planned(
    definePlan({
      id: `return-${host}`,
      title: `Take ${host} back into service`,
      inputs: { host },
      steps: [
        ...(on ? [powerOn.step({ id: 'power-on', input: { host } })] : []),
        awaitService.step({
          id: 'await-service',
          input,
          needs: on ? ['power-on'] : [],
          timeout: '15m',
          why: 'At its start nova-compute deletes its copies of what was evacuated; before, it must take no servers.',
        }),
        enableHost.step({ id: 'enable', input, needs: ['await-service'] }),
      ],
    }),
  );
}

/** Id of the step that moves a server. */
export const stepId = ({ id }: Pick<ServerView, 'id'>): string => `evacuate-${id}`;

const evacuations = (
  phases: readonly (readonly ServerView[])[],
  host: string,
  targets: (string | null)[],
  policy: HaPolicy,
): Step[] =>
  phases.flatMap((phase, place) =>
    phase.map((server) =>
      evacuateServer.step({
        id: stepId(server),
        input: {
          server: server.id,
          name: server.name,
          host,
          state: server.state,
          targets,
          timeoutMs: policy.serverTimeout,
          staggerMs: policy.stagger,
          alsoOff: whereabouts(server).hosts.filter((name) => name !== host),
          reset: isReset(server.state, policy),
        },
        needs: ['fence', 'declare-down'],
        after: (phases[place - 1] ?? []).map(stepId),
        group: 'evacuations',
        onFailure: 'continue',
        estimate: EVACUATION,
        timeout: policy.serverTimeout * targets.length + 60_000,
      }),
    ),
  );

/** Masakari's four words, as the order of attempts; `undefined` if there is no reserve to try. */
function targetsOf({ method, reservedHosts }: HaPolicy): (string | null)[] | undefined {
  if (method === 'auto') return [null];
  if (reservedHosts.length === 0) return undefined;
  if (method === 'auto_priority') return [null, ...reservedHosts];
  return method === 'rh_priority' ? [...reservedHosts, null] : [...reservedHosts];
}

/** The hosts to which the servers may go. A reserve is disabled until it is needed; then it is enabled. */
function hostsThatTake(
  hosts: readonly HostView[],
  dead: string,
  targets: readonly (string | null)[],
): HostView[] {
  const reserves = new Set(targets);
  return hosts.flatMap((candidate) => {
    if (candidate.host === dead) return [];
    if (reserves.has(candidate.host)) return [{ ...candidate, enabled: true }];
    return reserves.has(null) ? [candidate] : [];
  });
}

function capacityWarnings({ verdict, doubt, unplaced }: ReturnType<typeof placeServers>): string[] {
  if (verdict === 'fits') return [];
  const [first] = unplaced;
  if (first === undefined) return [`It is not known whether all fit: ${doubt}`];
  const words = `${unplaced.length} servers, the first for: ${first.reason}`;
  return [verdict === 'unknown' ? `It is not known whether all fit: ${words}` : `Not all will fit: ${words}`];
}

const momentOf = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString();

/** Every one of them by name: whoever approves must know who stays down. */
const staying = (left: readonly LeftBehind[]): string =>
  `${left.length} servers stay on it: ${left.map(({ name, reason }) => `${name} (${reason})`).join('; ')}`;

const resetWarning = ({ name, state }: ServerView): string =>
  `${name} is ${state}: it is reset to error and evacuated, and what was in its memory is lost`;
