import { createHash, generateKeyPairSync } from 'node:crypto';
import { accepted, created, noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, forbidden, notFound, ServiceFault } from '../../fault.ts';
import { paginate, limitOf, withNextLink } from '../../paging.ts';
import { flag, type Json, metadata, micros, number, record, text, texts } from '../../wire.ts';
import { linksOf } from './server-view.ts';
import { type Keypair, type ServerGroup } from './state.ts';
import type { Flavor } from './server.ts';

/** Flavors, keypairs, server groups, quotas, limits, usages. */
export const catalogueRoutes: Routes = {
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
  'GET flavors/{id}/os-extra_specs': (call) => ok({ extra_specs: flavorOf(call).extra_specs }),
  'POST flavors/{id}/os-extra_specs': admin('os_compute_api:os-flavor-extra-specs:create', (call) => {
    const given = metadata(record(call.body)['extra_specs']);
    Object.assign(flavorOf(call).extra_specs, given);
    return ok({ extra_specs: given });
  }),
  'GET flavors/{id}/os-extra_specs/{key}': (call) => ok({ [call.param('key')]: spec(call) }),
  'PUT flavors/{id}/os-extra_specs/{key}': admin('os_compute_api:os-flavor-extra-specs:update', (call) => {
    Object.assign(flavorOf(call).extra_specs, metadata(call.body));
    return ok(call.body);
  }),
  'DELETE flavors/{id}/os-extra_specs/{key}': admin('os_compute_api:os-flavor-extra-specs:delete', (call) => {
    spec(call);
    delete flavorOf(call).extra_specs[call.param('key')];
    return ok(undefined);
  }),
  'GET flavors/{id}/os-flavor-access': admin('os_compute_api:os-flavor-access', (call) => {
    const flavor = flavorOf(call);
    if (flavor.is_public) throw notFound('Access list not available for public flavors.');
    return ok({ flavor_access: access(flavor) });
  }),
  'POST flavors/{id}/action#addTenantAccess': admin(
    'os_compute_api:os-flavor-access:add_tenant_access',
    (call) => {
      flavorOf(call).access.add(text(record(record(call.body)['addTenantAccess'])['tenant']) ?? '');
      return ok({ flavor_access: access(flavorOf(call)) });
    },
  ),
  'POST flavors/{id}/action#removeTenantAccess': admin(
    'os_compute_api:os-flavor-access:remove_tenant_access',
    (call) => {
      flavorOf(call).access.delete(text(record(record(call.body)['removeTenantAccess'])['tenant']) ?? '');
      return ok({ flavor_access: access(flavorOf(call)) });
    },
  ),
  'GET os-keypairs': (call) => {
    const owner = ownerOf(call, 'index');
    const paged = call.atLeast('2.35');
    const limit = paged ? limitOf(call) : 1000;
    const marker = paged ? call.query.get('marker') : null;
    const page = paginate(call.state.compute.keypairs, {
      filter: (keypair) => keypair.user_id === owner,
      marker: marker === null ? undefined : `${owner}/${marker}`,
      limit,
    });
    return ok({ keypairs: page.map((keypair) => ({ keypair: keypairView(call, keypair, false) })) });
  },
  'POST os-keypairs': (call) => {
    const given = call.envelope('keypair');
    const { compute } = call.state;
    const name = text(given['name']) ?? '';
    const owner = ownerOf(call, 'create', text(given['user_id']));
    const type = text(given['type']) ?? 'ssh';
    if (compute.keypairs.get(`${owner}/${name}`) !== undefined)
      throw conflict(`Key pair '${name}' already exists.`);
    if (
      (compute.quota(call.projectId)['key_pairs'] ?? 100) <=
      compute.keypairs.filter((keypair) => keypair.user_id === owner).length
    ) {
      throw new ServiceFault(403, 'Quota exceeded, too many key pairs.');
    }
    let key = text(given['public_key']);
    let privateKey: string | undefined;
    if (key === undefined) {
      if (call.atLeast('2.92'))
        throw badRequest("Invalid input for field/attribute keypair. 'public_key' is a required property");
      const pair = generateKeyPairSync('ed25519', {
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'der' },
      });
      key = `ssh-ed25519 ${pair.publicKey.toString('base64')} Generated-by-Nova`;
      privateKey = pair.privateKey;
    }
    const digest = createHash('md5').update(key).digest('hex');
    const keypair = compute.keypairs.add({
      id: `${owner}/${name}`,
      user_id: owner,
      name,
      public_key: key,
      type,
      fingerprint: (digest.match(/../g) ?? []).join(':'),
      created: call.now,
      row: compute.row('key_pairs'),
    });
    const body = {
      keypair: {
        ...keypairView(call, keypair, false),
        user_id: owner,
        ...(privateKey === undefined ? {} : { private_key: privateKey }),
      },
    };
    return call.atLeast('2.2') ? created(body) : ok(body);
  },
  'GET os-keypairs/{name}': (call) => ok({ keypair: keypairView(call, keypairOf(call, 'show'), true) }),
  'DELETE os-keypairs/{name}': (call) => {
    call.state.compute.keypairs.delete(keypairOf(call, 'delete').id);
    return call.atLeast('2.2') ? noContent : accepted();
  },
  'GET os-server-groups': (call) => {
    const all = call.admin && call.query.has('all_projects');
    const found = call.state.compute.groups.filter((group) => all || group.project_id === call.projectId);
    const offset = number(call.query.get('offset') ?? undefined) ?? 0;
    return ok({
      server_groups: found.slice(offset, offset + limitOf(call)).map((group) => groupView(call, group)),
    });
  },
  'POST os-server-groups': (call) => {
    const given = call.envelope('server_group');
    const { compute, ids } = call.state;
    if (
      compute.groups.filter((group) => group.project_id === call.projectId).length >=
      (compute.quota(call.projectId)['server_groups'] ?? 10)
    ) {
      throw new ServiceFault(403, 'Quota exceeded, too many server groups.');
    }
    const group = compute.groups.add({
      id: ids.uuid(),
      name: text(given['name']) ?? '',
      policy: text(given['policy']) ?? texts(given['policies'])[0] ?? 'affinity',
      rules: record(given['rules']),
      project_id: call.projectId,
      user_id: call.userId,
    });
    return ok({ server_group: groupView(call, group) });
  },
  'GET os-server-groups/{id}': (call) => ok({ server_group: groupView(call, groupOf(call)) }),
  'DELETE os-server-groups/{id}': (call) => {
    call.state.compute.groups.delete(groupOf(call).id);
    return noContent;
  },
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

