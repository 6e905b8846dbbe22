import { type Finding, finding } from '@groundcrew/runbook';
import type { AuditSnapshot, Port } from '../observe.ts';
import { counted, some } from '../reach/describe-rule.ts';

/**
 * Groups that ports use and that are not in the list, although the list is whole: made or deleted between two readings,
 * or hidden. What they let in nobody knows, so of their ports nothing passes.
 */
export function strangersOf({ securityGroups, ports }: AuditSnapshot): ReadonlyMap<string, readonly Port[]> {
  const found = new Map<string, Port[]>();
  if (securityGroups.completeness !== 'complete') return found;
  const known = new Set(securityGroups.value.map(({ id }) => id));
  // A port that does not show its groups is told by `ofUnseenPorts`.
  for (const port of ports.value)
    for (const id of port.security_groups ?? []) {
      if (known.has(id)) continue;
      const users = found.get(id);
      if (users === undefined) found.set(id, [port]);
      else users.push(port);
    }
  return found;
}

export function ofStrangers(snapshot: AuditSnapshot): Finding[] {
  const strangers = strangersOf(snapshot);
  if (strangers.size === 0) return [];
  const { source, at } = snapshot.ports;
  return [
    finding({
      id: 'audit.unseen',
      verdict: 'unknown',
      severity: 'medium',
      title: `Not seen: ${counted(strangers.size, 'security group')} that ports use`,
      subject: { kind: 'cloud', id: 'security groups of ports' },
      because: [...strangers].slice(0, 10).map(([id, users]) => ({
        statement: `group ${id}, of ${counted(users.length, 'port')} (${some(users.map((one) => one.id))}), is not in the list of groups`,
        source,
        at,
      })),
      remedy: 'Judge again: it may have been made or deleted while the lists were read.',
    }),
  ];
}
