import { counted, parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, refused, type Step } from '@groundcrew/runbook';
import { failOver, freezeBackend, reconnectServer, thawBackend } from './actions.ts';
import { backendsNamed, failoverImpact, type FailoverImpact } from './failover-impact.ts';
import { type PlanFailoverOptions, planFailoverOptions } from './failover-options.ts';
import { type FailoverRefusal, type FailoverRefusalCode, refusalsOf } from './failover-refusals.ts';
import type { ReplicatedBackend, ReplicationSnapshot } from './read-replication.ts';
import { revisionOfBackend } from './revisions.ts';
import { BACK } from './volume-fate.ts';

/**
 * Plans to let the replicas of some backends take over, or to lead them back (`to: 'default'`): freeze, fail over, then connect each
 * server anew once all of its backends are there. Pure: what is there comes in `snapshot`.
 *
 * Failing over has no way back but failing back, which a driver may lack. What would go to `error` must be accepted by name. A run
 * refuses the plan if a backend has changed since, or has another set of volumes that would be lost (`replicationRevisions`).
 *
 * @throws InputError naming the field
 * @example
 * const planned = planFailover(await readReplication(cloud), { backends: ['ctl-1@ceph'], to: 'site-b' });
 * if (planned.ok) console.log(explain(planned.plan));
 * else for (const { code, reason, remedy } of planned.refusals) console.log(code, reason, remedy);
 */
export function planFailover(
  snapshot: ReplicationSnapshot,
  options: PlanFailoverOptions,
): Planned<FailoverRefusalCode> {
  parseArguments('planFailover', planFailoverOptions, options);
  const { to, reconnect = true } = options;
  const backends = [...new Set(options.backends)];
  const parts = backends.map((backend) => ({
    backend,
    services: backendsNamed(snapshot, backend),
    impact: failoverImpact(snapshot, { backend, to }),
  }));
  const refusals: FailoverRefusal[] = parts.flatMap((part) => refusalsOf(snapshot, part, options));
  const [first, ...more] = refusals;
  if (first !== undefined) return refused(first, ...more);
  const failing = parts.map((part, at) => backendSteps(part, at, to));
  const reconnecting = reconnect
    ? serverSteps(
        parts,
        failing.map(({ done }) => done),
      )
    : EMPTY;
  const thawing =
    to === BACK ? parts.flatMap((part, at) => thawStep(part, at, [failing[at]?.done ?? ''])) : [];
  return planned(
    definePlan({
      id: to === BACK ? 'fail-back' : 'fail-over',
      title: `Fail ${backends.join(', ')} ${to === BACK ? 'back' : `over to ${to ?? 'what the driver chooses'}`}`,
      inputs: JSON.parse(JSON.stringify(options)) as Json,
      targets: parts.map((part) => ({
        kind: 'backend',
        id: part.backend,
        revision: revisionOfBackend(snapshot, part.backend),
      })),
      steps: [...failing.flatMap(({ steps }) => steps), ...reconnecting.steps, ...thawing],
      concurrency: { total: 8, groups: { backends: 1, servers: 4 } },
      warnings: [...parts.flatMap(({ impact }) => warningsOf(impact)), ...reconnecting.warnings],
    }),
  );
}

interface Part {
  readonly backend: string;
  readonly services: readonly ReplicatedBackend[];
  readonly impact: FailoverImpact;
}

const EMPTY = { steps: [], warnings: [] } as const;

/** Freezing first: nothing is made there between the approval and the failover. */
function backendSteps({ backend, services }: Part, at: number, to: string | undefined) {
  const [service] = services;
  const input = inputOf(backend, service);
  const steps: Step[] = [];
  const freeze = `freeze-${at + 1}`;
  const isToFreeze = to !== BACK && service?.frozen !== true;
  if (isToFreeze)
    steps.push(
      freezeBackend.step({
        id: freeze,
        input,
        why: 'What is made there meanwhile was judged by nobody.',
      }),
    );
  const done = `fail-over-${at + 1}`;
  steps.push(
    failOver.step({
      id: done,
      input: { ...input, to: to ?? null, from: service?.active_backend_id ?? null },
      needs: isToFreeze ? [freeze] : [],
      group: 'backends',
      timeout: '1h',
    }),
  );
  return { steps, done };
}

const thawStep = ({ backend, services }: Part, at: number, needs: readonly string[]): Step[] =>
  services.some(({ frozen }) => frozen === true)
    ? [
        thawBackend.step({
          id: `thaw-${at + 1}`,
          input: inputOf(backend, services[0]),
          needs,
          why: 'It was frozen for the failover; frozen it stays disabled.',
        }),
      ]
    : [];

const inputOf = (backend: string, service: ReplicatedBackend | undefined) => ({
  host: service?.host ?? backend,
  cluster: service?.cluster ?? null,
});

/** A server waits for all of its backends: it is connected once. */
function serverSteps(parts: readonly Part[], done: readonly string[]) {
  const servers = new Map<
    string,
    { readonly needs: string[]; readonly impacts: FailoverImpact['servers'][number][] }
  >();
  for (const [at, { impact }] of parts.entries())
    for (const server of impact.servers) {
      const known = servers.get(server.id) ?? { needs: [], impacts: [] };
      known.needs.push(done[at] ?? '');
      known.impacts.push(server);
      servers.set(server.id, known);
    }
  const steps: Step[] = [];
  const warnings: string[] = [];
  for (const [id, { needs, impacts }] of servers) {
    const ways = new Set(impacts.flatMap(({ reconnect }) => reconnect ?? []));
    const [first] = impacts;
    if (first === undefined || ways.size === 0) continue;
    const byHand = impacts.find(({ reconnect }) => reconnect === 'by-hand');
    if (byHand !== undefined) {
      warnings.push(`Server ${first.name ?? id} is left as it is: ${byHand.because}.`);
      continue;
    }
    const way = ways.has('shelve') ? 'shelve' : 'reattach';
    steps.push(
      reconnectServer.step({
        id: `reconnect-${id}`,
        input: {
          server: id,
          name: first.name ?? null,
          way,
          volumes: impacts
            .flatMap(({ volumes }) => volumes)
            .filter(({ fate }) => fate === 'fails-over' || fate === 'driver-decides')
            .map((volume) => ({ id: volume.id, attachment: volume.attachment, device: volume.device })),
        },
        needs,
        group: 'servers',
        onFailure: 'continue',
        timeout: '30m',
        why: first.because,
      }),
    );
  }
  return { steps, warnings };
}

function warningsOf({ backend, volumes, snapshotsInError, wayBack, busy }: FailoverImpact): string[] {
  const lost = volumes.filter(({ fate }) => fate === 'error').length;
  const unsure = volumes.filter(({ fate }) => fate === 'driver-decides').length;
  return [
    ...(lost > 0
      ? [
          `${counted(lost, 'volume')} of ${backend} and ${counted(snapshotsInError.length, 'snapshot')} of them go to error.`,
        ]
      : []),
    ...(unsure > 0
      ? [
          `Of ${counted(unsure, 'volume')} of ${backend} nothing tells whether there is a replica: its driver decides.`,
        ]
      : []),
    ...(busy.length > 0
      ? [`${counted(busy.length, 'volume')} of ${backend} are in the middle of something.`]
      : []),
    ...(wayBack.answer === 'unknown'
      ? [`Whether ${backend} can be led back is not known: ${wayBack.because}.`]
      : []),
  ];
}
