import { type Finding, finding } from '@groundcrew/runbook';
import { wideOpen } from './exposure.ts';
import { families, words } from './family.ts';
import type { Context, Holder } from './groups.ts';
import type { SecurityGroup } from './observe.ts';
import { openingOf } from './opening.ts';
import { ofOpening } from './statements.ts';

/** Groups that let everything out to everyone: Neutron's default, so a finding only of a policy that wants it. */
export function ofEgress(
  group: SecurityGroup,
  holder: Holder,
  { snapshot, world, isEveryone }: Context,
): Finding[] {
  const { source, at } = snapshot.securityGroups;
  return families.flatMap((family) => {
    const openings = group.security_group_rules.flatMap(
      (rule) => openingOf(rule, family, world.expansion, 'egress') ?? [],
    );
    const wide = wideOpen(openings, family, isEveryone);
    if (wide === undefined) return [];
    return [
      finding({
        id: 'audit.egress-open',
        verdict: 'fail',
        severity: 'low',
        title: `${holder.title} lets its ports reach ${words(wide.sources, family)} on every port`,
        subject: holder.subject,
        because: openings.slice(0, 10).map((one) => ({
          statement: ofOpening(one, family).replace(' lets in ', ' lets out ').replace(' from ', ' to '),
          source,
          at,
        })),
        remedy: 'Let out only what is needed: names, updates, the services that it uses.',
      }),
    ];
  });
}
