import { noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { record, texts } from '../../wire.ts';
import type { Kind, NetworkEntity } from './state.ts';

export const tagRoutes: Routes = {
  ...tags(),
};

/** Refuses the path of tags of a resource that has none. */
function nothing(): never {
  throw notFound('The resource could not be found.', 'HTTPNotFound');
}

function tags(): Routes {
  const routes: Record<string, Routes[string]> = {};
  for (const route of [
    'GET {type}/{id}/tags',
    'PUT {type}/{id}/tags',
    'DELETE {type}/{id}/tags',
    'GET {type}/{id}/tags/{tag}',
    'PUT {type}/{id}/tags/{tag}',
    'DELETE {type}/{id}/tags/{tag}',
  ])
    routes[route] = nothing;
  const kinds = [
    'networks',
    'subnets',
    'ports',
    'routers',
    'floatingips',
    'security-groups',
    'subnetpools',
    'trunks',
  ];
  for (const path of kinds) {
    const find = (call: Call): NetworkEntity => {
      const kind = path.replaceAll('-', '_');
      const store = kind === 'ports' ? call.state.network.ports : call.state.network.entities[kind as Kind];
      const entity = store.get(call.param('id'));
      // Everybody who sees a resource may tag it: on Zed the plugin asks no policy (the lab lets a member tag `public`).
      const open = entity?.['shared'] === true || entity?.['router:external'] === true;
      if (entity === undefined || !(open || call.owns(entity.project_id))) {
        throw notFound(
          `Resource ${path.replaceAll('-', '_')} ${call.param('id')} could not be found.`,
          'TagResourceNotFound',
        );
      }
      return entity;
    };
    routes[`GET ${path}/{id}/tags`] = (call) => ok({ tags: find(call)['tags'] });
    routes[`PUT ${path}/{id}/tags`] = (call) => {
      find(call)['tags'] = texts(record(call.body)['tags']);
      return ok({ tags: find(call)['tags'] });
    };
    routes[`DELETE ${path}/{id}/tags`] = (call) => {
      find(call)['tags'] = [];
      return noContent;
    };
    routes[`PUT ${path}/{id}/tags/{tag}`] = (call) => {
      find(call)['tags'] = [...new Set([...texts(find(call)['tags']), call.param('tag')])];
      return { status: 201 };
    };
    routes[`GET ${path}/{id}/tags/{tag}`] = (call) => {
      if (!texts(find(call)['tags']).includes(call.param('tag')))
        throw notFound(`Tag ${call.param('tag')} could not be found.`, 'TagNotFound');
      return noContent;
    };
    routes[`DELETE ${path}/{id}/tags/{tag}`] = (call) => {
      find(call)['tags'] = texts(find(call)['tags']).filter((tag) => tag !== call.param('tag'));
      return noContent;
    };
  }
  return routes;
}
