import type { Cloud } from '@groundcrew/core';
import { type Gap, optionsSchema, parseArguments, type ReadOptions, readOptions } from '@groundcrew/ground';
import { z } from 'zod';
import { namedCycles } from './cycles.ts';
import { readVersion } from './microversions.ts';
import { needsIndex, type NeedsIndex, needsOf } from './needs.ts';
import { readContainers, versionGaps } from './read-containers.ts';
import { readExternal } from './read-external.ts';
import { keypairId, readKeypairs } from './read-keypairs.ts';
import { type ProjectLists, type ReadContext, type ReadList, readLists } from './read-lists.ts';
import { sealed } from './sealed.ts';
import {
  keyOf,
  POINT_FORMAT,
  POINT_VERSION,
  type PointKind,
  type PointList,
  type PointResource,
  type TenantPoint,
  type Wire,
} from './tenant-point.ts';
import { hiddenPortGaps, isStub, stubGaps, unreadServices, userDataGaps } from './unseen-parts.ts';
import { whoseOf } from './whose.ts';
import { objectOf, textOf, withheldFrom } from './wire.ts';

export interface ReadPointOptions extends ReadOptions {
  /** Id or name of the project. Another than the token's is shown to administrators only. */
  readonly project: string;
}

const readPointOptions = optionsSchema<ReadPointOptions>({ ...readOptions, project: z.string().min(1) });

/** Lists of the whole cloud: a point has those of their things that the project uses, as external ones. */
const CLOUDS = new Set<PointKind>(['flavor', 'volume-type']);

/**
 * Reads what belongs to a project, as data from which it can be made again: servers with their disks and ports, networks, groups,
 * addresses, images, key pairs, containers, quotas and roles. It changes nothing, and reads no bytes of volumes, images or objects.
 *
 * It takes a call for each page of each list, one for the key pairs of each user who owns a server, one for each container, and one for
 * every 50 things of other projects that are referred to; none for a single server, volume or port. What was denied, cut or failed is a gap, and the
 * point is `partial` then. The tags of single disks and network cards are in no list, and so not in the point.
 *
 * @throws InputError if the project is another one and the user no administrator; the errors of Keystone if there is none
 * @example
 * const point = await readPoint(cloud, { project: 'shop' });
 * if (point.completeness === 'partial') for (const { what, why } of point.gaps) console.log(what, why);
 */
export async function readPoint(cloud: Cloud, options: ReadPointOptions): Promise<TenantPoint> {
  parseArguments('readPoint', readPointOptions, options);
  const read = { signal: options.signal };
  const at = new Date(cloud.clock.now()).toISOString();
  const whose = await whoseOf(cloud, 'readPoint', options.project, read);
  const [compute, storage] = await Promise.all([
    readVersion(cloud, 'compute', read),
    readVersion(cloud, 'block-storage', read),
  ]);
  const context: ReadContext = {
    cloud,
    whose,
    read,
    compute: compute.version,
    blockStorage: storage.version,
  };
  const lists = await readLists(context);
  const servers = lists.servers.observed.value;
  const whole = servers.filter((server) => !isStub(server));
  const [keypairs, containers] = await Promise.all([readKeypairs(context, whole), readContainers(context)]);
  const ports = lists.ports.observed.value;
  const index = needsIndex({
    ports,
    serverGroups: lists['server groups'].observed.value,
    flavors: lists.flavors.observed.value,
  });
  // What changes while pages are read may be shown twice.
  const resources = onlyOnce([
    ...Object.values(lists)
      .filter(({ kind }) => !CLOUDS.has(kind))
      .flatMap((list) => resourcesOf(list, index)),
    ...resourcesOf({ kind: 'keypair', observed: keypairs, microversion: compute.version }, index),
    ...resourcesOf(containers, index),
  ]);
  const references = await readExternal(context, resources, sharedWires(lists));
  const gaps = [
    ...[compute.gap, storage.gap].flatMap((gap) =>
      gap === undefined || gap.kind === 'unsupported' ? [] : gap,
    ),
    ...Object.values(lists).flatMap(({ observed }) => gapsOf(observed)),
    ...keypairs.gaps,
    ...gapsOf(containers.observed),
    ...versionGaps(containers.observed.value),
    ...references.gaps,
    ...stubGaps(servers),
    ...userDataGaps(servers),
    ...hiddenPortGaps(
      resources.filter(({ kind }) => kind === 'server'),
      ports,
    ),
    ...unreadServices(whose.services),
  ];
  return sealed({
    format: POINT_FORMAT,
    formatVersion: POINT_VERSION,
    at,
    cloud: { name: cloud.name, region: cloud.region ?? null },
    project: whose.project,
    completeness: gaps.length === 0 ? 'complete' : 'partial',
    lists: [
      ...Object.values(lists).map(({ observed }) => listOf(observed)),
      listOf(keypairs),
      listOf(containers.observed),
    ],
    // A gap is data of the manifest: a remedy that is not there is left out, as JSON does.
    gaps: gaps.map(plainGap),
    resources,
    external: references.external,
    cycles: namedCycles(resources),
  });
}

