import { counted, type Finding, finding } from '@groundcrew/ground';
import type { Assessment } from '../assessment.ts';
import { isOwnedByNeutron } from '../exposure/enforcement.ts';
import type { Exposures } from '../exposure/exposures.ts';

/** The finding that counts what was judged, and out of how much. */
export function scopeFinding({ snapshot }: Assessment, { groups }: Exposures): Finding {
  const { securityGroups, ports, scope: words } = snapshot;
  const judged = [...groups.values()];
  const complete = securityGroups.completeness === 'complete';
  const some = complete || judged.length > 0;
  const projects = new Set(judged.map(({ group }) => group.project_id)).size;
  const own = ports.value.filter(isOwnedByNeutron).length;
  const statement = `${counted(judged.length, 'security group')} of ${counted(projects, 'project')} ${judged.length === 1 ? 'was' : 'were'} judged; seen: ${words}`;
  const remedy = complete ? undefined : securityGroups.gaps[0]?.remedy;
  const { source, at } = securityGroups;
  return finding({
    id: 'audit.scope',
    verdict: complete ? 'pass' : 'unknown',
    severity: 'info',
    title: complete
      ? `All ${statement}`
      : some
        ? `${statement}; there may be more`
        : 'No security group could be seen',
    subject: { kind: 'cloud', id: 'security groups' },
    because: [
      ...(some ? [{ statement, source, at }] : []),
      ...securityGroups.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at })),
      ...(own > 0
        ? [
            {
              statement: `${counted(own, 'port')} of routers, DHCP servers and the like (network:…) have no port security by nature and are not judged`,
              source: ports.source,
              at: ports.at,
            },
          ]
        : []),
    ],
    remedy,
  });
}
