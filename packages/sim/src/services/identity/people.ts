import { noContent, ok } from '../../answer.ts';
import { admin, type Call, type Handler, type Routes } from '../../call.ts';
import { forbidden, notFound, unauthenticated } from '../../fault.ts';
import { flag, type Json, text, texts, str } from '../../wire.ts';
import { crud, links, nameOf } from './crud.ts';
import type { Entity } from './state.ts';

/** Domains, projects, users and groups. */
export const peopleRoutes: Routes = {
  ...crud({
    name: 'domain',
    plural: 'domains',
    store: (call) => call.state.identity.domains,
    make: (call, given) => {
      const domain = call.state.identity.addDomain(
        nameOf(given),
        undefined,
        text(given['description']) ?? '',
      );
      domain.enabled = flag(given['enabled']) ?? true;
      return domain;
    },
    filters: ['enabled'],
    unique: true,
    mine: (call, domain) => call.token.project?.['domain_id'] === domain.id,
    looks: ['update', 'delete'],
    removed: (_call, domain) => {
      if (domain.enabled) throw forbidden('Cannot delete a domain that is enabled, please disable it first.');
    },
  }),
  ...crud({
    name: 'project',
    plural: 'projects',
    store: (call) => call.state.identity.projects,
    make: (call, given) => call.state.identity.addProject(nameOf(given), given),
    filters: ['domain_id', 'enabled', 'parent_id', 'is_domain'],
    unique: true,
    mine: (call, project) => project.id === call.projectId,
    removed: (call, gone) => {
      const { assignments } = call.state.identity;
      for (const assignment of assignments.filter(({ target }) => target.id === gone.id)) {
        assignments.splice(assignments.indexOf(assignment), 1);
      }
    },
  }),
  ...crud({
    name: 'user',
    plural: 'users',
    store: (call) => call.state.identity.users,
    make: (call, given) => {
      const { password, ...fields } = given;
      return call.state.identity.addUser(nameOf(given), text(password) ?? '', fields);
    },
    filters: ['domain_id', 'enabled'],
    unique: true,
    mine: (call, user) => user.id === call.userId,
    changed: (call, user, given) => {
      const password = text(given['password']);
      if (password !== undefined) call.state.identity.passwords.set(user.id, password);
    },
    removed: (call, user) => {
      for (const token of call.state.identity.tokens.values()) if (token.user === user) token.revoked = true;
    },
  }),
  ...crud({
    name: 'group',
    plural: 'groups',
    store: (call) => call.state.identity.groups,
    make: (call, given) =>
      call.state.identity.groups.add({
        id: call.state.ids.keystone(),
        name: nameOf(given),
        domain_id: text(given['domain_id']) ?? 'default',
        description: text(given['description']) ?? '',
      }),
    filters: ['domain_id'],
    unique: true,
    looks: ['delete'],
  }),
  // Members may not list projects, but everybody may list his own.
  'GET projects': admin('identity:list_projects', (call) => {
    let found = call.state.identity.projects.values();
    for (const filter of ['name', 'domain_id', 'parent_id', 'enabled', 'is_domain']) {
      const wanted = call.query.get(filter);
      if (wanted !== null)
        found = found.filter((candidate) => str(candidate[filter]).toLowerCase() === wanted.toLowerCase());
    }
    const tags = call.query.get('tags')?.split(',') ?? [];
    found = found.filter((candidate) => tags.every((tag) => texts(candidate['tags']).includes(tag)));
    return ok({
      projects: found.map((project) => ({
        ...project,
        links: { self: `${call.base}/projects/${project.id}` },
      })),
      links: links(call),
    });
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
  'GET groups/{id}/users': admin('identity:list_users_in_group', (call) => {
    const { identity } = call.state;
    const members = identity.members.get(groupOf(call).id) ?? new Set();
    return ok({ users: identity.users.filter((user) => members.has(user.id)), links: links(call) });
  }),
  'PUT groups/{id}/users/{user}': admin('identity:add_user_to_group', (call) => {
    const { members } = call.state.identity;
    members.set(groupOf(call).id, (members.get(groupOf(call).id) ?? new Set()).add(call.param('user')));
    return noContent;
  }),
  'HEAD groups/{id}/users/{user}': admin('identity:check_user_in_group', (call) => {
    if (call.state.identity.members.get(groupOf(call).id)?.has(call.param('user')) !== true)
      throw absent(call);
    return noContent;
  }),
  'DELETE groups/{id}/users/{user}': admin('identity:remove_user_from_group', (call) => {
    if (call.state.identity.members.get(groupOf(call).id)?.delete(call.param('user')) !== true)
      throw absent(call);
    return noContent;
  }),
  'GET projects/{id}/tags': ownProject('list_project_tags', (call) =>
    ok({ tags: projectOf(call)['tags'], links: links(call) }),
  ),
  'PUT projects/{id}/tags': admin('identity:update_project_tags', (call) => {
    projectOf(call)['tags'] = texts((call.body as Json)['tags']);
    return ok({ tags: projectOf(call)['tags'], links: links(call) });
  }),
  'DELETE projects/{id}/tags': admin('identity:delete_project_tags', (call) => {
    projectOf(call)['tags'] = [];
    return noContent;
  }),
  'PUT projects/{id}/tags/{tag}': admin('identity:create_project_tag', (call) => {
    projectOf(call)['tags'] = [...new Set([...texts(projectOf(call)['tags']), call.param('tag')])];
    return { status: 201 };
  }),
  'GET projects/{id}/tags/{tag}': ownProject('get_project_tag', (call) => {
    if (!texts(projectOf(call)['tags']).includes(call.param('tag')))
      throw notFound(`Could not find project tag: ${call.param('tag')}.`);
    return noContent;
  }),
  'DELETE projects/{id}/tags/{tag}': admin('identity:delete_project_tag', (call) => {
    projectOf(call)['tags'] = texts(projectOf(call)['tags']).filter((tag) => tag !== call.param('tag'));
    return noContent;
  }),
};

/** For members of the project of the path; of another it is not told whether it is there. */
function ownProject(rule: string, handler: Handler): Handler {
  return (call) => {
    if (!call.owns(call.param('id'))) throw forbidden(`identity:${rule}`, 'policy');
    return handler(call);
  };
}

function groupOf(call: Call): Entity {
  const found = call.state.identity.groups.get(call.param('id'));
  if (found === undefined) throw notFound(`Could not find group: ${call.param('id')}.`);
  return found;
}

function projectOf(call: Call): Entity {
  const found = call.state.identity.projects.get(call.param('id'));
  if (found === undefined) throw notFound(`Could not find project: ${call.param('id')}.`);
  return found;
}

const absent = (call: Call) =>
  notFound(`Could not find user ${call.param('user')} in group ${call.param('id')}.`);
