import type { Routes } from '../../call.ts';
import type { Json } from '../../wire.ts';
import { missingOf, resource } from './resource.ts';
import type { Kind, NetworkEntity } from './state.ts';

/** The routes of a resource that is kept and shown, and has no effects. */
export function keptResource(
  name: string,
  kind: Kind,
  defaults: Json,
  missing: string,
  path?: string,
  plural: string = kind,
): Routes {
  return resource<NetworkEntity>({
    name,
    plural,
    ...(path === undefined ? {} : { path }),
    store: (call) => call.state.network.entities[kind],
    missing: missingOf(missing, name.replaceAll('_', ' ')),
    visible: (_call, entity) => entity['shared'] === true,
    adminSets: ['shared'],
    make: (call, given, project) =>
      call.state.network.entities[kind].add(
        call.state.network.stamp(project, { ...defaults, ...given, project_id: project }),
      ),
  });
}
