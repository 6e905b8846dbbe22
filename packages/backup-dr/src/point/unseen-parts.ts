import type { Gap } from '@groundcrew/ground';
import type { PointResource, Wire } from './tenant-point.ts';
import { objectOf, objectsIn, textOf } from './wire.ts';

/** Services that a tenant may have things in and that this version reads nothing of, by the type in the catalogue. */
const NOT_READ: readonly (readonly [type: string, what: string])[] = [
  ['orchestration', 'stacks'],
  ['key-manager', 'secrets, by reference'],
  ['shared-file-system', 'shares'],
  ['sharev2', 'shares'],
  ['dns', 'zones'],
];

/** Gaps for what this version does not read, though the cloud has the service. */
export const unreadServices = (services: readonly string[]): readonly Gap[] =>
  NOT_READ.filter(([type]) => services.includes(type)).map(([type, what]) => ({
    what,
    kind: 'unsupported',
    why: `the cloud has the service ${type}, of which a recovery point of this version has nothing`,
    remedy: 'Keep a copy of them by other means.',
    requestIds: [],
  }));

/** Whether Nova showed a stub of a server only, since its cell does not respond (from microversion 2.69 on). */
export const isStub = (server: Wire): boolean => typeof server['name'] !== 'string';

/** A gap for each server of which there is only a stub. */
export const stubGaps = (servers: readonly Wire[]): readonly Gap[] =>
  servers.filter(isStub).map((server) => ({
    what: `server ${textOf(server['id']) ?? ''}`,
    kind: 'cut',
    why: 'its cell does not respond, so that Nova shows little more than its id',
    remedy: 'Read again when the cell responds.',
    requestIds: [],
  }));

/** One gap if the user is not shown whether servers have user data: without the role admin Nova leaves the field out. */
export function userDataGaps(servers: readonly Wire[]): readonly Gap[] {
  const silent = servers.filter((server) => !isStub(server) && !('OS-EXT-SRV-ATTR:user_data' in server));
  if (silent.length === 0) return [];
  return [
    {
      what: `user data of ${silent.length} servers`,
      kind: 'denied',
      why: 'Nova shows administrators only whether a server has user data',
      remedy: 'Ask as an administrator, or keep the user data yourself.',
      requestIds: [],
    },
  ];
}

/** A gap for each address of a server whose port no list showed: it belongs to another project. */
export function hiddenPortGaps(servers: readonly PointResource[], ports: readonly Wire[]): readonly Gap[] {
  const known = new Set(ports.map((port) => textOf(port['mac_address'])));
  return servers.flatMap(({ id, wire }) => {
    const cards = Object.values(objectOf(wire['addresses']) ?? {}).flatMap((list) =>
      objectsIn(list).flatMap((address) => textOf(address['OS-EXT-IPS-MAC:mac_addr']) ?? []),
    );
    return [...new Set(cards)]
      .filter((mac) => !known.has(mac))
      .map((mac): Gap => ({
        what: `port ${mac} of server ${id}`,
        kind: 'denied',
        why: 'the server has this network card, and no port of the project is it',
        remedy: 'Read the project that the port belongs to as well.',
        requestIds: [],
      }));
  });
}
