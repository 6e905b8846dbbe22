import { type AddressSet, merged, nothing } from '../addresses/address-set.ts';
import { parsePrefix, type Prefix } from '../addresses/cidr.ts';
import type { Family } from '../addresses/address-family.ts';
import type { SecurityGroupSnapshot, FloatingIp, Port } from './snapshot.ts';
import type { Expansion } from './expansion.ts';
import { perSnapshot } from './per-snapshot.ts';

/** A snapshot, indexed. */
export interface SnapshotIndex {
  /** The addresses that the groups stand for to which rules refer. */
  readonly expansion: Expansion;
  readonly portsOf: (groupId: string) => readonly Port[];
  /** There are no other users of any group than those. */
  readonly knowsAllUsers: boolean;
  readonly floatingIpsOf: (portId: string) => readonly FloatingIp[];
  /** Projects besides its own that may use a group, by RBAC; `*` is every one. */
  readonly sharedWith: (groupId: string) => readonly string[];
  /** A project's name, or its id if the name was not seen. Things of Neutron's own are of none. */
  readonly projectName: (id: string | null | undefined) => string;
}

/** Indexes a snapshot; once for snapshots that differ in their security groups only. */
export const indexSnapshot = perSnapshot(index);

function index(snapshot: SecurityGroupSnapshot): SnapshotIndex {
  const { addressGroups, ports, floatingIps, projects, sharing, extensions } = snapshot;
  const mayHavePairs =
    extensions?.completeness !== 'complete' || extensions.value.includes('allowed-address-pairs');
  const portsByGroup = new Map<string, Port[]>();
  // A port that does not show its groups makes `complete` false.
  for (const port of ports.value) {
    for (const id of port.security_groups ?? []) {
      const users = portsByGroup.get(id);
      if (users === undefined) portsByGroup.set(id, [port]);
      else users.push(port);
    }
  }
  const addresses = new Map(
    addressGroups.value.map((addressGroup) => [addressGroup.id, addressGroup.addresses]),
  );
  const byPort = Map.groupBy(floatingIps.value, (floatingIp) => floatingIp.port_id);
  const shared = Map.groupBy(
    sharing.value.filter((policy) => policy.object_type === 'security_group'),
    (policy) => policy.object_id,
  );
  const names = new Map(projects.value.map((project) => [project.id, project.name]));
  // A port that does not show its groups may be a member of any.
  const complete =
    ports.completeness === 'complete' && ports.value.every((port) => port.security_groups !== undefined);
  return {
    expansion: {
      addressGroup: memo((id, family) => setOf(addresses.get(id), family)),
      members: memo((id, family) => {
        // `?? []`: of a group that no port names; whether all ports were seen is `complete`.
        const members = portsByGroup.get(id) ?? [];
        const sources = membersOf(members, family);
        const isHidden = mayHavePairs && members.some((member) => member.allowed_address_pairs === undefined);
        return { sources: sources ?? nothing, all: complete && !isHidden && sources !== undefined };
      }),
    },
    portsOf: (id) => portsByGroup.get(id) ?? [],
    knowsAllUsers: complete,
    floatingIpsOf: (id) => byPort.get(id) ?? [],
    sharedWith: (id) => (shared.get(id) ?? []).map((policy) => policy.target_tenant),
    projectName: (id) => (id === null || id === undefined || id === '' ? '(none)' : (names.get(id) ?? id)),
  };
}

/**
 * Without the extension `allowed-address-pairs` no port has the field, nor may it use other addresses; where there is the
 * extension, what is not shown is not none.
 *
 * Neutron lets in a member's addresses, and those that it may use besides (`_select_ips_for_remote_group`).
 */
const membersOf = (ports: readonly Port[], family: Family): AddressSet | undefined =>
  setOf(
    ports.flatMap((port) =>
      [...port.fixed_ips, ...(port.allowed_address_pairs ?? [])].map((fixed_ip) => fixed_ip.ip_address),
    ),
    family,
  );

/** `undefined` if there are none to read, or one of them cannot be read. */
function setOf(texts: readonly string[] | undefined, family: Family): AddressSet | undefined {
  if (texts === undefined) return undefined;
  const prefixes: Prefix[] = [];
  for (const text of texts) {
    const prefix = parsePrefix(text);
    if (prefix === undefined) return undefined;
    if (prefix.version === family.version) prefixes.push(prefix);
  }
  return merged(prefixes.map(({ first, last }) => ({ first, last })));
}

function memo<T>(look: (id: string, family: Family) => T): (id: string, family: Family) => T {
  const known = { 4: new Map<string, T>(), 6: new Map<string, T>() };
  return (id, family) => {
    const map = known[family.version];
    const found = map.get(id);
    if (found !== undefined) return found;
    const value = look(id, family);
    map.set(id, value);
    return value;
  };
}
