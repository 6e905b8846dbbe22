import { counted, type Finding, finding } from '@groundcrew/ground';
import { listed } from '../reach/describe-rule.ts';
import type { Assessment } from '../assessment.ts';
import type { Exposures } from '../exposure/exposures.ts';

/** One finding on the groups that ports use and the list of groups does not have: nothing is known of them. */
export function unlistedGroupFindings(
  { snapshot }: Assessment,
  { unlistedGroups: unlisted }: Exposures,
): Finding[] {
  if (unlisted.size === 0) return [];
  const { source, at } = snapshot.ports;
  return [
    finding({
      id: 'audit.unseen',
      verdict: 'unknown',
      severity: 'medium',
      title: `Not seen: ${counted(unlisted.size, 'security group')} that ports use`,
      subject: { kind: 'cloud', id: 'security groups of ports' },
      because: [...unlisted].slice(0, 10).map(([id, users]) => ({
        statement: `group ${id}, of ${counted(users.length, 'port')} (${listed(users.map((user) => user.id))}), is not in the list of groups`,
        source,
        at,
      })),
      remedy: 'Judge again: it may have been made or deleted while the lists were read.',
    }),
  ];
}
