import type { Wire } from '../point/tenant-point.ts';
import { objectOf, objectsIn, textOf } from '../point/wire.ts';
import type { Size } from './flavors.ts';
import { needsAs, type Planning } from './planning.ts';

/** Refuses what the target's project may not have: each resource of each quota with its numbers. */
export function refuseOverQuota(planning: Planning, servers: readonly Size[]): void {
  const { quotas } = planning.target;
  check(planning, 'Nova', quotas.compute.value, 'in_use', {
    instances: servers.length,
    cores: sum(servers.map(({ vcpus }) => vcpus)),
    ram: sum(servers.map(({ ram }) => ram)),
    server_groups: made(planning, 'server-group'),
    key_pairs: made(planning, 'keypair'),
  });
  check(planning, 'Cinder', quotas.volumes.value, 'in_use', volumesWanted(planning));
  check(planning, 'Neutron', quotas.network.value, 'used', {
    network: made(planning, 'network'),
    subnet: made(planning, 'subnet'),
    router: made(planning, 'router'),
    // An interface of a router is a port of the project; its gateway's port is of none.
    port:
      made(planning, 'port') +
      planning.steps.filter(({ action }) => action === 'backup-dr.connect-router').length,
    floatingip: made(planning, 'floating-ip'),
    security_group: made(planning, 'security-group'),
    security_group_rule: rulesWanted(planning),
  });
}

/** Volumes and GiB, together and of each type. */
function volumesWanted(planning: Planning): Readonly<Record<string, number>> {
  const wanted: Record<string, number> = { volumes: 0, gigabytes: 0 };
  const add = (name: string, amount: number): void => {
    wanted[name] = (wanted[name] ?? 0) + amount;
  };
  for (const volume of planning.of('volume')) {
    const size = volume.wire['size'];
    const gigabytes = typeof size === 'number' ? size : 0;
    const [need] = needsAs(volume, 'volume_type');
    const type = need === undefined ? undefined : planning.standsFor(need);
    const suffix = type !== undefined && 'id' in type ? `_${type.id}` : undefined;
    add('volumes', 1);
    add('gigabytes', gigabytes);
    if (suffix !== undefined) {
      add(`volumes${suffix}`, 1);
      add(`gigabytes${suffix}`, gigabytes);
    }
  }
  return wanted;
}

/**
 * Rules at the end. A group that is made has Neutron's own at first, two as a rule, until it gets its rules: for a moment there
 * may be more.
 */
const rulesWanted = (planning: Planning): number =>
  sum(
    planning
      .of('security-group')
      .filter((group) => planning.isMade(group))
      .map((group) => Math.max(2, objectsIn(group.wire['security_group_rules']).length)),
  );

const made = ({ steps }: Planning, kind: string): number =>
  steps.filter(({ input }) => objectOf(input as Wire)?.['kind'] === kind && isCreation(input as Wire)).length;

/** What is deleted has a kind, too. */
const isCreation = (input: Wire): boolean => objectOf(input['body']) !== undefined;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function check(
  planning: Planning,
  service: string,
  quota: Wire | undefined,
  used: 'in_use' | 'used',
  wanted: Readonly<Record<string, number>>,
): void {
  for (const [name, amount] of Object.entries(wanted)) {
    const usage = objectOf(quota?.[name]);
    const [limit, taken, reserved] = [usage?.['limit'], usage?.[used], usage?.['reserved']];
    // A quota that the service does not show is none that is known to be too small.
    if (amount === 0 || typeof limit !== 'number' || typeof taken !== 'number' || limit < 0) continue;
    // Neutron answers what is reserved as text in some releases (core's `quotas.ts`).
    const held = Number(typeof reserved === 'number' ? reserved : (textOf(reserved) ?? 0));
    const free = limit - taken - (Number.isFinite(held) ? held : 0);
    if (amount <= free) continue;
    planning.refuse(
      'quota',
      undefined,
      `${name} of ${service}: ${amount} are needed, and ${Math.max(0, free)} of ${limit} are free`,
      `Raise the quota to ${limit - free + amount}, or restore a part (only).`,
    );
  }
}
