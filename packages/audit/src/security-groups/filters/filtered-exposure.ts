import type { Family } from '../addresses/address-family.ts';
import { publicShare, words } from '../addresses/address-family.ts';
import { type Firewall, firewallOf, through, type Wall } from './firewall-group.ts';
import type { AuditSnapshot, FirewallGroup, Port } from '../observe.ts';
import type { Reach } from '../reach/rule-reach.ts';
import { reachWords } from '../reach/describe-reach.ts';
import { isRouterInterface } from '../ingress/router-interfaces.ts';
import type { OwnAddress } from '../ingress/ingress-paths.ts';

/** What a finding says is reached. */
export interface Claim {
  readonly reached: readonly Reach[];
  /** Is what is left as bad as the finding says? */
  readonly isAll: (left: readonly Reach[]) => boolean;
}

/** What becomes of a claim on a way. */
export interface Passage {
  /** The firewall groups on it. */
  readonly groups: readonly string[];
  /** `some`: less than the finding says, but not nothing. */
  readonly lets: 'all' | 'some' | 'nothing' | 'unknown';
  readonly why: readonly string[];
}

/** The firewall groups of a snapshot, by where they stand. */
export interface Walls {
  /** Those between the world and a port: on its own port, and on the router's in front of it. */
  readonly on: (port: Port, own: OwnAddress | undefined, router: string, family: Family) => readonly Wall[];
}

/** Firewall groups stand on ports of servers, and on the doors of routers; nowhere else (`fwaas_plugin_v2.py`). */
export function wallsOf({ firewallGroups, ports, routers }: AuditSnapshot): Walls {
  const byPort = new Map(
    firewallGroups.value.flatMap((group) => (group.ports ?? []).map((port) => [port, group] as const)),
  );
  const distributed = new Set(routers.value.filter((one) => one.distributed === true).map(({ id }) => id));
  const interfaces = Map.groupBy(
    ports.value.filter((one) => byPort.has(one.id) && isRouterInterface(one)),
    ({ network_id }) => network_id,
  );
  const { completeness, value } = firewallGroups;
  // On which ports of routers they stand is told by the ports.
  const isUnseen =
    !['complete', 'unsupported'].includes(completeness) ||
    // A group that does not show its ports may stand on any.
    value.some((group) => group.ports === undefined) ||
    (value.length > 0 && ports.completeness !== 'complete');
  const walls = { 4: new Map<FirewallGroup, Firewall>(), 6: new Map<FirewallGroup, Firewall>() };
  function wallAt(port: Port, own: OwnAddress | undefined, family: Family): Wall | undefined {
    const group = byPort.get(port.id);
    if (group === undefined) return undefined;
    const known = walls[family.version].get(group);
    const firewall = known ?? firewallOf(group, family);
    if (known === undefined) walls[family.version].set(group, firewall);
    return firewall(own?.ip_address);
  }
  const doubted = new Map<Wall, Map<string, Wall>>();
  /** A wall that may stand there or not. */
  function doubt(wall: Wall, why: string): Wall {
    const some = doubted.get(wall) ?? new Map<string, Wall>();
    doubted.set(wall, some);
    const one = some.get(why) ?? { ...wall, lets: undefined, why: `${wall.why}, ${why}` };
    some.set(why, one);
    return one;
  }
  return {
    on(port, own, router, family) {
      const atPort = wallAt(port, own, family);
      const atDoors = (interfaces.get(port.network_id) ?? []).flatMap((door): Wall[] => {
        const id = door.device_id;
        if (door === port || (router !== 'any' && router !== id)) return [];
        if (own !== undefined && !door.fixed_ips.some(({ subnet_id }) => subnet_id === own.subnet_id))
          return [];
        const wall = wallAt(door, own, family);
        if (wall === undefined) return [];
        // There may be other doors, on which none stands.
        if (router === 'any' || own === undefined) return [doubt(wall, `if the way is by router ${id}`)];
        // Upstream's driver then filters other devices than those of the port.
        if (distributed.has(id)) return [doubt(wall, `on distributed router ${id}: may filter it or not`)];
        return [wall];
      });
      return [atPort ?? [], atDoors, isUnseen ? UNSEEN : []].flat();
    },
  };
}

/** A way is one, whether something unseen stands in it or not; but it is not told as if nothing did. */
const UNSEEN: Wall = {
  group: undefined,
  lets: undefined,
  why: 'whether a firewall group filters it could not be seen',
};

/** What is left of claims behind walls: the same claim behind the same walls is asked about once. */
export function passages(): (walls: readonly Wall[], claim: Claim, family: Family) => Passage {
  const numbers = new WeakMap<Wall, number>();
  let last = 0;
  const numberOf = (wall: Wall): number => {
    const number = numbers.get(wall) ?? (last += 1);
    numbers.set(wall, number);
    return number;
  };
  const known = new WeakMap<Claim, Map<string, Passage>>();
  return (walls, claim, family) => {
    const ofClaim = known.get(claim) ?? new Map<string, Passage>();
    known.set(claim, ofClaim);
    const key = walls.map(numberOf).join(' ');
    const passage = ofClaim.get(key) ?? passageOf(walls, claim, family);
    ofClaim.set(key, passage);
    return passage;
  };
}

function passageOf(walls: readonly Wall[], { reached, isAll }: Claim, family: Family): Passage {
  const known = walls.filter((one) => one !== UNSEEN);
  const groups = known.flatMap(({ group }) => group ?? []);
  const why = walls.map((one) => one.why);
  let left = reached;
  for (const { lets } of known) if (lets !== undefined) left = through(left, lets);
  const isShut = known.some(({ lets }) => lets !== undefined) && !isOfTheWorld(left, family);
  // Whatever else stands there, nothing comes through this one.
  if (isShut) return { groups, lets: 'nothing', why: [...why, 'nothing of it comes through'] };
  if (known.some(({ lets }) => lets === undefined)) return { groups, lets: 'unknown', why };
  if (known.length === 0 || isAll(left)) return { groups, lets: 'all', why };
  return { groups, lets: 'some', why: [...why, `what comes through: ${wordsOf(left, family)}`] };
}

/** Does anything of it come from outside? */
const isOfTheWorld = (left: readonly Reach[], family: Family): boolean =>
  left.some(({ sources }) => publicShare(sources, family) > 0);

function wordsOf(left: readonly Reach[], family: Family): string {
  const shown = left.slice(0, 5).map((one) => `${reachWords(one)} from ${words(one.sources, family)}`);
  return `${shown.join(', ')}${left.length > shown.length ? `, and ${left.length - shown.length} more` : ''}`;
}
