import type { Reason } from './answer.ts';
import { localDisk, requestOf } from './request.ts';
import { canRun, type PlacementRule } from './rule.ts';
import { isAt, type Location, type PlacementSnapshot, placeOf, type Workload } from './placement-snapshot.ts';

/**
 * The methods by which a workload gets to a location, the cheapest first. `stay`: it is there. `live`: it runs on;
 * `live-block`: its local disk is copied too. `cold`: it is down for the move. `shelve`: it is stopped, and started
 * elsewhere, as in another zone. `rebuild`: it is made anew, as in another region, or off a host that is down.
 */
export const moveMethods = ['stay', 'live', 'live-block', 'cold', 'shelve', 'rebuild'] as const;
export type MoveMethod = (typeof moveMethods)[number];

export interface MoveCost {
  readonly method: MoveMethod;
  /** Bytes to be copied, at the least: memory, and disk where it is not shared. */
  readonly bytes: number;
  readonly downtime: 'none' | 'moment' | 'minutes' | 'rebuild';
}

/** A place where it may run, and what it takes to get there. */
export interface LegalLocation {
  readonly location: Location;
  readonly cost: MoveCost;
  /** Share of memory that is free there afterwards, 0 to 1: of two that cost the same, the emptier one. */
  readonly free: number | undefined;
}

export interface LegalLocations {
  /** The cheapest first. */
  readonly legal: readonly LegalLocation[];
  /** Not known to be legal, with what is missing; the cheapest first. */
  readonly unknown: readonly (LegalLocation & { readonly because: readonly Reason[] })[];
  readonly illegal: readonly { readonly location: Location; readonly because: readonly Reason[] }[];
  /** The places that lack least, if no place is legal. */
  readonly nearest: readonly string[];
}

const MIB = 1_048_576;
const GIB = 1_073_741_824;

/** The places where a workload may run, the cheapest move first, and for every other place the reason why not. Pure. */
export function legalLocations(
  workload: Workload,
  snapshot: PlacementSnapshot,
  rules: readonly PlacementRule[],
): LegalLocations {
  const from = placeOf(workload, snapshot);
  const legal: LegalLocation[] = [];
  const unknown: LegalLocations['unknown'][number][] = [];
  const illegal: LegalLocations['illegal'][number][] = [];
  for (const location of snapshot.locations) {
    const said = canRun(workload, location, snapshot, rules);
    if (said.answer === 'no') {
      illegal.push({ location, because: said.because });
      continue;
    }
    const place = { location, cost: costOf(workload, from, location), free: freeAt(workload, location) };
    if (said.answer === 'yes') legal.push(place);
    else unknown.push({ ...place, because: said.because });
  }
  legal.sort(cheapest);
  unknown.sort(cheapest);
  const fewest = Math.min(...illegal.map(({ because }) => because.length));
  const nearest =
    legal.length > 0
      ? []
      : illegal
          .filter(({ because }) => because.length === fewest)
          .slice(0, 3)
          .map(
            ({ location, because }) =>
              `${location.host}, but for: ${because.map(({ why }) => why).join('; ')}`,
          );
  return { legal, unknown, illegal, nearest };
}

const cheapest = (a: LegalLocation, b: LegalLocation): number =>
  moveMethods.indexOf(a.cost.method) - moveMethods.indexOf(b.cost.method) ||
  a.cost.bytes - b.cost.bytes ||
  // An order of places that are all legal: where the room is not known, last.
  (b.free ?? 0) - (a.free ?? 0) ||
  a.location.host.localeCompare(b.location.host);

function costOf(workload: Workload, from: Location | undefined, to: Location): MoveCost {
  const { ram, status } = workload;
  if (isAt(workload, to)) return { method: 'stay', bytes: 0, downtime: 'none' };
  const local = localDisk(workload) * GIB;
  const region = from?.region ?? workload.region;
  // Nothing can be taken off a host that is down; what is in ERROR, or being rescued, Nova does not move.
  const stuck = from?.up === false || status === 'ERROR' || status === 'RESCUE';
  if (stuck || (region !== undefined && to.region !== undefined && region !== to.region))
    return { method: 'rebuild', bytes: local, downtime: 'rebuild' };
  if (from?.zone !== undefined && to.zone !== undefined && from.zone !== to.zone)
    return { method: 'shelve', bytes: local, downtime: 'minutes' };
  // Nova migrates neither what is suspended nor what is shelved; both can be shelved and come up elsewhere.
  if (status === 'SUSPENDED' || status === 'SHELVED' || status === 'SHELVED_OFFLOADED')
    return { method: 'shelve', bytes: local, downtime: 'minutes' };
  if (status !== 'ACTIVE' && status !== 'PAUSED')
    return { method: 'cold', bytes: local, downtime: 'minutes' };
  return local === 0
    ? { method: 'live', bytes: ram * MIB, downtime: 'moment' }
    : { method: 'live-block', bytes: ram * MIB + local, downtime: 'moment' };
}

function freeAt(workload: Workload, location: Location): number | undefined {
  const memory = location.stock?.['MEMORY_MB'];
  if (memory?.used === undefined) return undefined;
  const all = Math.floor((memory.total - memory.reserved) * memory.allocation_ratio);
  const more = isAt(workload, location) ? 0 : (requestOf(workload)?.resources['MEMORY_MB'] ?? 0);
  return all === 0 ? 0 : (all - memory.used - more) / all;
}
