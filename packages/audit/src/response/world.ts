import type { Inventory } from '@groundcrew/monitoring';
import type { AuditSnapshot } from '../security-groups/observe.ts';
import type { ResponseWorld } from './plan-responses.ts';

/**
 * The world of a planner, from what was read for the findings: with the revisions that things had then, so that a run
 * refuses if one has moved since.
 */
export function responseWorld(
  snapshot: Pick<AuditSnapshot, 'securityGroups'>,
  inventory: Partial<Pick<Inventory, 'servers' | 'ports' | 'images'>> = {},
  locationOf?: ResponseWorld['locationOf'],
): ResponseWorld {
  const revisions = new Map<string, string | undefined>([
    ...snapshot.securityGroups.value.map(
      (one) => [`security group ${one.id}`, text(one.revision_number)] as const,
    ),
    ...(inventory.servers?.value ?? []).map((one) => [`server ${one.id}`, text(one.updated)] as const),
    ...(inventory.ports?.value ?? []).map((one) => [`port ${one.id}`, text(one.revision_number)] as const),
    ...(inventory.images?.value ?? []).map((one) => [`image ${one.id}`, text(one.updated_at)] as const),
  ]);
  return { revisionOf: ({ kind, id }) => revisions.get(`${kind} ${id}`), locationOf };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
