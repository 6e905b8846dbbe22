import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import type { Json } from '../../wire.ts';
import { catalogOf } from './catalog.ts';

export const authRoutes: Routes = {
  'GET auth/catalog': (call) =>
    ok({ catalog: catalogOf(call.state, call.url.origin, call.projectId), links: self(call) }),
  'GET auth/projects': (call) => {
    const { identity } = call.state;
    const mine = identity.projects.filter(
      (project) => identity.rolesOf(call.userId, { kind: 'project', id: project.id }).length > 0,
    );
    return ok({
      projects: mine.map((project) => ({
        ...project,
        links: { self: `${call.base}/projects/${project.id}` },
      })),
      links: self(call),
    });
  },
  'GET auth/domains': (call) => {
    const { identity } = call.state;
    const mine = identity.domains.filter(
      (domain) => identity.rolesOf(call.userId, { kind: 'domain', id: domain.id }).length > 0,
    );
    return ok({ domains: mine, links: self(call) });
  },
  'GET auth/system': (call) => {
    const roles = call.state.identity.rolesOf(call.userId, { kind: 'system', id: 'all' });
    return ok({ system: roles.length > 0 ? [{ all: true }] : [], links: self(call) });
  },
};

const self = (call: Call): Json => ({
  next: null,
  self: `${call.url.origin}${call.url.pathname}`,
  previous: null,
});
