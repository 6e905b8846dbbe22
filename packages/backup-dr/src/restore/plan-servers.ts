import { compareMicroversions } from '@groundcrew/core';
import type { Json } from '@groundcrew/runbook';
import type { PointResource, Wire } from '../point/tenant-point.ts';
import { objectOf, objectsIn, textOf, textsIn } from '../point/wire.ts';
import { CreateDraft } from './create-draft.ts';
import { idIn } from './find-in-target.ts';
import type { Size } from './flavors.ts';
import { mappedTo } from './mapping.ts';
import { knows } from './older-release.ts';
import { readyFor } from './plan-ports.ts';
import { textMap } from './plan-volumes.ts';
import { called, needsAs, type Planning } from './planning.ts';
import type { Ref } from './restore-actions.ts';
import { flavorFor } from './stand-ins.ts';

/** The earlier steps that a server waits for. */
export interface BeforeServers {
  /** The step after which a subnet gives addresses, by the subnet's id in the point. */
  readonly subnets: ReadonlyMap<string, string>;
  /** The step after which a group has its rules, by the group's id. */
  readonly groups: ReadonlyMap<string, string>;
  /** The step after which a volume has its bytes, by the volume's id. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Steps that delete what is replaced. */
  readonly removed: readonly string[];
}

/** The microversions with which servers are made: that which first takes all that is given, down to what every Nova has. */
const SERVER_VERSIONS = ['2.52', '2.19', '2.1'] as const;

/** Plans server groups. They cannot be written on: they are found again by their name, among those that were not there before. */
export function planServerGroups(planning: Planning, removed: readonly string[]): void {
  const { target } = planning;
  const steps = new Map<string, string[]>();
  for (const group of planning.of('server-group')) {
    const name = planning.nameOf(group);
    const policy = textOf(group.wire['policy']) ?? textsIn(group.wire['policies'])[0] ?? 'anti-affinity';
    const most = objectOf(group.wire['rules'])?.['max_server_per_host'];
    const version = knows(target, '2.64') ? '2.64' : knows(target, '2.15') ? '2.15' : '2.1';
    const others = steps.get(name) ?? [];
    const draft = new CreateDraft('server-group', name)
      .set({
        name,
        ...(version === '2.64'
          ? { policy, rules: typeof most === 'number' ? { max_server_per_host: most } : undefined }
          : { policies: [policy] }),
      })
      // One after the other: which of two equal ones a step made is known by what came before.
      .after(...others, ...removed);
    const before = target.serverGroups.value.filter((wire) => wire['name'] === name).map(idIn);
    const id = planning.make(draft, { before, others: [...others], microversion: version });
    planning.stands(group, { step: id });
    steps.set(name, [...others, id]);
  }
}

/** Plans the servers. Answers their sizes in the target, for the quotas. */
export function planServers(planning: Planning, before: BeforeServers): readonly Size[] {
  return planning.of('server').flatMap((server) => {
    const size = planServer(planning, server, before);
    return size === undefined ? [] : [size];
  });
}

function planServer(planning: Planning, server: PointResource, before: BeforeServers): Size | undefined {
  const { target, mapping } = planning;
  const { wire } = server;
  const flavor = flavorFor(planning, server);
  if (flavor === undefined) return undefined;
  const version = SERVER_VERSIONS.find((candidate) => knows(target, candidate)) ?? '2.1';
  const has = (since: string): boolean => compareMicroversions(version, since) >= 0;
  const name = planning.nameOf(server);
  const zone = textOf(wire['OS-EXT-AZ:availability_zone']);
  const tags = textsIn(wire['tags']);
  const draft = new CreateDraft('server', name)
    .set({
      name,
      flavorRef: flavor.id,
      metadata: textMap(objectOf(wire['metadata'])),
      availability_zone: zone === undefined ? undefined : mappedTo(mapping.zones, zone),
      config_drive: textOf(wire['config_drive']) === undefined ? undefined : true,
      description: has('2.19') ? textOf(wire['description']) : undefined,
      tags: has('2.52') && tags.length > 0 ? [...tags] : undefined,
    })
    .after(...before.removed, ...readyFor(planning, server, before.subnets));
  const complete =
    keyOfServer(planning, server, draft) &&
    portsOf(planning, server, draft, before) &&
    disksOf(planning, server, draft, before);
  const [group] = needsAs(server, 'server_group');
  const stands = group === undefined ? undefined : planning.standsFor(group);
  if (stands !== undefined)
    draft.set({ 'os:scheduler_hints': { group: null } }).put(['os:scheduler_hints', 'group'], stands);
  if (!complete) return undefined;
  if (server.withheld?.includes('OS-EXT-SRV-ATTR:user_data') === true)
    planning.warnings.push(
      `${called(server)} had user data, which are not in the point: it starts without them`,
    );
  if (wire['status'] !== 'ACTIVE')
    planning.warnings.push(
      `${called(server)} was ${textOf(wire['status']) ?? 'in no known state'}: it is started`,
    );
  const id = planning.make(draft, { microversion: version });
  planning.stands(server, { step: id });
  return flavor.size;
}

