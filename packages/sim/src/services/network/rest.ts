import { noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { forbidden, notFound } from '../../fault.ts';
import { type Json, number, record, texts } from '../../wire.ts';
import { extensionsOf } from './extensions.ts';
import { missingOf, resource } from './resource.ts';
import { type Kind, type NetworkEntity, QUOTAS } from './state.ts';

/** A resource that is kept and shown, without effects of its own. */
function kept(
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

/** Quotas, extensions, tags, zones, and what the simulation only keeps. */
export const restRoutes: Routes = {
  ...kept(
    'subnetpool',
    'subnetpools',
    {
      name: '',
      prefixes: [],
      default_prefixlen: '24',
      min_prefixlen: '8',
      max_prefixlen: '32',
      ip_version: 4,
      shared: false,
      is_default: false,
      address_scope_id: null,
      default_quota: null,
    },
    'SubnetPoolNotFound',
  ),
  ...kept(
    'address_scope',
    'address_scopes',
    { name: '', ip_version: 4, shared: false },
    'AddressScopeNotFound',
  ),
  ...kept(
    'address_group',
    'address_groups',
    { name: '', addresses: [], shared: false },
    'AddressGroupNotFound',
  ),
  ...kept(
    'trunk',
    'trunks',
    { name: '', admin_state_up: true, status: 'DOWN', sub_ports: [] },
    'TrunkNotFound',
  ),
  ...kept(
    'policy',
    'policies',
    { name: '', shared: false, is_default: false, rules: [] },
    'QosPolicyNotFound',
    'qos/policies',
  ),
  ...kept('rbac_policy', 'rbac_policies', {}, 'RbacPolicyNotFound'),
  ...kept(
    'segment',
    'segments',
    { name: null, network_type: 'vxlan', physical_network: null, segmentation_id: null },
    'SegmentNotFound',
  ),
  'GET quotas': admin('rule:get_quota', (call) =>
    ok({
      quotas: [...call.state.network.quotas].map(([project, own]) => ({
        ...QUOTAS,
        ...own,
        project_id: project,
        tenant_id: project,
      })),
    }),
  ),
  'GET quotas/{project}': (call) => ok({ quota: quotaOf(call) }),
  'GET quotas/{project}/default': () => ok({ quota: QUOTAS }),
  'GET quotas/{project}/details.json': (call) => ok({ quota: details(call) }),
  'GET quotas/{project}/details': (call) => ok({ quota: details(call) }),
  'PUT quotas/{project}': admin('rule:update_quota', (call) => {
    const given = record(record(call.body)['quota']);
    const own = { ...call.state.network.quotas.get(call.param('project')) };
    for (const [name, value] of Object.entries(given)) if (name in QUOTAS) own[name] = number(value) ?? 0;
    call.state.network.quotas.set(call.param('project'), own);
    return ok({ quota: quotaOf(call) });
  }),
  'DELETE quotas/{project}': admin('rule:delete_quota', (call) => {
    call.state.network.quotas.delete(call.param('project'));
    return noContent;
  }),
  'GET extensions': (call) => ok({ extensions: extensionsOf(call.state.release).map(extension) }),
  'GET extensions/{alias}': (call) => {
    if (!extensionsOf(call.state.release).includes(call.param('alias'))) {
      throw notFound(`Extension with alias ${call.param('alias')} does not exist`, 'HTTPNotFound');
    }
    return ok({ extension: extension(call.param('alias')) });
  },
  'GET availability_zones': () =>
    ok({
      availability_zones: ['network', 'router'].map((kind) => ({
        state: 'available',
        name: 'nova',
        resource: kind,
      })),
    }),
  'GET service-providers': () =>
    ok({
      service_providers: ['dvrha', 'dvr', 'ha', 'single_node'].map((name) => ({
        service_type: 'L3_ROUTER_NAT',
        name,
        default: false,
      })),
    }),
  'GET flavors': () => ok({ flavors: [] }),
  'GET qos/rule-types': (call) => {
    void call.token;
    return ok({
      rule_types: ['bandwidth_limit', 'dscp_marking', 'minimum_bandwidth'].map((type) => ({ type })),
    });
  },
  ...tags(),
};

/** Of what has no tags there is no such path. */
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
      // Whoever sees a thing may tag it: on Zed its plugin asks no policy (the lab lets a member tag `public`).
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

function quotaOf(call: Call): Record<string, number> {
  if (!call.owns(call.param('project'))) throw forbidden('rule:get_quota', 'policy');
  return call.state.network.quota(call.param('project'));
}

function details(call: Call): Json {
  return Object.fromEntries(
    Object.entries(quotaOf(call)).map(([name, limit]) => [
      name,
      { limit, used: call.state.network.used(call.param('project'), name), reserved: 0 },
    ]),
  );
}

const extension = (alias: string): Json => ({
  name: alias,
  alias,
  description: alias,
  updated: '2016-01-01T10:00:00-00:00',
  links: [],
});
