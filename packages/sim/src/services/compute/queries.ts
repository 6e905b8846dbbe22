import type { Call } from '../../call.ts';
import { badRequest, type ServiceFault } from '../../fault.ts';
import { limitOf } from '../../paging.ts';

/** Lists for whose query Nova has no schema: it accepts any parameter (on the lab at every version). */
const WITHOUT_SCHEMA = new Set([
  'GET os-aggregates',
  'GET os-availability-zone',
  'GET os-availability-zone/detail',
  'GET servers/{}/os-interface',
  'GET servers/{}/migrations',
  'GET servers/{}/os-security-groups',
  'GET servers/{}/tags',
]);

/** The microversion since which a list has pages. Before, Nova ignores `limit` and `marker`. */
const PAGED_SINCE: Readonly<Record<string, string>> = {
  'GET os-hypervisors': '2.33',
  'GET os-hypervisors/detail': '2.33',
  'GET os-keypairs': '2.35',
  'GET os-migrations': '2.59',
  'GET os-simple-tenant-usage': '2.40',
  'GET servers/{}/os-instance-actions': '2.58',
  'GET servers/{}/os-volume_attachments': '2.1',
};

/** Nova's refusal of query parameters, of which `names` are not in the record. */
export function refusedQuery(
  names: readonly string[],
  call: Call,
  template: string,
): ServiceFault | undefined {
  const route = template.replaceAll(/\{[^}]*\}/g, '{}');
  const since = PAGED_SINCE[route];
  if (since !== undefined && call.atLeast(since)) {
    limitOf(call);
    const marker = call.query.get('marker');
    if (marker !== null && !isMarker(call, route, marker)) return badRequest(`marker [${marker}] not found`);
  }
  const key = call.query.get('sort_key');
  if (route.startsWith('GET flavors') && key !== null && !FLAVOR_KEYS.has(key)) {
    return badRequest(`Invalid input received: Sort key supplied ${key} is not valid.`);
  }
  if (!call.atLeast('2.75') || WITHOUT_SCHEMA.has(route)) return undefined;
  const listed = names.filter((name) => !name.startsWith('_')).map((name) => `'${name}'`);
  if (listed.length === 0) return undefined;
  return badRequest(
    route.startsWith('GET servers')
      ? `${listed.join(', ')} ${listed.length === 1 ? 'does' : 'do'} not match any of the regexes: '^_'`
      : `Additional properties are not allowed (${listed.join(', ')} ${listed.length === 1 ? 'was' : 'were'} unexpected)`,
  );
}

const FLAVOR_KEYS = new Set([
  'created_at',
  'description',
  'disabled',
  'ephemeral_gb',
  'flavorid',
  'id',
  'is_public',
  'memory_mb',
  'name',
  'root_gb',
  'rxtx_factor',
  'swap',
  'updated_at',
  'vcpu_weight',
  'vcpus',
]);

/** Tells whether a page may begin behind this marker. What a marker names depends on the list. */
function isMarker(call: Call, route: string, marker: string): boolean {
  const { compute } = call.state;
  if (route.startsWith('GET os-hypervisors'))
    return (
      compute.hypervisors.find((hypervisor) => hypervisor.id === marker || `${hypervisor.row}` === marker) !==
      undefined
    );
  if (route === 'GET os-keypairs') {
    const owner = call.query.get('user_id') ?? call.userId;
    return compute.keypairs.get(`${owner}/${marker}`) !== undefined;
  }
  if (route === 'GET os-migrations') return compute.migrations.get(marker) !== undefined;
  if (route === 'GET os-simple-tenant-usage') return compute.servers.get(marker) !== undefined;
  if (route === 'GET servers/{}/os-instance-actions') {
    const server = Object.values(call.params)[0] ?? '';
    return compute.actions.get(server)?.some((action) => action.request_id === marker) === true;
  }
  return true;
}
