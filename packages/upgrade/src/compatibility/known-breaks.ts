import { InputError } from '@groundcrew/ground';
import type { Hop } from '../path/plan-path.ts';
import { orderOf, series } from '../series.ts';
import { cinderDriverBreaks } from './breaks/cinder-drivers.ts';
import { cinderBreaks } from './breaks/cinder.ts';
import { glanceBreaks } from './breaks/glance.ts';
import { keystoneBreaks } from './breaks/keystone.ts';
import { manilaBreaks } from './breaks/manila.ts';
import { neutronBreaks } from './breaks/neutron.ts';
import { novaApiBreaks } from './breaks/nova-api.ts';
import { novaDriverBreaks } from './breaks/nova-drivers.ts';
import { novaOptionBreaks } from './breaks/nova-options.ts';
import { novaSchedulerBreaks } from './breaks/nova-scheduler.ts';
import { osloMiddlewareBreaks } from './breaks/oslo-middleware.ts';
import { placementBreaks } from './breaks/placement.ts';
import type { KnownBreak } from './known-break.ts';

const table: readonly KnownBreak[] = [
  ...novaApiBreaks,
  ...novaOptionBreaks,
  ...novaSchedulerBreaks,
  ...novaDriverBreaks,
  ...neutronBreaks,
  ...cinderBreaks,
  ...cinderDriverBreaks,
  ...keystoneBreaks,
  ...glanceBreaks,
  ...placementBreaks,
  ...manilaBreaks,
  ...osloMiddlewareBreaks,
];

/**
 * What is known to break between two series: in each one that the hop passes over, too, and in the one that it leads to. Each was
 * read in its source. The list is not whole: what is not in it may break as well.
 *
 * @throws InputError if the hop goes backwards, or its series are none of `series`
 * @example
 * const path = planPath('2024.1', { to: '2025.1' }); // SLURP to SLURP: 2024.2 counts, too
 * if (path.ok) for (const { id, source } of knownBreaks(path.hops[0])) console.log(id, source);
 */
export function knownBreaks(hop: Pick<Hop, 'from' | 'to'>): KnownBreak[] {
  const [start, end] = [place(hop, 'from'), place(hop, 'to')];
  if (end <= start)
    throw new InputError('knownBreaks: to: must be newer than `from`', {
      field: 'to',
      operation: 'knownBreaks',
    });
  return table.filter((one) => start < orderOf(one.in) && orderOf(one.in) <= end);
}

function place(hop: Pick<Hop, 'from' | 'to'>, field: 'from' | 'to'): number {
  // By the name, since a plan that was stored and read again has rows of its own.
  const at = series.findIndex(({ name }) => name === (hop as Partial<typeof hop> | undefined)?.[field]?.name);
  if (at !== -1) return at;
  throw new InputError(`knownBreaks: ${field}: must be a row of \`series\``, {
    field,
    operation: 'knownBreaks',
  });
}
