import { created, noContent, ok } from '../../answer.ts';
import { admin, type Call, type Handler, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { flag, text } from '../../wire.ts';
import { serviceOf } from '../compute/hosts.ts';
import { matchesQuery, page } from './page.ts';
import { notDeleted, requireNoRecovery, segmentOf, segmentView, timestamp } from './segments.ts';
import type { Segment, SegmentHost } from './state.ts';

const hostRule = (name: string, handler: Handler): Handler =>
  admin(`os_masakari_api:os-hosts:${name}`, handler);

export const hostRoutes: Routes = {
  'GET segments/{segment}/hosts': hostRule('index', (call) => {
    const segment = segmentOf(call);
    const view = (host: SegmentHost): object => hostView(host, segment);
    const asked = matchesQuery(
      call,
      ['name', 'type', 'control_attributes', 'reserved', 'on_maintenance'],
      view,
    );
    const filter = (host: SegmentHost): boolean => host.segment === segment.id && asked(host);
    return ok({ hosts: page(call, call.state.instanceHa.hosts, filter, view).map(view) });
  }),
  'POST segments/{segment}/hosts': hostRule('create', (call) => {
    const segment = segmentOf(call);
    const given = call.envelope('host');
    const { instanceHa, ids } = call.state;
    const name = text(given['name']) ?? '';
    inNova(call, name);
    if (instanceHa.hostNamed(name) !== undefined) throw conflict(`Host with name ${name} already exists.`);
    const made = instanceHa.hosts.add({
      id: ids.uuid(),
      row: instanceHa.row('hosts'),
      segment: segment.id,
      name,
      type: text(given['type']) ?? '',
      control_attributes: text(given['control_attributes']) ?? '',
      reserved: flag(given['reserved']) ?? false,
      on_maintenance: flag(given['on_maintenance']) ?? false,
      created: call.now,
      updated: null,
    });
    return created({ host: hostView(made, segment) });
  }),
  'GET segments/{segment}/hosts/{host}': hostRule('detail', (call) => {
    const { host, segment } = hostOf(call);
    return ok({ host: hostView(host, segment) });
  }),
  'PUT segments/{segment}/hosts/{host}': hostRule('update', (call) => {
    const { host, segment } = hostOf(call);
    const given = call.envelope('host');
    if (Object.keys(given).length === 0)
      throw badRequest(
        'Invalid input for field/attribute host. Value: {}. {} is not valid under any of the given schemas',
      );
    requireNoRecovery(call, segment, `Host ${host.id} can't be updated`);
    const name = text(given['name']);
    if (name !== undefined) inNova(call, name);
    Object.assign(host, given, {
      reserved: flag(given['reserved']) ?? host.reserved,
      on_maintenance: flag(given['on_maintenance']) ?? host.on_maintenance,
      updated: call.now,
    });
    return ok({ host: hostView(host, segment) });
  }),
  'DELETE segments/{segment}/hosts/{host}': hostRule('delete', (call) => {
    const { host, segment } = hostOf(call);
    requireNoRecovery(call, segment, `Host ${host.id} can't be deleted`);
    call.state.instanceHa.hosts.delete(host.id);
    return noContent;
  }),
};

function hostOf(call: Call): { readonly host: SegmentHost; readonly segment: Segment } {
  const segment = segmentOf(call);
  const id = call.param('host');
  const host = call.state.instanceHa.hosts.get(id);
  if (host === undefined) throw notFound(`No host with id ${id}.`);
  if (host.segment !== segment.id)
    throw notFound(`Host '${id}' under failover_segment '${segment.id}' could not be found.`);
  return { host, segment };
}

function inNova(call: Call, name: string): void {
  if (serviceOf(call.state, name) === undefined)
    throw badRequest(`Compute service with name ${name} could not be found.`);
}

const hostView = (host: SegmentHost, segment: Segment): object => ({
  id: host.row,
  uuid: host.id,
  name: host.name,
  failover_segment_id: segment.id,
  failover_segment: segmentView(segment),
  type: host.type,
  reserved: host.reserved,
  control_attributes: host.control_attributes,
  on_maintenance: host.on_maintenance,
  created_at: timestamp(host.created),
  updated_at: timestamp(host.updated),
  ...notDeleted,
});
