import type { CloudInventory, InventoryServer } from '@groundcrew/monitoring';
import type { SecurityGroupSnapshot } from '../security-groups/snapshot/snapshot.ts';
import type { DueResponse } from './decide.ts';
import { QUARANTINE } from './other-implementations.ts';
import type { ResponseContext } from './plan-responses.ts';
import { isIn } from './server-implementations.ts';

type Seen<T> = { readonly value: readonly T[] };
type SeenServer = Pick<InventoryServer, 'id' | 'status' | 'updated'> & {
  /** From compute API 2.9 on; the inventory has neither this one nor the tags. */
  readonly locked?: boolean;
  /** From 2.26 on. */
  readonly tags?: readonly string[];
};

/** The lists of the things that responses touch; an inventory has them. */
export interface ResponseInventory extends Partial<Pick<CloudInventory, 'ports' | 'images'>> {
  readonly servers?: Seen<SeenServer>;
}
type Groups = Pick<SecurityGroupSnapshot, 'securityGroups'>;

/**
 * Makes the context of a planner from what was read for the findings: with the revisions that things had then, so that a run
 * refuses if one has moved since, and with what is so already, as far as servers, ports and images were read.
 *
 * @example
 * const servers = { value: await Array.fromAsync(cloud.compute.at('2.26').servers.list({ all_tenants: true })) };
 * const context = responseContext(snapshot, { ...inventory, servers });
 */
export function responseContext(
  snapshot: Groups,
  inventory: ResponseInventory = {},
  locationOf?: ResponseContext['locationOf'],
): ResponseContext {
  const revisions = new Map<string, string | undefined>([
    ...snapshot.securityGroups.value.map(
      (securityGroup) => [`security group ${securityGroup.id}`, text(securityGroup.revision_number)] as const,
    ),
    ...(inventory.servers?.value ?? []).map(
      (server) => [`server ${server.id}`, text(server.updated)] as const,
    ),
    ...(inventory.ports?.value ?? []).map((port) => [`port ${port.id}`, text(port.revision_number)] as const),
    ...(inventory.images?.value ?? []).map((image) => [`image ${image.id}`, text(image.updated_at)] as const),
  ]);
  return {
    revisionOf: ({ kind, id }) => revisions.get(`${kind} ${id}`),
    isInEffect: effectsIn(snapshot, inventory),
    locationOf,
  };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/**
 * Tells which responses are in effect already. Users and projects were not read; moves and notices have no state to
 * look at.
 */
function effectsIn(
  { securityGroups }: Groups,
  { servers, ports, images }: ResponseInventory,
): NonNullable<ResponseContext['isInEffect']> {
  const server = byId(servers?.value);
  const port = byId(ports?.value);
  const image = byId(images?.value);
  const quarantines = new Set(
    securityGroups.value
      // Somebody may have opened it.
      .filter(
        (securityGroup) =>
          securityGroup.name === QUARANTINE && securityGroup.security_group_rules.length === 0,
      )
      .map(({ id }) => id),
  );
  return ({ response, target: { id } }: Pick<DueResponse, 'response' | 'target'>): boolean | undefined => {
    switch (response.do) {
      case 'tag':
        return server.get(id)?.tags?.includes(response.tag);
      case 'lock':
        return server.get(id)?.locked;
      case 'pause':
      case 'suspend':
      case 'stop':
      case 'shelve': {
        const status = server.get(id)?.status;
        return status === undefined ? undefined : isIn({ status, locked: false }, response.do);
      }
      case 'port-down': {
        const up = port.get(id)?.admin_state_up;
        return up === undefined ? undefined : !up;
      }
      case 'quarantine': {
        // Neutron lets no port have groups whose port security is off (`PortSecurityAndIPRequiredForSecurityGroups` of ML2): one
        // that has some and hides it is secured.
        const { security_groups: groups, port_security_enabled: secured } = port.get(id) ?? {};
        return groups === undefined
          ? undefined
          : secured !== false && groups.length > 0 && groups.every((group) => quarantines.has(group));
      }
      case 'image-private': {
        const visibility = image.get(id)?.visibility;
        return visibility === undefined ? undefined : visibility === 'private';
      }
      default:
        return undefined;
    }
  };
}

const byId = <T extends { readonly id: string }>(all: readonly T[] = []): ReadonlyMap<string, T> =>
  new Map(all.map((thing) => [thing.id, thing]));
