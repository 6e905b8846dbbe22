import type { ReadOptions } from '@groundcrew/ground';
import {
  type Cloud,
  type Gap,
  type Listed,
  mapList,
  observeList,
  type Observed,
  unlessGone,
} from '@groundcrew/core';
import { gather } from '../gather.ts';
import type { EstateRoleAssignment, EstateUser } from './estate.ts';

/**
 * Reads the users of all domains, each domain by itself: where domains have drivers of their own (LDAP beside SQL), Keystone
 * answers a list without `domain_id` with the users of the token's domain, and not a word about the others
 * (`_get_domain_id_for_list_request`, keystone/server/flask/common.py). A domain whose directory does not answer, or lists
 * nobody, is a gap, and the others are read on.
 */
export async function readUsers(cloud: Cloud, read: ReadOptions): Promise<Observed<readonly EstateUser[]>> {
  const { identity } = cloud;
  const clock = { now: () => cloud.clock.now() };
  const [domains, federatedAs] = await Promise.all([
    observeList('domains', identity.domains.list({}, read), clock),
    readFederated(cloud, read),
  ]);
  const known = await gather(
    cloud,
    'users',
    domains,
    ({ id }) => mapList(identity.users.list({ domain_id: id }, read), federatedAs),
    ({ name }) => `users of domain ${name}`,
  );
  if (domains.completeness === 'complete' && domains.value.length > 0) return known;
  // The domains were not told: the users of the own domain, at least.
  const own = await observeList('users', mapList(identity.users.list({}, read), federatedAs), clock);
  const value = together(own.value, known.value);
  const others: Gap = {
    what: 'users of other domains',
    kind: 'denied',
    why: 'which domains there are was not shown, and a list of users may be of one domain only',
    remedy: 'Ask as an administrator.',
    requestIds: [],
  };
  return {
    ...own,
    value,
    completeness:
      value.length > 0 ? 'partial' : own.completeness === 'complete' ? 'failed' : own.completeness,
    gaps: [...own.gaps, ...known.gaps, others],
  };
}

type ListedUser = Listed<'identity', 'users'>;

/**
 * Adds to listed users by which identity providers they come. Keystone tells it of a single user, and of none in a list
 * (keystone/identity/core.py, `get_user`, `list_users`); a list of one provider's users it has. Where the providers, or the
 * users of one, are not shown, it is not known of whoever was not seen.
 */
async function readFederated(cloud: Cloud, read: ReadOptions): Promise<(user: ListedUser) => EstateUser> {
  const { identity } = cloud;
  const clock = { now: () => cloud.clock.now() };
  const providers = await observeList('identity providers', identity.identityProviders.list({}, read), clock);
  const links = await gather(
    cloud,
    'federated users',
    providers,
    ({ id: idp_id }) =>
      mapList(identity.users.list({ idp_id }, read), ({ id }) => ({
        id,
        provider: { idp_id, protocols: [] },
      })),
    ({ id }) => `users of identity provider ${id}`,
  );
  const byUser = Map.groupBy(links.value, ({ id }) => id);
  // A Keystone without federation (`OS-FEDERATION`) has no such user.
  const isWhole = links.completeness === 'complete' || providers.completeness === 'unsupported';
  return (user) => {
    const found = byUser.get(user.id)?.map(({ provider }) => provider);
    return { ...user, federated: user.federated ?? found ?? (isWhole ? [] : undefined) };
  };
}

/**
 * The users, with the holders of roles that are in no list: because a directory does not list, an identity provider has
 * them, or the list was cut silently. Each is asked for by id. A 404 of Keystone's own says that the user is gone; any other
 * failure is a gap, since nothing may pass for "all users" then.
 */
export async function withHolders(
  cloud: Cloud,
  users: Observed<readonly EstateUser[]>,
  { value: assignments }: Observed<readonly EstateRoleAssignment[]>,
  read: ReadOptions,
): Promise<Observed<readonly EstateUser[]>> {
  // To whom no list is shown, no single one is either.
  if (users.value.length === 0 && users.completeness !== 'complete') return users;
  const known = new Set(users.value.map(({ id }) => id));
  const unlisted = new Map(
    assignments.flatMap(({ user }) => (user === undefined || known.has(user.id) ? [] : [[user.id, user]])),
  );
  if (unlisted.size === 0) return users;
  const found = await gather(
    cloud,
    'users who hold roles',
    { ...users, value: [...unlisted.values()], completeness: 'complete', gaps: [] },
    async ({ id }): Promise<readonly EstateUser[]> => {
      const user = await unlessGone(() => cloud.identity.users.get({ id }, read));
      // Of a single user Keystone leaves it out where there is none (keystone/identity/core.py, `get_user`).
      return user === undefined ? [] : [{ ...user, federated: user.federated ?? [] }];
    },
    ({ id, name }) => `user ${name ?? id}, who holds a role and is in no list`,
  );
  return {
    ...users,
    value: together(users.value, found.value),
    completeness: found.gaps.length > 0 && users.completeness === 'complete' ? 'partial' : users.completeness,
    gaps: [...users.gaps, ...found.gaps],
  };
}

const together = (...lists: readonly (readonly EstateUser[])[]): EstateUser[] => [
  ...new Map(lists.flat().map((list) => [list.id, list])).values(),
];