/**
 * The gaps of a list; none for a service that this cloud does not have (`unsupported`): then there is nothing of it to lose.
 * `lists` says so all the same.
 */
const gapsOf = ({ completeness, gaps }: ReadList['observed']): readonly Gap[] =>
  completeness === 'unsupported' ? [] : gaps;

const onlyOnce = (resources: readonly PointResource[]): readonly PointResource[] =>
  [...new Map(resources.toReversed().map((resource) => [keyOf(resource), resource])).values()].toReversed();

const listOf = ({ source, completeness, value }: ReadList['observed']): PointList => ({
  name: source,
  completeness,
  count: value.length,
});

const plainGap = ({ remedy, ...gap }: Gap): Gap => (remedy === undefined ? (gap as Gap) : { ...gap, remedy });

/** Flavors and volume types by the name by which things refer to them. */
const sharedWires = (lists: ProjectLists): ReadonlyMap<string, Wire> =>
  new Map(
    [lists.flavors, lists['volume types']].flatMap(({ kind, observed }) =>
      observed.value.map((wire) => [keyOf({ kind, id: textOf(wire['name']) ?? '' }), wire] as const),
    ),
  );

function resourcesOf({ kind, observed, microversion }: ReadList, index: NeedsIndex): PointResource[] {
  return observed.value
    .filter((wire) => kind !== 'server' || !isStub(wire))
    .map((shown) => {
      const { wire, withheld } = withheldFrom(kind, shown);
      return {
        kind,
        id: idOf(kind, shown),
        name: nameOf(kind, shown),
        wire,
        ...(microversion === undefined ? {} : { microversion }),
        ...(withheld.length === 0 ? {} : { withheld }),
        needs: needsOf(kind, shown, index),
      };
    });
}

function idOf(kind: PointKind, wire: Wire): string {
  if (kind === 'keypair') return keypairId(textOf(wire['user_id']) ?? '', textOf(wire['name']) ?? '');
  if (kind === 'role-assignment') return assignmentId(wire);
  if (kind === 'container') return textOf(wire['name']) ?? '';
  return textOf(wire['id']) ?? '';
}

/** An assignment has no id: it is who has which role, for this project or for those below it. */
function assignmentId(wire: Wire): string {
  const part = (name: string): string => textOf(objectOf(wire[name])?.['id']) ?? '';
  const who = part('user') === '' ? `group/${part('group')}` : `user/${part('user')}`;
  const inherited =
    textOf(objectOf(wire['scope'])?.['OS-INHERIT:inherited_to']) === undefined ? '' : '/inherited';
  return `${part('role')}/${who}${inherited}`;
}

const nameOf = (kind: PointKind, wire: Wire): string => {
  if (kind === 'floating-ip') return textOf(wire['floating_ip_address']) ?? '';
  const name = wire['name'];
  return typeof name === 'string' ? name : '';
};
