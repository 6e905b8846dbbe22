import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';
import { str, texts } from '../../wire.ts';
import { crud, links, nameOf } from './crud.ts';

export const projectRoutes: Routes = {
  ...crud({
    name: 'project',
    plural: 'projects',
    store: (call) => call.state.identity.projects,
    make: (call, given) => call.state.identity.addProject(nameOf(given), given),
    filters: ['domain_id', 'enabled', 'parent_id', 'is_domain'],
    uniqueName: true,
    isOwn: (call, project) => project.id === call.projectId,
    onRemove: (call, gone) => {
      const { assignments } = call.state.identity;
      for (const assignment of assignments.filter(({ target }) => target.id === gone.id)) {
        assignments.splice(assignments.indexOf(assignment), 1);
      }
    },
  }),
  // Members may not list projects, but everybody may list their own.
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
};