function flavorOf(call: Call): Flavor {
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
  // Before 2.75 no swap was an empty text.
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

function spec(call: Call): string {
  const value = flavorOf(call).extra_specs[call.param('key')];
  if (value === undefined)
    throw notFound(`Flavor ${call.param('id')} has no extra specs with key ${call.param('key')}.`);
  return value;
}

const access = (flavor: Flavor): Json[] =>
  [...flavor.access].map((id) => ({ flavor_id: flavor.id, tenant_id: id }));

/** Whose keys: the caller's, or from 2.10 on those of the user who is named, to administrators only. */
function ownerOf(call: Call, verb: string, named = call.query.get('user_id') ?? undefined): string {
  if (named === undefined || !call.atLeast('2.10')) return call.userId;
  if (named !== call.userId && !call.admin) throw forbidden(`os_compute_api:os-keypairs:${verb}`, 'policy');
  return named;
}

function keypairOf(call: Call, verb: string): Keypair {
  const owner = ownerOf(call, verb);
  const keypair = call.state.compute.keypairs.get(`${owner}/${call.param('name')}`);
  if (keypair === undefined) throw notFound(`Keypair ${call.param('name')} not found for user ${owner}`);
  return keypair;
}

const keypairView = (call: Call, keypair: Keypair, full: boolean): Json => ({
  name: keypair.name,
  public_key: keypair.public_key,
  fingerprint: keypair.fingerprint,
  ...(call.atLeast('2.2') ? { type: keypair.type } : {}),
  ...(full
    ? {
        user_id: keypair.user_id,
        created_at: micros(keypair.created),
        deleted: false,
        deleted_at: null,
        id: keypair.row,
        updated_at: null,
      }
    : {}),
});

function groupOf(call: Call): ServerGroup {
  const group = call.state.compute.groups.get(call.param('id'));
  if (group === undefined || !call.owns(group.project_id))
    throw notFound(`Instance group ${call.param('id')} could not be found.`);
  return group;
}

function groupView(call: Call, group: ServerGroup): Json {
  const members = call.state.compute.servers
    .kept()
    .filter((server) => server.group === group.id)
    .map((server) => server.id);
  const policy = call.atLeast('2.64')
    ? { policy: group.policy, rules: group.rules }
    : { policies: [group.policy], metadata: {} };
  return {
    id: group.id,
    name: group.name,
    ...policy,
    members,
    ...(call.atLeast('2.13') ? { project_id: group.project_id, user_id: group.user_id } : {}),
  };
}
