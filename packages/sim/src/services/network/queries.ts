import { isShape, type OperationSpec } from '@groundcrew/core';
import type { Call } from '../../call.ts';
import { badRequest, type ServiceFault } from '../../fault.ts';
import { isControl } from './resource.ts';

/** Lists that ignore every query parameter; most belong to another resource. */
const OPEN = new Set([
  'GET agents/{}/dhcp-networks',
  'GET agents/{}/l3-routers',
  'GET extensions',
  'GET networks/{}/dhcp-agents',
  'GET quotas',
  'GET routers/{}/l3-agents',
  'GET service-providers',
]);
/** The lists without pages, which ignore a limit. */
const UNPAGED = new Set(['GET agents', 'GET availability_zones', 'GET rbac-policies']);
/** The lists that are not sorted either. */
const UNSORTED = new Set(['GET agents', 'GET availability_zones']);

/** Neutron's refusal of query parameters (`neutron/api/api_common.py`), also for an empty list. */
export function refusedQuery(
  names: readonly string[],
  call: Call,
  template: string,
  { output, path }: OperationSpec,
): ServiceFault | undefined {
  const route = template.replaceAll(/\{[^}]*\}/g, '{}');
  // Every field that an entity shows is a filter, even if the record does not name it.
  const shown = output !== undefined && isShape(output) ? output.fields : undefined;
  if (OPEN.has(route) || shown === undefined) return undefined;
  const refused = names.filter((name) => !isControl(name) && !(name in shown));
  if (refused.length > 0) {
    const listed = refused.map((name) => `'${name}'`).join(', ');
    return badRequest(`[${listed}] is invalid attribute for filtering`, 'HTTPBadRequest');
  }
  if (path.endsWith('}')) return undefined;
  const keys = call.query.getAll('sort_key').filter((key) => !(key in shown) && key !== 'tenant_id');
  if (keys.length > 0 && !UNSORTED.has(route)) {
    const listed = keys.map((key) => `'${key}'`).join(', ');
    return badRequest(`[${listed}] is invalid attribute for sort_keys`, 'HTTPBadRequest');
  }
  const limit = call.query.get('limit');
  if (limit !== null && !/^\d+$/.test(limit) && !UNPAGED.has(route)) {
    return badRequest(
      `Bad limit request: Limit must be an integer 0 or greater and not '${limit}'.`,
      'BadRequest',
    );
  }
  return undefined;
}