function keyOfServer(planning: Planning, server: PointResource, draft: CreateDraft): boolean {
  const [need] = needsAs(server, 'key_pair');
  if (need === undefined) return true;
  const ref = planning.standsFor(need);
  if (ref === undefined) return false;
  draft.put(['key_name'], ref);
  return true;
}

function portsOf(
  planning: Planning,
  server: PointResource,
  draft: CreateDraft,
  before: BeforeServers,
): boolean {
  const needs = needsAs(server, 'port');
  const refs = needs.map((need) => planning.standsFor(need));
  if (refs.includes(undefined)) return false;
  if (needs.length === 0) {
    // Before 2.37 no word for none: a server without networks asks for every one of the project.
    draft.set({ networks: knows(planning.target, '2.37') ? 'none' : [] });
    return true;
  }
  draft.set({ networks: needs.map(() => ({ port: null })) });
  for (const [at, ref] of refs.entries()) if (ref !== undefined) draft.put(['networks', at, 'port'], ref);
  for (const need of needs) {
    const port = planning.known(need);
    if (port === undefined) continue;
    draft.after(...needsAs(port, 'security_group').flatMap((group) => before.groups.get(group.id) ?? []));
  }
  return true;
}

interface Disk {
  readonly ref: Ref;
  readonly device: string;
  readonly boots: boolean;
  readonly doomed: boolean;
}

/** The disks of a server: the image on the host, if it was made from one, and its volumes in the order of their devices. */
function disksOf(
  planning: Planning,
  server: PointResource,
  draft: CreateDraft,
  before: BeforeServers,
): boolean {
  const [need] = needsAs(server, 'image');
  const image = need === undefined ? undefined : planning.standsFor(need);
  if (need !== undefined && image === undefined) return false;
  const disks = volumesOf(planning, server);
  if (disks === undefined) return false;
  for (const volume of needsAs(server, 'volume')) {
    const step = before.volumes.get(volume.id);
    if (step !== undefined) draft.after(step);
  }
  if (image !== undefined) draft.put(['imageRef'], image);
  if (disks.length === 0) {
    if (image !== undefined) return rootIsNew(planning, server);
    planning.refuse(
      'image-missing',
      server,
      `${called(server)} has neither an image nor a volume to boot from`,
      'Its volumes were not in the point: look at its gaps.',
    );
    return false;
  }
  const root: Json[] =
    image === undefined
      ? []
      : [
          {
            uuid: null,
            source_type: 'image',
            destination_type: 'local',
            boot_index: 0,
            delete_on_termination: true,
          },
        ];
  const devices = [
    ...root,
    ...disks.map(({ boots, doomed }) => ({
      uuid: null,
      source_type: 'volume',
      destination_type: 'volume',
      boot_index: boots ? 0 : -1,
      delete_on_termination: doomed,
    })),
  ];
  draft.set({ block_device_mapping_v2: devices });
  if (image !== undefined) draft.put(['block_device_mapping_v2', 0, 'uuid'], image);
  for (const [at, { ref }] of disks.entries())
    draft.put(['block_device_mapping_v2', root.length + at, 'uuid'], ref);
  return image === undefined || rootIsNew(planning, server);
}

function rootIsNew(planning: Planning, server: PointResource): true {
  planning.warnings.push(`${called(server)} has its root disk on the host: it is made anew from its image`);
  return true;
}

/** The volumes of a server; `undefined` if one was refused. The one that boots comes first. */
function volumesOf(planning: Planning, server: PointResource): readonly Disk[] | undefined {
  const attached = objectsIn(server.wire['os-extended-volumes:volumes_attached']);
  const root = textOf(server.wire['OS-EXT-SRV-ATTR:root_device_name']);
  const found = needsAs(server, 'volume').map((need) => {
    const volume = planning.known(need);
    const ref = planning.standsFor(need);
    const doomed = attached.find((wire) => wire['id'] === need.id)?.['delete_on_termination'] === true;
    return {
      ref,
      doomed,
      bootable: volume?.wire['bootable'] === 'true',
      device: deviceOf(volume, server.id),
    };
  });
  if (found.some(({ ref }) => ref === undefined)) return undefined;
  const sorted = found.toSorted((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : 0));
  const fromVolume = needsAs(server, 'image').length === 0;
  const boot = !fromVolume
    ? undefined
    : (sorted.find(({ device, bootable }) => bootable && device === root) ??
      sorted.find(({ bootable }) => bootable) ??
      sorted[0]);
  return [...sorted.filter((disk) => disk === boot), ...sorted.filter((disk) => disk !== boot)].flatMap(
    (disk) =>
      disk.ref === undefined
        ? []
        : [{ ref: disk.ref, device: disk.device, boots: disk === boot, doomed: disk.doomed }],
  );
}

function deviceOf(volume: PointResource | undefined, server: string): string {
  const attachment = objectsIn(volume?.wire['attachments']).find(
    (wire: Wire) => wire['server_id'] === server,
  );
  return textOf(attachment?.['device']) ?? '';
}
