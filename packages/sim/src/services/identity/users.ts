import { noContent, ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';
import { forbidden, notFound, unauthenticated } from '../../fault.ts';
import { str, text } from '../../wire.ts';
import { crud, links, nameOf } from './crud.ts';

export const userRoutes: Routes = {
  ...crud({
    name: 'user',
    plural: 'users',
    store: (call) => call.state.identity.users,
    make: (call, given) => {
      const { password, ...fields } = given;
      return call.state.identity.addUser(nameOf(given), text(password) ?? '', fields);
    },
    filters: ['domain_id', 'enabled'],
    uniqueName: true,
    isOwn: (call, user) => user.id === call.userId,
    onChange: (call, user, given) => {
      const password = text(given['password']);
      if (password !== undefined) call.state.identity.passwords.set(user.id, password);
    },
    onRemove: (call, user) => {
      for (const token of call.state.identity.tokens.values()) if (token.user === user) token.revoked = true;
    },
  }),
  'GET users': admin('identity:list_users', (call) => {
    let found = call.state.identity.users.values();
    for (const filter of ['name', 'domain_id', 'enabled']) {
      const wanted = call.query.get(filter);
      if (wanted !== null)
        found = found.filter((user) => str(user[filter]).toLowerCase() === wanted.toLowerCase());
    }
    return ok({
      users: found.map((user) => ({ ...user, links: { self: `${call.base}/users/${user.id}` } })),
      links: links(call),
    });
  }),
  'GET users/{id}/projects': (call) => {
    const { identity } = call.state;
    if (!call.admin && call.param('id') !== call.userId)
      throw forbidden('identity:list_user_projects', 'policy');
    if (identity.users.get(call.param('id')) === undefined)
      throw notFound(`Could not find user: ${call.param('id')}.`);
    const mine = identity.projects.filter(
      (candidate) => identity.rolesOf(call.param('id'), { kind: 'project', id: candidate.id }).length > 0,
    );
    return ok({
      projects: mine.map((project) => ({
        ...project,
        links: { self: `${call.base}/projects/${project.id}` },
      })),
      links: links(call),
    });
  },
  'POST users/{id}/password': (call) => {
    const { identity } = call.state;
    const given = call.envelope('user');
    if (identity.passwords.get(call.param('id')) !== given['original_password']) {
      throw unauthenticated();
    }
    identity.passwords.set(call.param('id'), text(given['password']) ?? '');
    return noContent;
  },
  'GET users/{id}/groups': (call) => {
    const { identity } = call.state;
    if (!call.admin && call.param('id') !== call.userId)
      throw forbidden('identity:list_groups_for_user', 'policy');
    const groups = identity.groups.filter(
      (group) => identity.members.get(group.id)?.has(call.param('id')) === true,
    );
    return ok({ groups, links: links(call) });
  },
};
