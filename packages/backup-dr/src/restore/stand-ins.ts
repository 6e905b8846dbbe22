import { visible } from '@groundcrew/ground';
import type { PointResource, Wire } from '../point/tenant-point.ts';
import { objectOf, textOf } from '../point/wire.ts';
import { findByIdOrName, idIn } from './find-in-target.ts';
import { closestFlavor, sameSize, type Size, sizeOf, sizeOfServer, sizeWords } from './flavors.ts';
import { mappedTo } from './mapping.ts';
import { called, needsAs, type Planning } from './planning.ts';

/** Finds, for everything that a plan does not make, what stands for it in the target; refuses where there is nothing. */
export function findStandIns(planning: Planning): void {
  findNetworks(planning);
  findGroups(planning);
  findVolumeTypes(planning);
  findImages(planning);
}

/** Networks of others, and own ones that the mapping says are there already, with their subnets. */
function findNetworks(planning: Planning): void {
  const { mapping, target } = planning;
  for (const network of planning.of('network')) {
    const name = mappedTo(mapping.networks, network.id, network.name);
    if (name !== undefined)
      standIn(planning, network, target.networks.value, name, 'external-network-unmapped');
  }
  for (const network of referred(planning, 'network')) {
    const name = mappedTo(mapping.networks, network.id, network.name);
    if (name !== undefined) {
      standIn(planning, network, target.networks.value, name, 'external-network-unmapped');
      continue;
    }
    const same = target.networks.value.find((wire) => wire['id'] === network.id);
    if (same !== undefined) planning.stands(network, { id: network.id });
    else {
      const outer = target.networks.value.filter(
        (wire) => wire['router:external'] === true || wire['shared'] === true,
      );
      const names = outer.map(shownName);
      planning.refuse(
        'external-network-unmapped',
        network,
        `${called(network)} is of another project, and the mapping names none of the target in its place`,
        names.length === 0
          ? 'Make an external network in the target, and name it in networks.'
          : `Name it in networks: the target has ${names.join(', ')}.`,
      );
    }
  }
  for (const subnet of [...planning.of('subnet'), ...referred(planning, 'subnet')]) {
    const owner = needsAs(subnet, 'network')[0]?.id ?? textOf(subnet.wire['network_id']);
    const stands = owner === undefined ? undefined : planning.standsFor({ kind: 'network', id: owner });
    if (stands === undefined || 'step' in stands) continue;
    const found = target.subnets.value.find(
      (wire) =>
        wire['network_id'] === stands.id &&
        (wire['id'] === subnet.id || wire['cidr'] === subnet.wire['cidr']),
    );
    if (found !== undefined) planning.stands(subnet, { id: idIn(found) });
  }
}

/** Security groups of other projects, which are there by RBAC. */
function findGroups(planning: Planning): void {
  const { mapping, target } = planning;
  for (const group of referred(planning, 'security-group')) {
    const name = mappedTo(mapping.groups, group.id, group.name);
    if (name !== undefined) standIn(planning, group, target.securityGroups.value, name, 'reference-unmapped');
    else
      planning.refuse(
        'reference-unmapped',
        group,
        `${called(group)} is of another project, and the mapping names no group of the target in its place`,
        'Name one in groups.',
      );
  }
}

function findVolumeTypes(planning: Planning): void {
  const { mapping, target } = planning;
  for (const type of referred(planning, 'volume-type')) {
    const name = mappedTo(mapping.types, type.id) ?? type.id;
    const found = findByIdOrName(target.volumeTypes.value, name);
    if (found !== undefined && found !== 'several') {
      planning.stands(type, { id: textOf(found['name']) ?? idIn(found) });
      continue;
    }
    const names = target.volumeTypes.value.map(shownName);
    planning.refuse(
      'no-such-type',
      type,
      `the target has no volume type ${visible(name)}`,
      `Name one in types: the target has ${names.join(', ')}.`,
    );
  }
}

/**
 * Images that servers were made from, and the project's own: the same id, the same bytes, or what the mapping says. One that is in none
 * of these ways there, and of which the point has the bytes, is made.
 */
function findImages(planning: Planning): void {
  const { mapping, target } = planning;
  const wanted = new Set(
    planning.of('server').flatMap((server) => needsAs(server, 'image').map(({ id }) => id)),
  );
  const own = planning.of('image');
  for (const id of new Set([...wanted, ...own.map((image) => image.id)])) {
    const image = planning.known({ kind: 'image', id });
    const thing = image ?? { kind: 'image' as const, id, name: '' };
    const name = mappedTo(mapping.images, id, thing.name);
    if (name !== undefined) {
      standIn(planning, thing, target.images.value, name, 'image-missing');
      continue;
    }
    const hash = textOf(image?.wire['os_hash_value']);
    const active = target.images.value.filter((wire) => wire['status'] === 'active');
    const found =
      active.find((wire) => wire['id'] === id) ??
      active.find((wire) => hash !== undefined && wire['os_hash_value'] === hash);
    const isMade = image?.bytes !== undefined && own.includes(image);
    if (found !== undefined) planning.stands(thing, { id: idIn(found) });
    else if (wanted.has(id) && !isMade)
      planning.refuse(
        'image-missing',
        thing,
        `no active image of the target is ${called(thing)}, or has its bytes`,
        'Put the image there first, or name another one in images.',
      );
    else if (!isMade)
      planning.warnings.push(`${called(thing)} is not restored: its bytes are not in the point`);
  }
}

