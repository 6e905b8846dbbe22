import { created, noContent, ok } from '../../answer.ts';
import { admin, type Call, type Handler, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { flag, micros, text } from '../../wire.ts';
import { matchesQuery, page } from './page.ts';
import type { Segment } from './state.ts';

const segmentRule = (name: string, handler: Handler): Handler =>
  admin(`os_masakari_api:segments:${name}`, handler);

export const segmentRoutes: Routes = {
  'GET segments': segmentRule('index', (call) => {
    const filter = matchesQuery(call, ['recovery_method', 'service_type', 'enabled'], segmentView);
    return ok({ segments: page(call, call.state.instanceHa.segments, filter, segmentView).map(segmentView) });
  }),
  'POST segments': segmentRule('create', (call) => {
    const { instanceHa, ids } = call.state;
    const given = call.envelope('segment');
    const name = text(given['name']) ?? '';
    free(call, name, undefined);
    const made = instanceHa.segments.add({
      id: ids.uuid(),
      row: instanceHa.row('segments'),
      name,
      description: text(given['description']) ?? null,
      recovery_method: text(given['recovery_method']) ?? '',
      service_type: text(given['service_type']) ?? '',
      enabled: flag(given['enabled']) ?? true,
      created: call.now,
      updated: null,
    });
    return created({ segment: segmentView(made) });
  }),
  'GET segments/{segment}': segmentRule('detail', (call) => ok({ segment: segmentView(segmentOf(call)) })),
  'PUT segments/{segment}': segmentRule('update', (call) => {
    const segment = segmentOf(call);
    const given = call.envelope('segment');
    if (Object.keys(given).length === 0)
      throw badRequest(
        'Invalid input for field/attribute segment. Value: {}. {} is not valid under any of the given schemas',
      );
    requireNoRecovery(call, segment, `Failover segment ${segment.id} can't be updated`);
    if (text(given['name']) !== undefined) free(call, text(given['name']) ?? '', segment);
    Object.assign(segment, given, { enabled: flag(given['enabled']) ?? segment.enabled, updated: call.now });
    return ok({ segment: segmentView(segment) });
  }),
  'DELETE segments/{segment}': segmentRule('delete', (call) => {
    const segment = segmentOf(call);
    requireNoRecovery(call, segment, `Failover segment (${segment.id}) can't be deleted`);
    const { hosts, segments } = call.state.instanceHa;
    for (const host of hosts.filter((candidate) => candidate.segment === segment.id)) hosts.delete(host.id);
    segments.delete(segment.id);
    return noContent;
  }),
};

export function segmentOf(call: Call): Segment {
  const id = call.param('segment');
  const found = call.state.instanceHa.segments.get(id);
  if (found === undefined) throw notFound(`No failover segment with id ${id}.`);
  return found;
}

function free(call: Call, name: string, but: Segment | undefined): void {
  const other = call.state.instanceHa.segments.find((segment) => segment.name === name);
  if (other !== undefined && other !== but)
    throw conflict(`Failover segment with name ${name} already exists.`);
}

export function requireNoRecovery(call: Call, segment: Segment, words: string): void {
  if (call.state.instanceHa.underRecovery(segment.id))
    throw conflict(`${words} as it is in-use to process notifications.`);
}

export const timestamp = (ms: number | null): string | null => (ms === null ? null : micros(ms));
export const notDeleted = { deleted_at: null, deleted: false };

export const segmentView = (segment: Segment): object => ({
  id: segment.row,
  uuid: segment.id,
  name: segment.name,
  service_type: segment.service_type,
  enabled: segment.enabled,
  description: segment.description,
  recovery_method: segment.recovery_method,
  created_at: timestamp(segment.created),
  updated_at: timestamp(segment.updated),
  ...notDeleted,
});
