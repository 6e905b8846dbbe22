import type { ReadOptions } from '@groundcrew/ground';
import {
  type Cloud,
  type Gap,
  mapList,
  observeAllProjects,
  type Observed,
  observeList,
  type Visibility,
} from '@groundcrew/core';
import type { Estate, EstateApplicationCredential, EstateEndpoint, EstateUser } from './estate.ts';
import { gather } from '../gather.ts';
import { readUsers, withHolders } from './user-parts.ts';

type IdentityParts = Pick<
  Estate,
  'users' | 'roleAssignments' | 'applicationCredentials' | 'trusts' | 'endpoints'
>;

/** Reads who may what, by what means, and where the services are. */
export async function readIdentity(
  cloud: Cloud,
  visibility: Visibility,
  read: ReadOptions,
): Promise<IdentityParts> {
  const { identity } = cloud;
  const [listed, roleAssignments, trusts, endpoints] = await Promise.all([
    readUsers(cloud, read),
    observeAllProjects(
      cloud,
      'role assignments',
      visibility,
      identity.roleAssignments.list({ effective: true, include_names: true }, read),
    ),
    observeAllProjects(cloud, 'trusts', visibility, identity.trusts.list({}, read)),
    readEndpoints(cloud, read),
  ]);
  const users = await withHolders(cloud, listed, roleAssignments, read);
  const applicationCredentials = await readApplicationCredentials(cloud, users, read);
  return { users, roleAssignments, trusts, endpoints, applicationCredentials };
}

/** Reads those of all users, or only the caller's own where others are not shown. */
async function readApplicationCredentials(
  cloud: Cloud,
  users: Observed<readonly Pick<EstateUser, 'id' | 'name'>[]>,
  read: ReadOptions,
): Promise<Observed<readonly EstateApplicationCredential[]>> {
  const own = (await cloud.token(read))?.user;
  const alone =
    users.completeness !== 'complete' && own !== undefined && !users.value.some((user) => user.id === own.id);
  const of = alone
    ? {
        ...users,
        completeness: 'partial' as const,
        value: [...users.value, { id: own.id, name: own.name ?? own.id }],
      }
    : users;
  return gather(
    cloud,
    'application credentials',
    of,
    ({ id }) =>
      mapList(cloud.identity.applicationCredentials.list({ user_id: id }, read), (credential) => ({
        ...credential,
        user_id: id,
      })),
    ({ name }) => `application credentials of ${name}`,
  );
}

/** All that are registered; where that is denied, those in the token's catalogue. */
async function readEndpoints(cloud: Cloud, read: ReadOptions): Promise<Observed<readonly EstateEndpoint[]>> {
  const clock = { now: () => cloud.clock.now() };
  const [endpoints, services] = await Promise.all([
    observeList('endpoints', cloud.identity.endpoints.list({}, read), clock),
    observeList('services', cloud.identity.services.list({}, read), clock),
  ]);
  if (endpoints.value.length === 0) return catalogued(cloud, endpoints, read);
  // Of a service that was not shown the id stands for its type: a name, by which nothing is judged.
  const types = new Map(services.value.map(({ id, type }) => [id, type]));
  return {
    ...endpoints,
    value: endpoints.value.map(({ id, interface: side, url, region_id, region, enabled, service_id }) => ({
      id,
      interface: side,
      url,
      region: region_id ?? region ?? undefined,
      // Keystone's own default: an endpoint that does not say is enabled (keystone/catalog/backends/sql.py, `Endpoint.from_dict`).
      enabled: enabled ?? true,
      service: types.get(service_id) ?? service_id,
    })),
  };
}

async function catalogued(
  cloud: Cloud,
  endpoints: Observed<readonly unknown[]>,
  read: ReadOptions,
): Promise<Observed<readonly EstateEndpoint[]>> {
  // Without a catalogue there is nothing to add, and `endpoints` says why they were not seen.
  const catalog = (await cloud.token(read))?.catalog ?? [];
  const value = catalog.flatMap(({ type, endpoints: some }) =>
    some.map(({ id, interface: side, url, region_id, region }) => ({
      id: id ?? `${type} ${side} ${url}`,
      interface: side,
      url,
      region: region_id ?? region ?? undefined,
      // Keystone takes those that are disabled out of a catalogue (keystone/catalog/backends/sql.py, `get_v3_catalog`).
      enabled: true,
      service: type,
    })),
  );
  if (value.length === 0) return { ...endpoints, value };
  const others: Gap = {
    what: 'endpoints that the catalogue leaves out',
    kind: 'denied',
    why: 'only the catalogue of the token was shown, which may be filtered',
    remedy: 'Ask as an administrator.',
    requestIds: [],
  };
  return { ...endpoints, value, completeness: 'partial', gaps: [...endpoints.gaps, others] };
}
