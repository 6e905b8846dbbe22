import { accepted, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { limitOf, paginate, withNextLink } from '../../paging.ts';
import { flag, type Json, number, text } from '../../wire.ts';
import { linksOf } from './server-view.ts';
import type { Flavor } from './server.ts';

export const flavorRoutes: Routes = {
  'GET flavors': (call) => flavors(call, false),
  'GET flavors/detail': (call) => flavors(call, true),
  'POST flavors': admin('os_compute_api:os-flavor-manage:create', (call) => {
    const given = call.envelope('flavor');
    const { compute, ids } = call.state;
    const name = text(given['name']) ?? '';
    const id = text(given['id']) ?? ids.uuid();
    if (compute.flavors.find((flavor) => flavor.name === name) !== undefined)
      throw conflict(`Flavor with name ${name} already exists.`);
    if (compute.flavors.get(id) !== undefined) throw conflict(`Flavor with ID ${id} already exists.`);
    const flavor = compute.addFlavor(
      name,
      number(given['vcpus']) ?? 1,
      number(given['ram']) ?? 0,
      number(given['disk']) ?? 0,
      {
        id: id === 'auto' ? ids.uuid() : id,
        swap: number(given['swap']) ?? 0,
        ephemeral: number(given['OS-FLV-EXT-DATA:ephemeral']) ?? 0,
        is_public: flag(given['os-flavor-access:is_public']) ?? true,
        description: text(given['description']) ?? null,
      },
    );
    return ok({ flavor: flavorView(call, flavor, true) });
  }),
  'GET flavors/{id}': (call) => ok({ flavor: flavorView(call, flavorOf(call), true) }),
  'PUT flavors/{id}': admin('os_compute_api:os-flavor-manage:update', (call) => {
    const flavor = flavorOf(call);
    flavor.description = text(call.envelope('flavor')['description']) ?? null;
    return ok({ flavor: flavorView(call, flavor, true) });
  }),
  'DELETE flavors/{id}': admin('os_compute_api:os-flavor-manage:delete', (call) => {
    call.state.compute.flavors.delete(flavorOf(call).id);
    return accepted();
  }),
};

const visible = (call: Call, flavor: Flavor): boolean =>
  call.admin || flavor.is_public || flavor.access.has(call.projectId);

function flavors(call: Call, full: boolean) {
  const limit = limitOf(call);
  const all = call.state.compute.flavors;
  const wanted = call.query.get('is_public');
  const marker = call.query.get('marker') ?? undefined;
  if (marker !== undefined && all.get(marker) === undefined) throw badRequest(`marker [${marker}] not found`);
  const key = call.query.get('sort_key') ?? 'flavorid';
  const page = paginate(all, {
    filter: (flavor) => {
      if (!visible(call, flavor)) return false;
      // Administrators see private flavors only if they ask for them.
      if (wanted?.toLowerCase() !== 'none' && flavor.is_public !== (flag(wanted ?? undefined) ?? true))
        return false;
      return (
        flavor.ram >= (number(call.query.get('minRam') ?? undefined) ?? 0) &&
        flavor.disk >= (number(call.query.get('minDisk') ?? undefined) ?? 0)
      );
    },
    marker,
    limit,
    sort: [
      {
        of: (flavor) =>
          key === 'flavorid'
            ? flavor.id
            : key === 'memory_mb'
              ? flavor.ram
              : (flavor as unknown as Json)[key],
        descending: call.query.get('sort_dir') === 'desc',
      },
    ],
  });
  const brief = (flavor: Flavor): Json => ({
    id: flavor.id,
    name: flavor.name,
    ...(call.atLeast('2.55') ? { description: flavor.description } : {}),
    links: linksOf(call, 'flavors', flavor.id),
  });
  return ok(
    withNextLink(
      call,
      'flavors',
      page,
      page.map((flavor) => (full ? flavorView(call, flavor, true) : brief(flavor))),
      limit,
    ),
  );
}

export function flavorOf(call: Call): Flavor {
  const flavor = call.state.compute.flavors.get(call.param('id'));
  if (flavor === undefined || !visible(call, flavor))
    throw notFound(`Flavor ${call.param('id')} could not be found.`);
  return flavor;
}

const flavorView = (call: Call, flavor: Flavor, specs: boolean): Json => ({
  id: flavor.id,
  name: flavor.name,
  ram: flavor.ram,
  disk: flavor.disk,
  // Before 2.75 a flavor without swap has an empty text.
  swap: flavor.swap === 0 && !call.atLeast('2.75') ? '' : flavor.swap,
  'OS-FLV-EXT-DATA:ephemeral': flavor.ephemeral,
  'OS-FLV-DISABLED:disabled': flavor.disabled,
  vcpus: flavor.vcpus,
  'os-flavor-access:is_public': flavor.is_public,
  rxtx_factor: 1,
  links: linksOf(call, 'flavors', flavor.id),
  ...(call.atLeast('2.55') ? { description: flavor.description } : {}),
  ...(specs && call.atLeast('2.61') ? { extra_specs: flavor.extra_specs } : {}),
});