/** A flavor that stands for another; `undefined` if it does not show its size. */
function sized(found: Wire | undefined): { readonly id: string; readonly size: Size } | undefined {
  const size = sizeOf(found);
  return found === undefined || size === undefined ? undefined : { id: idIn(found), size };
}

/** The flavor of a server in the target, and its size; `undefined` if it was refused. */
export function flavorFor(
  planning: Planning,
  server: PointResource,
): { readonly id: string; readonly size: Size } | undefined {
  const { mapping, target } = planning;
  const [need] = needsAs(server, 'flavor');
  const name = need?.id ?? '';
  const flavor = need === undefined ? undefined : planning.known(need);
  const size = sizeOfServer(server, flavor);
  const named = (wanted: string): Wire | undefined => {
    const found = findByIdOrName(target.flavors.value, wanted);
    return found === 'several' ? undefined : found;
  };
  if (typeof mapping.flavors === 'object') {
    const other = mappedTo(mapping.flavors, name);
    if (other !== undefined) {
      const mapped = sized(named(other));
      if (mapped === undefined)
        planning.refuse(
          'no-such-flavor',
          server,
          `the target has no flavor ${other}`,
          'Name another one in flavors.',
        );
      return mapped;
    }
  }
  const same = sized(named(name));
  if (same !== undefined && size !== undefined && sameSize(same.size, size)) return same;
  const specs =
    objectOf(objectOf(server.wire['flavor'])?.['extra_specs']) ?? objectOf(flavor?.wire['extra_specs']);
  const closest = size === undefined ? undefined : closestFlavor(size, specs, target.flavors.value);
  if (mapping.flavors === 'closest' && closest !== undefined) return sized(closest);
  const why =
    size === undefined
      ? `how large ${called(server)} was is not in the point`
      : same === undefined
        ? `the target has no flavor ${visible(name)} (${sizeWords(size)})`
        : `flavor ${visible(name)} of the target is of another size: ${sizeWords(same.size)}, not ${sizeWords(size)}`;
  planning.refuse(
    'no-such-flavor',
    server,
    `${called(server)}: ${why}`,
    closest === undefined
      ? 'Make one in the target, or name another one in flavors.'
      : `The closest is ${shownName(closest)}: name it in flavors, or give flavors: 'closest'.`,
  );
  return undefined;
}

/** Things of others that what is restored refers to, each once. */
function referred(planning: Planning, kind: PointResource['kind']): readonly PointResource[] {
  const chosen = new Set(planning.of(kind).map(({ id }) => id));
  const found = new Map<string, PointResource>();
  for (const resource of planning.chosen) {
    if (!isPlanned(resource)) continue;
    for (const need of resource.needs)
      if (need.kind === kind && !chosen.has(need.id))
        found.set(need.id, planning.known(need) ?? { kind, id: need.id, name: '', wire: {}, needs: [] });
  }
  return [...found.values()];
}

/** Whether a plan makes something of it: the ports of Neutron's own services are made by these. */
function isPlanned({ kind, wire }: PointResource): boolean {
  if (kind !== 'port') return kind !== 'load-balancer';
  const owner = textOf(wire['device_owner']) ?? '';
  return owner === '' || owner.startsWith('compute:') || owner.startsWith('network:router_interface');
}

function standIn(
  planning: Planning,
  thing: Pick<PointResource, 'kind' | 'id' | 'name'>,
  list: readonly Wire[],
  name: string,
  code: 'external-network-unmapped' | 'reference-unmapped' | 'image-missing',
): void {
  const found = findByIdOrName(list, name);
  if (found === undefined || found === 'several') {
    planning.refuse(
      code,
      thing,
      found === 'several'
        ? `${called(thing)} is mapped to ${name}, and several ${thing.kind}s of the target have that name`
        : `${called(thing)} is mapped to ${name}, and the target has no ${thing.kind} of that name or id`,
      found === 'several' ? 'Give its id.' : undefined,
    );
    return;
  }
  planning.stands(thing, { id: idIn(found) });
}

/** A name of the target's, as a remedy shows it: other people's text. */
const shownName = (wire: Wire): string => visible(textOf(wire['name']) ?? idIn(wire));
