import { type Finding, unseen } from '@groundcrew/ground';
import type { Assessment } from '../assessment.ts';

/** Lists that were not, or not all, read. A cloud without address groups (Neutron before Victoria) has none to miss. */
export function unseenFindings({ snapshot }: Assessment): Finding[] {
  const { securityGroups, addressGroups, ports, floatingIps, projects } = snapshot;
  const { networks, routers, firewallGroups, sharing, defaultRules } = snapshot;
  const optional: readonly unknown[] = [addressGroups, firewallGroups, sharing, defaultRules];
  return [
    securityGroups,
    addressGroups,
    ports,
    floatingIps,
    projects,
    networks,
    routers,
    firewallGroups,
    sharing,
    defaultRules,
    ...(snapshot.extensions === undefined ? [] : [snapshot.extensions]),
  ]
    .filter((observed) => !optional.includes(observed) || observed.completeness !== 'unsupported')
    .flatMap((observed) =>
      observed.gaps.map((gap) =>
        unseen(gap, {
          id: 'audit.unseen',
          title: `Not seen: ${gap.what}`,
          severity: observed === projects ? 'low' : 'medium',
          at: observed.at,
        }),
      ),
    );
}
