import type { Observed } from '@groundcrew/core';
import type { Refusal } from '@groundcrew/runbook';
import { isComplete } from '../verdict.ts';
import type { Mendable } from './mendable.ts';
import type { OrphanMends } from './mend-options.ts';
import type { OrphanSources } from './orphan-sources.ts';

export type OrphanMendRefusalCode =
  /** A list was not seen wholly: of nothing it is known that it is missing. */
  | 'orphans.unseen'
  /** A guest may run on a host that was not asked, and use what would go. */
  | 'orphans.hosts-not-asked'
  /** A guest is named that there is not, or that Nova knows. */
  | 'orphans.no-such-guest'
  /** Nothing of what was chosen is to be mended. */
  | 'orphans.nothing-to-mend';

/** Why nothing at all is mended. Pure. */
export function mendRefusals(
  sources: OrphanSources,
  mends: OrphanMends,
  { guests }: Mendable,
): Refusal<OrphanMendRefusalCode>[] {
  return [...unseen(sources, mends), ...unasked(sources, mends), ...unknownGuests(mends, guests)];
}

/** Whether something goes that a guest may use. */
const isDestructive = ({ attachments, volumes, ports, allocations }: OrphanMends): boolean =>
  [attachments, volumes, ports, allocations].some((choice) => choice !== undefined);

function unseen(
  { nova, cinder, neutron, placement, hypervisor = {} }: OrphanSources,
  mends: OrphanMends,
): Refusal<OrphanMendRefusalCode>[] {
  const { attachments, volumes, ports, allocations, guests, hostsOff = [] } = mends;
  const asked = Object.entries(hypervisor).flatMap(([host, list]) => (hostsOff.includes(host) ? [] : [list]));
  const chosen: (Observed<unknown> | undefined)[] = [
    nova.servers,
    ...(isDestructive(mends) ? [nova.hypervisors, ...asked] : []),
    ...(attachments === undefined && volumes === undefined ? [] : [cinder.volumes, cinder.attachments]),
    ...(ports === undefined ? [] : [neutron.ports]),
    ...(allocations === undefined ? [] : [placement?.allocations, placement?.migrations]),
    ...(guests === undefined ? [] : asked),
  ];
  return [...new Set(chosen)].flatMap((list) =>
    list === undefined || !isComplete(list)
      ? [
          {
            code: 'orphans.unseen' as const,
            reason: `${list?.source ?? 'what Placement has'} was not seen wholly${
              list?.gaps[0] === undefined ? '' : `: ${list.gaps[0].why}`
            }`,
            remedy: list?.gaps[0]?.remedy ?? 'Read the sources again, as an administrator.',
          },
        ]
      : [],
  );
}

function unasked(
  { nova: { hypervisors }, hypervisor = {} }: OrphanSources,
  mends: OrphanMends,
): Refusal<OrphanMendRefusalCode>[] {
  if (!isDestructive(mends)) return [];
  const { hostsOff = [] } = mends;
  const hosts = [...new Set(hypervisors.value.map(({ service }) => service.host))];
  const open = hosts.filter((host) => hypervisor[host] === undefined && !hostsOff.includes(host));
  if (open.length === 0) return [];
  return [
    {
      code: 'orphans.hosts-not-asked',
      reason: `a guest may run on ${open.toSorted().join(', ')}, and use what would go: it was not asked`,
      remedy: 'Read the sources with `hosts`; name in `hostsOff` those that are off, where no guest can run.',
    },
  ];
}

const unknownGuests = (
  { guests = {} }: OrphanMends,
  known: Mendable['guests'],
): Refusal<OrphanMendRefusalCode>[] =>
  Object.keys(guests)
    .filter((id) => known.every((guest) => guest.id !== id))
    .map((id) => ({
      code: 'orphans.no-such-guest' as const,
      reason: `${id} is no guest that runs and that Nova does not know`,
      remedy: 'Name it by the id that `findOrphans` tells (`backup-dr.orphan-guest`).',
    }));
