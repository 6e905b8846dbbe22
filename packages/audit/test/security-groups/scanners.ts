import type { AddressGroup, SecurityGroupRule } from '../../src/security-groups/snapshot/snapshot.ts';
import { parsePrefix } from '../../src/security-groups/addresses/cidr.ts';

// What two scanners decide of one group, told again from their published logic so that they can be compared:
// prowler (prowler/providers/openstack/lib/security_groups.py and the checks on SSH, RDP and all ingress; 3e000faa31,
// 2026-08) and cnspec (content/mondoo-openstack-security.mql.yaml: no-unrestricted-ssh, -rdp, no-all-ports-open; 62835b138,
// 2026-08), with what mql means by a public source (its OpenStack provider's `cidrIsPublic`). Both judge rule by rule.

export interface Verdicts {
  readonly ssh: boolean;
  readonly rdp: boolean;
  readonly all: boolean;
}

const isAnywhere = (prefix: string): boolean => {
  const parsed = parsePrefix(prefix);
  return (
    parsed !== undefined &&
    parsed.first === 0n &&
    parsed.last === (1n << (parsed.version === 4 ? 32n : 128n)) - 1n
  );
};

/** A remote group is never public; a remote address group is not read, so that such a rule looks like one for all. */
const publicToProwler = ({ remote_ip_prefix: prefix, remote_group_id: group }: SecurityGroupRule): boolean =>
  prefix === null ? group === null : isAnywhere(prefix);

export function prowler(rules: readonly SecurityGroupRule[]): Verdicts {
  const open = rules.filter((rule) => rule.direction === 'ingress' && publicToProwler(rule));
  const reaches = (port: number): boolean =>
    open.some(
      ({ protocol, port_range_min: min, port_range_max: max }) =>
        (protocol === null || protocol === 'tcp') && (min ?? 0) <= port && port <= (max ?? 65_535),
    );
  return {
    ssh: reaches(22),
    rdp: reaches(3389),
    all: open.some(
      ({ protocol, port_range_min: min, port_range_max: max }) =>
        protocol === null && min === null && max === null,
    ),
  };
}

/** A prefix that is wholly in one of these is not public to mql. */
const reserved = [
  '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 127.0.0.0/8 169.254.0.0/16 100.64.0.0/10 0.0.0.0/8 240.0.0.0/4',
  '2001:db8::/32 ::1/128 fc00::/7 fe80::/10',
].flatMap((line) => line.split(' ').flatMap((text) => parsePrefix(text) ?? []));

/** A prefix is public from /8 (IPv4) and /32 (IPv6) on. */
const isBroad = (prefix: string): boolean => {
  const parsed = parsePrefix(prefix);
  if (parsed === undefined) return false;
  const length = parsed.last - parsed.first + 1n;
  return (
    length >= (parsed.version === 4 ? 1n << 24n : 1n << 96n) &&
    !reserved.some(
      ({ version, first, last }) =>
        version === parsed.version && first <= parsed.first && parsed.last <= last,
    )
  );
};

/** Address groups are read since 2026-08; a range that is null reads as 0. */
export function cnspec(
  rules: readonly SecurityGroupRule[],
  addressGroups: readonly AddressGroup[],
): Verdicts {
  const isPublic = (rule: SecurityGroupRule): boolean => {
    const { remote_ip_prefix: prefix, remote_group_id: group, remote_address_group_id: addresses } = rule;
    if (prefix !== null) return isBroad(prefix);
    if (addresses !== null && addresses !== undefined)
      return addressGroups.some(
        (addressGroup) => addressGroup.id === addresses && addressGroup.addresses.some(isBroad),
      );
    return group === null;
  };
  const open = rules
    .filter((rule) => rule.direction === 'ingress' && isPublic(rule))
    .map(({ protocol, port_range_min: min, port_range_max: max }) => ({
      protocol: protocol ?? '',
      min: min ?? 0,
      max: max ?? 0,
    }));
  const reaches = (port: number): boolean =>
    open.some(
      ({ protocol, min, max }) => (protocol === 'tcp' || protocol === '') && min <= port && max >= port,
    );
  return {
    ssh: reaches(22),
    rdp: reaches(3389),
    all: open.some(({ min, max }) => (min === 0 && max === 0) || (min <= 1 && max >= 65_535)),
  };
}
