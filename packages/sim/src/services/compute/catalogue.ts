import { createHash, generateKeyPairSync } from 'node:crypto';
import { accepted, created, noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, forbidden, notFound, ServiceFault } from '../../fault.ts';
import { cut, limitOf, linked } from '../../paging.ts';
import { flag, type Json, metadata, micros, number, record, text, texts } from '../../wire.ts';
import { linksOf } from './server-view.ts';
import { COMPUTE_QUOTAS, type Flavor, type Keypair, type ServerGroup } from './state.ts';

/** Flavors, keypairs, server groups, quotas, limits, usages. */
export const catalogueRoutes: Routes = {
  'GET flavors': (call) => flavors(call, false),
  'GET flavors/detail': (call) => flavors(call, true),
  'POST flavors': admin('os_compute_api:os-flavor-manage:create', (call) => {
    const given = call.envelope('flavor');
    const { compute, ids } = call.world;
    const name = text(given['name']) ?? '';
    const id = text(given['id']) ?? ids.uuid();
    if (compute.flavors.find((one) => one.name === name) !== undefined)
      throw conflict(`Flavor with name ${name} already exists.`);
    if (compute.flavors.get(id) !== undefined) throw conflict(`Flavor with ID ${id} already exists.`);
    const one = compute.addFlavor(
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
    return ok({ flavor: flavorView(call, one, true) });
  }),
  'GET flavors/{id}': (call) => ok({ flavor: flavorView(call, flavor(call), true) }),
  'PUT flavors/{id}': admin('os_compute_api:os-flavor-manage:update', (call) => {
    const one = flavor(call);
    one.description = text(call.envelope('flavor')['description']) ?? null;
    return ok({ flavor: flavorView(call, one, true) });
  }),
  'DELETE flavors/{id}': admin('os_compute_api:os-flavor-manage:delete', (call) => {
    call.world.compute.flavors.delete(flavor(call).id);
    return accepted();
  }),
  'GET flavors/{id}/os-extra_specs': (call) => ok({ extra_specs: flavor(call).extra_specs }),
  'POST flavors/{id}/os-extra_specs': admin('os_compute_api:os-flavor-extra-specs:create', (call) => {
    const given = metadata(record(call.body)['extra_specs']);
    Object.assign(flavor(call).extra_specs, given);
    return ok({ extra_specs: given });
  }),
  'GET flavors/{id}/os-extra_specs/{key}': (call) => ok({ [call.param('key')]: spec(call) }),
  'PUT flavors/{id}/os-extra_specs/{key}': admin('os_compute_api:os-flavor-extra-specs:update', (call) => {
    Object.assign(flavor(call).extra_specs, metadata(call.body));
    return ok(call.body);
  }),
  'DELETE flavors/{id}/os-extra_specs/{key}': admin('os_compute_api:os-flavor-extra-specs:delete', (call) => {
    spec(call);
    delete flavor(call).extra_specs[call.param('key')];
    return ok(undefined);
  }),
  'GET flavors/{id}/os-flavor-access': admin('os_compute_api:os-flavor-access', (call) => {
    const one = flavor(call);
    if (one.is_public) throw notFound('Access list not available for public flavors.');
    return ok({ flavor_access: access(one) });
  }),
  'POST flavors/{id}/action#addTenantAccess': admin(
    'os_compute_api:os-flavor-access:add_tenant_access',
    (call) => {
      flavor(call).access.add(text(record(record(call.body)['addTenantAccess'])['tenant']) ?? '');
      return ok({ flavor_access: access(flavor(call)) });
    },
  ),
  'POST flavors/{id}/action#removeTenantAccess': admin(
    'os_compute_api:os-flavor-access:remove_tenant_access',
    (call) => {
      flavor(call).access.delete(text(record(record(call.body)['removeTenantAccess'])['tenant']) ?? '');
      return ok({ flavor_access: access(flavor(call)) });
    },
  ),
  'GET os-keypairs': (call) => {
    const owner = call.admin ? (call.query.get('user_id') ?? call.userId) : call.userId;
    const limit = limitOf(call);
    const marker = call.query.get('marker');
    const page = cut(call.world.compute.keypairs, {
      filter: (one) => one.user_id === owner,
      marker: marker === null ? undefined : `${owner}/${marker}`,
      limit,
    });
    return ok({ keypairs: page.map((one) => ({ keypair: keypairView(call, one, false) })) });
  },
  'POST os-keypairs': (call) => {
    const given = call.envelope('keypair');
    const { compute } = call.world;
    const name = text(given['name']) ?? '';
    const owner = (call.admin ? text(given['user_id']) : undefined) ?? call.userId;
    const type = text(given['type']) ?? 'ssh';
    if (compute.keypairs.get(`${owner}/${name}`) !== undefined)
      throw conflict(`Key pair '${name}' already exists.`);
    if (
      (compute.quota(call.projectId)['key_pairs'] ?? 100) <=
      compute.keypairs.filter((one) => one.user_id === owner).length
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
    const one = compute.keypairs.add({
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
        ...keypairView(call, one, false),
        user_id: owner,
        ...(privateKey === undefined ? {} : { private_key: privateKey }),
      },
    };
    return call.atLeast('2.2') ? created(body) : ok(body);
  },
  'GET os-keypairs/{name}': (call) => ok({ keypair: keypairView(call, keypair(call), true) }),
  'DELETE os-keypairs/{name}': (call) => {
    call.world.compute.keypairs.delete(keypair(call).id);
    return call.atLeast('2.2') ? noContent : accepted();
  },
  'GET os-server-groups': (call) => {
    const all = call.admin && call.query.has('all_projects');
    const found = call.world.compute.groups.filter((one) => all || one.project_id === call.projectId);
    const offset = number(call.query.get('offset') ?? undefined) ?? 0;
    return ok({
      server_groups: found.slice(offset, offset + limitOf(call)).map((one) => groupView(call, one)),
    });
  },
  'POST os-server-groups': (call) => {
    const given = call.envelope('server_group');
    const { compute, ids } = call.world;
    if (
      compute.groups.filter((one) => one.project_id === call.projectId).length >=
      (compute.quota(call.projectId)['server_groups'] ?? 10)
    ) {
      throw new ServiceFault(403, 'Quota exceeded, too many server groups.');
    }
    const one = compute.groups.add({
      id: ids.uuid(),
      name: text(given['name']) ?? '',
      policy: text(given['policy']) ?? texts(given['policies'])[0] ?? 'affinity',
      rules: record(given['rules']),
      project_id: call.projectId,
      user_id: call.userId,
    });
    return ok({ server_group: groupView(call, one) });
  },
  'GET os-server-groups/{id}': (call) => ok({ server_group: groupView(call, group(call)) }),
  'DELETE os-server-groups/{id}': (call) => {
    call.world.compute.groups.delete(group(call).id);
    return noContent;
  },
  'GET os-quota-sets/{project}': (call) =>
    ok({
      quota_set: { id: call.param('project'), ...quotaView(call, call.world.compute.quota(project(call))) },
    }),
  'GET os-quota-sets/{project}/defaults': (call) =>
    ok({ quota_set: { id: call.param('project'), ...quotaView(call, COMPUTE_QUOTAS) } }),
  'GET os-quota-sets/{project}/detail': (call) => {
    const used: Record<string, number> = { ...call.world.compute.used(project(call)) };
    const limits = quotaView(call, call.world.compute.quota(project(call)));
    return ok({
      quota_set: {
        id: call.param('project'),
        ...Object.fromEntries(
          Object.entries(limits).map(([name, limit]) => [
            name,
            { limit, in_use: used[name] ?? 0, reserved: 0 },
          ]),
        ),
      },
    });
  },
  'PUT os-quota-sets/{project}': admin('os_compute_api:os-quota-sets:update', (call) => {
    const own = { ...call.world.compute.quotas.get(project(call)) };
    for (const [name, value] of Object.entries(call.envelope('quota_set'))) {
      const limit = number(value);
      if (limit !== undefined) own[name] = limit;
    }
    call.world.compute.quotas.set(project(call), own);
    return ok({ quota_set: quotaView(call, call.world.compute.quota(project(call))) });
  }),
  'DELETE os-quota-sets/{project}': admin('os_compute_api:os-quota-sets:delete', (call) => {
    call.world.compute.quotas.delete(project(call));
    return accepted();
  }),
  'GET os-quota-class-sets/{id}': admin('os_compute_api:os-quota-class-sets:show', (call) =>
    ok({ quota_class_set: { id: call.param('id'), ...quotaView(call, COMPUTE_QUOTAS) } }),
  ),
  'GET limits': (call) => {
    const of = call.admin ? (call.query.get('tenant_id') ?? call.projectId) : call.projectId;
    const quota = call.world.compute.quota(of);
    const used = call.world.compute.used(of);
    return ok({
      limits: {
        rate: [],
        absolute: {
          maxTotalInstances: quota['instances'],
          maxTotalCores: quota['cores'],
          maxTotalRAMSize: quota['ram'],
          maxServerMeta: quota['metadata_items'],
          ...(call.atLeast('2.39') ? {} : { maxImageMeta: quota['metadata_items'] }),
          ...(call.atLeast('2.57')
            ? {}
            : {
                maxPersonality: quota['injected_files'],
                maxPersonalitySize: quota['injected_file_content_bytes'],
              }),
          maxTotalKeypairs: quota['key_pairs'],
          maxServerGroups: quota['server_groups'],
          maxServerGroupMembers: quota['server_group_members'],
          ...(call.atLeast('2.36')
            ? {}
            : {
                maxTotalFloatingIps: -1,
                maxSecurityGroups: -1,
                maxSecurityGroupRules: -1,
                totalFloatingIpsUsed: 0,
                totalSecurityGroupsUsed: 0,
              }),
          totalRAMUsed: used.ram,
          totalCoresUsed: used.cores,
          totalInstancesUsed: used.instances,
          totalServerGroupsUsed: call.world.compute.groups.filter((one) => one.project_id === of).length,
        },
      },
    });
  },
  'GET os-simple-tenant-usage': admin('os_compute_api:os-simple-tenant-usage:list', (call) => {
    const projects = new Set(call.world.compute.servers.kept().map((one) => one.project_id));
    const detailed = call.query.get('detailed') === '1';
    return ok({ tenant_usages: [...projects].map((id) => usage(call, id, detailed)) });
  }),
  'GET os-simple-tenant-usage/{project}': (call) => {
    if (!call.owns(call.param('project')))
      throw forbidden('os_compute_api:os-simple-tenant-usage:show', 'policy');
    return ok({ tenant_usage: usage(call, call.param('project'), true) });
  },
};

const visible = (call: Call, one: Flavor): boolean =>
  call.admin || one.is_public || one.access.has(call.projectId);

function flavors(call: Call, full: boolean) {
  const limit = limitOf(call);
  const all = call.world.compute.flavors;
  const wanted = call.query.get('is_public');
  const marker = call.query.get('marker') ?? undefined;
  if (marker !== undefined && all.get(marker) === undefined) throw badRequest(`marker [${marker}] not found`);
  const key = call.query.get('sort_key') ?? 'flavorid';
  const page = cut(all, {
    filter: (one) => {
      if (!visible(call, one)) return false;
      // Administrators see private flavors only if they ask for them.
      if (wanted?.toLowerCase() !== 'none' && one.is_public !== (flag(wanted ?? undefined) ?? true))
        return false;
      return (
        one.ram >= (number(call.query.get('minRam') ?? undefined) ?? 0) &&
        one.disk >= (number(call.query.get('minDisk') ?? undefined) ?? 0)
      );
    },
    marker,
    limit,
    sort: [
      {
        of: (one) =>
          key === 'flavorid' ? one.id : key === 'memory_mb' ? one.ram : (one as unknown as Json)[key],
        descending: call.query.get('sort_dir') === 'desc',
      },
    ],
  });
  const brief = (one: Flavor): Json => ({
    id: one.id,
    name: one.name,
    ...(call.atLeast('2.55') ? { description: one.description } : {}),
    links: linksOf(call, 'flavors', one.id),
  });
  return ok(
    linked(
      call,
      'flavors',
      page,
      page.map((one) => (full ? flavorView(call, one, true) : brief(one))),
      limit,
    ),
  );
}

function flavor(call: Call): Flavor {
  const one = call.world.compute.flavors.get(call.param('id'));
  if (one === undefined || !visible(call, one))
    throw notFound(`Flavor ${call.param('id')} could not be found.`);
  return one;
}

const flavorView = (call: Call, one: Flavor, specs: boolean): Json => ({
  id: one.id,
  name: one.name,
  ram: one.ram,
  disk: one.disk,
  // Before 2.75 no swap was an empty text.
  swap: one.swap === 0 && !call.atLeast('2.75') ? '' : one.swap,
  'OS-FLV-EXT-DATA:ephemeral': one.ephemeral,
  'OS-FLV-DISABLED:disabled': one.disabled,
  vcpus: one.vcpus,
  'os-flavor-access:is_public': one.is_public,
  rxtx_factor: 1,
  links: linksOf(call, 'flavors', one.id),
  ...(call.atLeast('2.55') ? { description: one.description } : {}),
  ...(specs && call.atLeast('2.61') ? { extra_specs: one.extra_specs } : {}),
});

function spec(call: Call): string {
  const value = flavor(call).extra_specs[call.param('key')];
  if (value === undefined)
    throw notFound(`Flavor ${call.param('id')} has no extra specs with key ${call.param('key')}.`);
  return value;
}

const access = (one: Flavor): Json[] => [...one.access].map((id) => ({ flavor_id: one.id, tenant_id: id }));

function keypair(call: Call): Keypair {
  const owner = call.admin ? (call.query.get('user_id') ?? call.userId) : call.userId;
  const one = call.world.compute.keypairs.get(`${owner}/${call.param('name')}`);
  if (one === undefined) throw notFound(`Keypair ${call.param('name')} not found for user ${owner}`);
  return one;
}

const keypairView = (call: Call, one: Keypair, full: boolean): Json => ({
  name: one.name,
  public_key: one.public_key,
  fingerprint: one.fingerprint,
  ...(call.atLeast('2.2') ? { type: one.type } : {}),
  ...(full
    ? {
        user_id: one.user_id,
        created_at: micros(one.created),
        deleted: false,
        deleted_at: null,
        id: one.row,
        updated_at: null,
      }
    : {}),
});

function group(call: Call): ServerGroup {
  const one = call.world.compute.groups.get(call.param('id'));
  if (one === undefined || !call.owns(one.project_id))
    throw notFound(`Instance group ${call.param('id')} could not be found.`);
  return one;
}

function groupView(call: Call, one: ServerGroup): Json {
  const members = call.world.compute.servers
    .kept()
    .filter((server) => server.group === one.id)
    .map((server) => server.id);
  const policy = call.atLeast('2.64')
    ? { policy: one.policy, rules: one.rules }
    : { policies: [one.policy], metadata: {} };
  return {
    id: one.id,
    name: one.name,
    ...policy,
    members,
    ...(call.atLeast('2.13') ? { project_id: one.project_id, user_id: one.user_id } : {}),
  };
}

/** Nova refuses quotas of projects that Keystone does not know. */
function project(call: Call): string {
  const id = call.param('project');
  if (call.world.identity.projects.get(id) === undefined)
    throw badRequest(`Project ID ${id} is not a valid project.`);
  if (!call.owns(id)) throw forbidden('os_compute_api:os-quota-sets:show', 'policy');
  return id;
}

const NETWORKS = new Set(['fixed_ips', 'floating_ips', 'security_groups', 'security_group_rules']);

function quotaView(call: Call, quota: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(quota).filter(
      ([name]) =>
        !(call.atLeast('2.36') && NETWORKS.has(name)) &&
        !(call.atLeast('2.57') && name.startsWith('injected_file')),
    ),
  );
}

function usage(call: Call, id: string, detailed: boolean): Json {
  const start = Date.parse(call.query.get('start') ?? '') || call.now - 28 * 86_400_000;
  const stop = Date.parse(call.query.get('end') ?? '') || call.now;
  const servers = [...call.world.compute.servers.ofProject(id)].filter((one) => one.launched !== null);
  const hours = (from: number): number => Math.max(0, stop - Math.max(start, from)) / 3_600_000;
  const sum = (of: (flavor: Flavor) => number): number =>
    servers.reduce((total, one) => total + of(one.flavor) * hours(one.launched ?? stop), 0);
  return {
    tenant_id: id,
    start: micros(start),
    stop: micros(stop),
    total_hours: sum(() => 1),
    total_vcpus_usage: sum((one) => one.vcpus),
    total_memory_mb_usage: sum((one) => one.ram),
    total_local_gb_usage: sum((one) => one.disk),
    ...(detailed
      ? {
          server_usages: servers.map((one) => ({
            instance_id: one.id,
            name: one.name,
            hours: hours(one.launched ?? stop),
            flavor: one.flavor.name,
            vcpus: one.flavor.vcpus,
            memory_mb: one.flavor.ram,
            local_gb: one.flavor.disk,
            state: one.vm_state,
            tenant_id: id,
            started_at: micros(one.launched ?? one.created),
            ended_at: null,
            uptime: Math.floor((call.now - (one.launched ?? call.now)) / 1000),
          })),
        }
      : {}),
  };
}
