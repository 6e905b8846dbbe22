import { ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { type Json, metadata, micros, record, str, text } from '../../wire.ts';
import { serviceOf } from './hosts.ts';
import type { Aggregate } from './state.ts';

export const aggregateRoutes: Routes = {
  'GET os-aggregates': admin('os_compute_api:os-aggregates:index', (call) =>
    ok({ aggregates: call.state.compute.aggregates.values().map(aggregateView) }),
  ),
  'POST os-aggregates': admin('os_compute_api:os-aggregates:create', (call) => {
    const given = call.envelope('aggregate');
    const name = text(given['name']) ?? '';
    if (call.state.compute.aggregates.find((aggregate) => aggregate.name === name) !== undefined)
      throw conflict(`Aggregate ${name} already exists.`);
    const aggregate = call.state.compute.aggregates.add({
      id: str(call.state.compute.row('aggregates')),
      uuid: call.state.ids.uuid(),
      created: call.now,
      name,
      updated: null,
      hosts: [],
      metadata:
        text(given['availability_zone']) === undefined
          ? {}
          : { availability_zone: text(given['availability_zone']) as string },
    });
    const { hosts: _hosts, metadata: _metadata, ...shown } = aggregateView(aggregate);
    return ok({ aggregate: shown });
  }),
  'GET os-aggregates/{id}': admin('os_compute_api:os-aggregates:show', (call) =>
    ok({ aggregate: aggregateView(aggregateOf(call)) }),
  ),
  'PUT os-aggregates/{id}': admin('os_compute_api:os-aggregates:update', (call) => {
    const aggregate = aggregateOf(call);
    const given = call.envelope('aggregate');
    aggregate.name = text(given['name']) ?? aggregate.name;
    const zone = text(given['availability_zone']);
    if (zone !== undefined) aggregate.metadata['availability_zone'] = zone;
    aggregate.updated = call.now;
    return ok({ aggregate: aggregateView(aggregate) });
  }),
  'DELETE os-aggregates/{id}': admin('os_compute_api:os-aggregates:delete', (call) => {
    const aggregate = aggregateOf(call);
    if (aggregate.hosts.length > 0)
      throw badRequest(
        `Cannot remove host from aggregate ${aggregate.id}. Reason: Host aggregate is not empty.`,
      );
    call.state.compute.aggregates.delete(aggregate.id);
    return ok(undefined);
  }),
  'POST os-aggregates/{id}/action#add_host': admin('os_compute_api:os-aggregates:add_host', (call) => {
    const aggregate = aggregateOf(call);
    const host = text(record(record(call.body)['add_host'])['host']) ?? '';
    if (serviceOf(call.state, host) === undefined) throw notFound(`Compute host ${host} could not be found.`);
    if (aggregate.hosts.includes(host))
      throw conflict(`Host ${host} already exists in aggregate ${aggregate.id}.`);
    aggregate.hosts = [...aggregate.hosts, host];
    aggregate.updated = call.now;
    return ok({ aggregate: aggregateView(aggregate) });
  }),
  'POST os-aggregates/{id}/action#remove_host': admin('os_compute_api:os-aggregates:remove_host', (call) => {
    const aggregate = aggregateOf(call);
    const host = text(record(record(call.body)['remove_host'])['host']) ?? '';
    if (!aggregate.hosts.includes(host))
      throw notFound(`Cannot remove host ${host} in aggregate ${aggregate.id}: not found`);
    aggregate.hosts = aggregate.hosts.filter((other) => other !== host);
    return ok({ aggregate: aggregateView(aggregate) });
  }),
  'POST os-aggregates/{id}/action#set_metadata': admin(
    'os_compute_api:os-aggregates:set_metadata',
    (call) => {
      const aggregate = aggregateOf(call);
      for (const [name, value] of Object.entries(
        record(record(record(call.body)['set_metadata'])['metadata']),
      )) {
        if (value === null) delete aggregate.metadata[name];
        else Object.assign(aggregate.metadata, metadata({ [name]: value }));
      }
      return ok({ aggregate: aggregateView(aggregate) });
    },
  ),
};

function aggregateOf(call: Call): Aggregate {
  const aggregate = call.state.compute.aggregates.get(call.param('id'));
  if (aggregate === undefined) throw notFound(`Aggregate ${call.param('id')} could not be found.`);
  return aggregate;
}

const aggregateView = (aggregate: Aggregate): Json => ({
  id: Number(aggregate.id),
  uuid: aggregate.uuid,
  name: aggregate.name,
  created_at: micros(aggregate.created),
  updated_at: aggregate.updated === null ? null : micros(aggregate.updated),
  deleted_at: null,
  deleted: false,
  availability_zone: aggregate.metadata['availability_zone'] ?? null,
  hosts: aggregate.hosts,
  metadata: aggregate.metadata,
});
