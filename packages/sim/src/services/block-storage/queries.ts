import type { Call } from '../../call.ts';
import { badRequest, notFound, type ServiceFault } from '../../fault.ts';
import { limitOf } from '../../paging.ts';

interface Paged {
  /** The message about a marker that names nothing. */
  readonly marker: 400 | 404 | undefined;
  /** The columns of the table, which are the possible sort keys. */
  readonly sorted: boolean;
  /** The list refuses parameters that are not in its schema. */
  readonly strict?: true;
  readonly since?: string;
}

/**
 * The query parameters that Cinder refuses (as on the lab) for lists that the simulation answers empty or on one page.
 */
const PAGED: Readonly<Record<string, Paged>> = {
  attachments: { marker: 404, sorted: true },
  clusters: { marker: 400, sorted: true, strict: true },
  group_snapshots: { marker: 404, sorted: true, since: '3.29' },
  group_types: { marker: undefined, sorted: true },
  groups: { marker: 404, sorted: true },
  messages: { marker: 404, sorted: true, since: '3.5' },
  'qos-specs': { marker: 404, sorted: true },
  'os-volume-transfer': { marker: undefined, sorted: false },
  'scheduler-stats/get_pools': { marker: 400, sorted: true, strict: true, since: '3.28' },
  types: { marker: undefined, sorted: true },
};

const COLUMNS =
  /^(id|name|display_name|status|size|created_at|updated_at|project_id|user_id|host|volume_id)$/;

/** Cinder's refusal of query parameters, of which `names` are not in the record. */
export function refusedQuery(
  names: readonly string[],
  call: Call,
  template: string,
): ServiceFault | undefined {
  const of = PAGED[template.replace(/^GET /, '').replace(/\/detail$/, '')];
  if (of === undefined || (of.since !== undefined && !call.atLeast(of.since))) return undefined;
  if (of.strict && names.length > 0)
    return badRequest(`Additional properties are not allowed ('${names[0]}' was unexpected)`);
  limitOf(call);
  const key = call.query.get('sort_key');
  if (of.sorted && key !== null && !COLUMNS.test(key))
    return badRequest('Invalid input received: Invalid sort key');
  const marker = call.query.get('marker');
  if (marker === null || call.state.blockStorage.has(marker)) return undefined;
  if (of.marker === 404) return notFound(`Marker ${marker} could not be found.`);
  return of.marker === 400
    ? badRequest(`Additional properties are not allowed ('marker' was unexpected)`)
    : undefined;
}
