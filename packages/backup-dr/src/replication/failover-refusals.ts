import { counted } from '@groundcrew/ground';
import type { Refusal } from '@groundcrew/runbook';
import type { FailoverImpact } from './failover-impact.ts';
import type { PlanFailoverOptions } from './failover-options.ts';
import type { ReplicatedBackend, ReplicationSnapshot } from './read-replication.ts';
import { BACK } from './volume-fate.ts';

export type FailoverRefusalCode =
  | 'replication.already'
  | 'replication.down'
  | 'replication.no-backend'
  | 'replication.no-target'
  | 'replication.not-replicated'
  | 'replication.unaccepted'
  | 'replication.under-way'
  | 'replication.unseen';

export type FailoverRefusal = Refusal<FailoverRefusalCode>;

interface Part {
  readonly backend: string;
  readonly services: readonly ReplicatedBackend[];
  readonly impact: FailoverImpact;
}

/** Why a backend must not, or cannot, fail over. */
export function refusalsOf(
  snapshot: ReplicationSnapshot,
  part: Part,
  options: PlanFailoverOptions,
): FailoverRefusal[] {
  const { backend, services } = part;
  const refuse = (code: FailoverRefusalCode, reason: string, remedy: string): FailoverRefusal => ({
    code,
    reason: `${backend}: ${reason}`,
    remedy,
    subject: { kind: 'backend', id: backend },
  });
  const unseen = unseenOf(snapshot, part).map(({ what, why, remedy }) =>
    refuse('replication.unseen', `${what}: ${why}`, remedy ?? 'Read it as an administrator.'),
  );
  const [service] = services;
  if (service === undefined)
    return [
      ...unseen,
      refuse(
        'replication.no-backend',
        'no volume service has this name',
        'Name it as `host@backend`, or its cluster.',
      ),
    ];
  return [
    ...unseen,
    ...stateRefusals(services, options, refuse),
    ...targetRefusals(snapshot, service, options, refuse),
    ...lossRefusals(part, options, refuse),
  ];
}

type Refuse = (code: FailoverRefusalCode, reason: string, remedy: string) => FailoverRefusal;

/** What was not wholly seen: there may be more volumes, or servers, than are judged. */
const unseenOf = (snapshot: ReplicationSnapshot, { impact }: Part) =>
  impact.gaps.length > 0
    ? impact.gaps
    : [snapshot.backends, snapshot.volumes, snapshot.snapshots, snapshot.servers]
        .filter(({ completeness }) => completeness !== 'complete')
        .map(({ source, completeness }) => ({ what: source, why: `is ${completeness}`, remedy: undefined }));

/** Cinder takes a failover of a service that is up, and `enabled` or `failed-over` (`API.failover`, cinder/volume/api.py). */
function stateRefusals(
  services: readonly ReplicatedBackend[],
  { to }: PlanFailoverOptions,
  refuse: Refuse,
): FailoverRefusal[] {
  const [service] = services;
  const status = service?.replication_status;
  const active = service?.active_backend_id ?? '';
  if (status === 'disabled' || status === 'not-capable' || status === null || status === undefined)
    return [
      refuse(
        'replication.not-replicated',
        `its replication is ${status ?? 'not told'}`,
        'Configure `replication_device` for it, and restart the service; or restore from backups.',
      ),
    ];
  if (status !== 'enabled' && status !== 'failed-over')
    return [
      refuse(
        'replication.under-way',
        `its replication is ${status}`,
        status === 'failing-over'
          ? 'Wait for the failover that is under way.'
          : 'See what went wrong in the log of cinder-volume; Cinder takes a failover from enabled and failed-over only.',
      ),
    ];
  if (!services.some(({ state }) => state === 'up'))
    return [
      refuse(
        'replication.down',
        'its service is down, and it is the service that fails over',
        'Start cinder-volume with the same `host`, also on another machine.',
      ),
    ];
  if (to === BACK ? status === 'enabled' && active === '' : to !== undefined && active === to)
    return [
      refuse(
        'replication.already',
        to === BACK ? 'it is not failed over' : `${to} is in use already`,
        'Nothing is to be done.',
      ),
    ];
  return [];
}

function targetRefusals(
  { targets }: ReplicationSnapshot,
  { host }: ReplicatedBackend,
  { to }: PlanFailoverOptions,
  refuse: Refuse,
): FailoverRefusal[] {
  const known = targets[host]?.value;
  if (to === undefined || to === BACK || known === undefined || known.length === 0 || known.includes(to))
    return [];
  return [refuse('replication.no-target', `it has no replica ${to}`, `Name one of ${known.join(', ')}.`)];
}

function lossRefusals(
  { impact }: Part,
  { accept = [] }: PlanFailoverOptions,
  refuse: Refuse,
): FailoverRefusal[] {
  if (accept === 'all') return [];
  const accepted = new Set(accept);
  const lost = impact.volumes.filter(({ id, fate }) => fate === 'error' && !accepted.has(id));
  if (lost.length === 0) return [];
  const some = lost
    .slice(0, 10)
    .map(({ id, name }) => (name === null || name === '' ? id : `${name} (${id})`))
    .join(', ');
  return [
    refuse(
      'replication.unaccepted',
      `${counted(lost.length, 'volume')} would go to error: ${some}${lost.length > 10 ? ', …' : ''}`,
      'Move them, back them up, or name them in `accept`.',
    ),
  ];
}
