import { anObjectWith, counted, parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, refused } from '@groundcrew/runbook';
import { z } from 'zod';
import { checkGuests, powerOffGuest } from './mend-actions.ts';
import { itemsOf, type MendItem } from './mend-items.ts';
import { type OrphanMends, orphanMends } from './mend-options.ts';
import { type OrphanMendRefusalCode, mendRefusals } from './mend-refusals.ts';
import { guestRevision, guestTarget } from './mend-revisions.ts';
import { mendWarnings } from './mend-warnings.ts';
import { type Mendable, mendableIn } from './mendable.ts';
import type { OrphanSources } from './orphan-sources.ts';

const sourcesParts = z.object({
  sources: anObjectWith<OrphanSources>('OrphanSources, as readOrphanSources reads them', 'nova', 'cinder'),
});

/**
 * Plans how contradictions are mended that a person has chosen, kind by kind, or says why not. Pure. Nothing is chosen by default, and a
 * guest only by its own id. What a guest may use goes only if every host was asked and none runs it: those of a guest that runs are
 * left, unless it is powered off first. What is left is in the plan's warnings.
 *
 * Each thing is a target: if it has changed when the plan runs, or its server has come back, the run is refused.
 *
 * @throws InputError naming the field
 * @example
 * const sources = await readOrphanSources(cloud, { hosts });
 * const planned = planOrphanMends(sources, { attachments: 'delete', ports: 'unbind' });
 * if (planned.ok) console.log(explain(planned.plan));
 */
export function planOrphanMends(sources: OrphanSources, mends: OrphanMends): Planned<OrphanMendRefusalCode> {
  parseArguments('planOrphanMends', sourcesParts, { sources });
  parseArguments('planOrphanMends', orphanMends, mends);
  const mendable = mendableIn(sources);
  const [first, ...more] = mendRefusals(sources, mends, mendable);
  if (first !== undefined) return refused(first, ...more);
  const { guests = {}, except = [], hostsOff = [] } = mends;
  const off = mendable.guests.filter(({ id }) => id in guests);
  const running = new Set(mendable.guests.filter(({ id }) => !(id in guests)).map(({ id }) => id));
  const items = itemsOf(mendable, mends).filter(({ id }) => !except.includes(id));
  // Whose guest uses what is of no server nobody can tell: it may be any that runs.
  const isInUse = ({ server }: MendItem): boolean =>
    server === undefined ? running.size > 0 : running.has(server);
  const chosen = items.filter((item) => !isInUse(item));
  if (chosen.length + off.length === 0)
    return refused({
      code: 'orphans.nothing-to-mend',
      reason: nothingBecause(items, mendable),
      remedy: undefined,
    });
  const powerOffs = off.map((guest) =>
    powerOffGuest.step({
      id: `power-off-${guest.id}-${guest.host}`,
      input: { host: guest.host, guest: guest.id, name: guest.name },
      onFailure: 'continue',
      group: 'guests',
      why: 'It is named: Nova does not know it, and it may write to what is given to others.',
    }),
  );
  const servers = [...new Set(chosen.flatMap(({ server }) => server ?? []))].toSorted();
  const hosts = Object.keys(sources.hypervisor ?? {})
    .filter((host) => !hostsOff.includes(host))
    .toSorted();
  const unknown = chosen.some(({ server }) => server === undefined);
  const check =
    chosen.length === 0
      ? []
      : [
          checkGuests.step({
            id: 'check-guests',
            input: { servers, unknown, hosts },
            after: powerOffs.map(({ id }) => id),
            why: 'What a guest uses that runs is not to go.',
          }),
        ];
  const steps = [...powerOffs, ...check, ...chosen.map(({ step }) => step(check.map(({ id }) => id)))];
  return planned(
    definePlan({
      id: 'mend-orphans',
      title: titleOf(chosen.length, off.length),
      inputs: JSON.parse(JSON.stringify({ mends, hosts })) as Json,
      targets: [
        ...off.map((guest) => ({ kind: 'guest', id: guestTarget(guest), revision: guestRevision(guest) })),
        ...chosen.map(({ target }) => target),
      ],
      steps,
      concurrency: { groups: { cinder: 4, neutron: 4, placement: 4, guests: 4 } },
      warnings: mendWarnings(sources, { chosen, inUse: items.filter(isInUse), off, hostsOff }),
    }),
  );
}

const nothingBecause = (items: readonly MendItem[], { guests }: Mendable): string =>
  items.length === 0
    ? 'nothing of what was chosen contradicts anything, or all of it is excepted'
    : `all that was chosen is of guests that run: ${guests.map(({ id, host }) => `${id} on ${host}`).join(', ')}`;

const titleOf = (things: number, guests: number): string =>
  [
    ...(things === 0 ? [] : [`Mend ${counted(things, 'contradiction')}`]),
    ...(guests === 0 ? [] : [`${things === 0 ? 'Power' : 'power'} off ${counted(guests, 'guest')}`]),
  ].join(' and ');
