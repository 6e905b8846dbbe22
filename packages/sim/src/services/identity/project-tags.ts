import { noContent, ok } from '../../answer.ts';
import { admin, type Call, type Handler, type Routes } from '../../call.ts';
import { forbidden, notFound } from '../../fault.ts';
import { type Json, texts } from '../../wire.ts';
import { links } from './crud.ts';
import type { Entity } from './state.ts';

export const projectTagRoutes: Routes = {
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

/** Makes a handler for members of the project of the path; others are refused before the project is looked up. */
function ownProject(rule: string, handler: Handler): Handler {
  return (call) => {
    if (!call.owns(call.param('id'))) throw forbidden(`identity:${rule}`, 'policy');
    return handler(call);
  };
}

function projectOf(call: Call): Entity {
  const found = call.state.identity.projects.get(call.param('id'));
  if (found === undefined) throw notFound(`Could not find project: ${call.param('id')}.`);
  return found;
}
