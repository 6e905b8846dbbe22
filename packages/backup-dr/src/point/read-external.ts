import { joinLists, mapList, observeList } from '@groundcrew/core';
import type { Gap } from '@groundcrew/ground';
import type { ReadContext } from './read-lists.ts';
import {
  type ExternalResource,
  keyOf,
  type PointKind,
  type PointNeed,
  type PointResource,
  type Wire,
} from './tenant-point.ts';
import { toWire, withheldFrom } from './wire.ts';

/** Ids that are asked for in one call: their URL stays below the 8 KiB that proxies allow. */
const IDS_A_CALL = 50;

/** The kinds that are listed by their ids; whatever else is referred to is named by a list that was read whole. */
const LISTED = ['network', 'subnet', 'router', 'port', 'security-group', 'image'] as const;
type Listed = (typeof LISTED)[number];

interface Seen {
  readonly wires: readonly Wire[];
  readonly gaps: readonly Gap[];
}

interface References {
  readonly external: readonly ExternalResource[];
  readonly gaps: readonly Gap[];
}

/**
 * Reads what belongs to others and is referred to here: external and shared networks, public images, groups of other projects.
 * It is read by ids, 50 in a call. What was not shown is kept as an id, with a gap.
 *
 * @param others - flavors and volume types, which are the cloud's, by the names by which they are referred to
 */
export async function readExternal(
  context: ReadContext,
  resources: readonly PointResource[],
  others: ReadonlyMap<string, Wire>,
): Promise<References> {
  const known = new Set(resources.map(keyOf));
  const missing = new Map<string, PointNeed>();
  for (const { needs } of resources)
    for (const need of needs) if (!known.has(keyOf(need))) missing.set(keyOf(need), need);
  const idsOf = (wanted: PointKind): string[] =>
    [...missing.values()].flatMap(({ kind, id }) => (kind === wanted ? [id] : []));
  const read = await Promise.all(
    LISTED.map(async (kind) => [kind, await listed(context, kind, idsOf(kind))] as const),
  );
  const wires = new Map(others);
  for (const [kind, { wires: seen }] of read)
    for (const wire of seen)
      if (typeof wire['id'] === 'string') wires.set(keyOf({ kind, id: wire['id'] }), wire);
  const failed = new Set<PointKind>(read.flatMap(([kind, { gaps }]) => (gaps.length > 0 ? [kind] : [])));
  const external = [...missing.values()].map((need) => externalOf(need, wires.get(keyOf(need))));
  const isUnseen = ({ kind, seen }: ExternalResource): boolean =>
    !seen && !failed.has(kind) && (LISTED as readonly PointKind[]).includes(kind);
  return {
    external,
    gaps: [...read.flatMap(([, { gaps }]) => gaps), ...external.filter(isUnseen).map(notShown)],
  };
}

function externalOf({ kind, id }: PointNeed, found: Wire | undefined): ExternalResource {
  const { wire, withheld } = withheldFrom(kind, found ?? {});
  const name = wire['name'];
  return {
    kind,
    id,
    name: typeof name === 'string' ? name : '',
    wire,
    ...(withheld.length === 0 ? {} : { withheld }),
    needs: [],
    seen: found !== undefined,
  };
}

const notShown = ({ kind, id }: ExternalResource): Gap => ({
  what: `${kind} ${id}`,
  kind: 'denied',
  why: 'something of the project refers to it, and no list shows it to this user',
  remedy: 'Ask as an administrator; it may also be gone.',
  requestIds: [],
});

async function listed(context: ReadContext, kind: Listed, ids: readonly string[]): Promise<Seen> {
  const clock = { now: () => context.cloud.clock.now() };
  const wires: Wire[] = [];
  const gaps: Gap[] = [];
  for (let from = 0; from < ids.length; from += IDS_A_CALL) {
    const items = listOf(context, kind, ids.slice(from, from + IDS_A_CALL));
    const observed = await observeList(`${kind}s of other projects`, mapList(items, toWire), clock);
    wires.push(...observed.value);
    gaps.push(...observed.gaps);
  }
  return { wires, gaps };
}

function listOf(
  { cloud: { network, image }, read }: ReadContext,
  kind: Listed,
  id: string[],
): AsyncIterable<object> {
  switch (kind) {
    case 'network':
      return network.networks.list({ id }, read);
    case 'subnet':
      return network.subnets.list({ id }, read);
    case 'router':
      return network.routers.list({ id }, read);
    case 'port':
      return network.ports.list({ id }, read);
    case 'security-group':
      // Without the rules, which are its owner's.
      return network.securityGroups.listFields({ id, fields: ['id', 'name', 'project_id'] }, read);
    case 'image': {
      const any = `in:${id.join(',')}`;
      return joinLists(
        image.images.list({ id: any }, read),
        image.images.list({ id: any, os_hidden: true }, read),
      );
    }
  }
}
