import { no, notKnown } from './answer.ts';
import { definePlacementRule, type PlacementRule } from './rule.ts';
import { isAt, type PlacementSnapshot, type Workload } from './placement-snapshot.ts';

/** Keeps affinity and anti-affinity of the workload's server group. The soft policies are not enforced. */
export const serverGroup = (): PlacementRule =>
  definePlacementRule({
    id: 'server-group',
    title: 'Members of a server group are together, or apart',
    severity: 'medium',
    allows(workload, location, snapshot) {
      const { group, groupUnseen = false } = workload;
      if (groupUnseen) return notKnown('whether it is in a server group was not seen');
      if (group?.policy === '') return notKnown('the policy of its group was not told');
      if (group === undefined || (group.policy !== 'affinity' && group.policy !== 'anti-affinity'))
        return 'yes';
      const { seen, unseen } = othersOf(workload, group.members, snapshot);
      const { host } = location;
      if (group.policy === 'anti-affinity') {
        const there = seen.filter((member) => isAt(member, location));
        // Nova counts: with `max_server_per_host` some may be together, and without it one (nova/scheduler/filters/affinity_filter.py).
        const most = group.max_server_per_host ?? 1;
        if (there.length >= most)
          return no(
            `${there[0]?.name ?? 'another'} of group ${group.id} is on ${host}, and they must be apart${most > 1 ? `, no more than ${most} on one` : ''}`,
          );
      } else if (seen.some((member) => !isAt(member, location)))
        return no(`others of group ${group.id} are not on ${host}, and they must be together`);
      return unseen ? notKnown(`where others of group ${group.id} are was not seen`) : 'yes';
    },
  });

interface Others {
  /** The members that run, where the host is known. */
  readonly seen: readonly Workload[];
  /** There are more, of which it is not. */
  readonly unseen: boolean;
}

interface Index {
  readonly byId: ReadonlyMap<string, Workload>;
  readonly others: WeakMap<Workload, Others>;
}

/** The others are asked for at every place; a look through all servers for each would be the most of the work. */
const indexes = new WeakMap<PlacementSnapshot['workloads'], Index>();

function othersOf(
  workload: Workload,
  members: readonly string[],
  { workloads }: Pick<PlacementSnapshot, 'workloads'>,
): Others {
  const index = indexes.get(workloads) ?? {
    byId: new Map(workloads.map((other) => [other.id, other])),
    others: new WeakMap<Workload, Others>(),
  };
  indexes.set(workloads, index);
  const known = index.others.get(workload);
  if (known !== undefined) return known;
  const running = members
    .filter((id) => id !== workload.id)
    .map((id) => index.byId.get(id))
    .filter((member) => member?.nowhere !== true);
  const seen = running.filter((member): member is Workload => member?.host !== undefined);
  const others = { seen, unseen: seen.length < running.length };
  index.others.set(workload, others);
  return others;
}
