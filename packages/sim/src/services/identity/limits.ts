import { created, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { list, record } from '../../wire.ts';
import { crud, links } from './crud.ts';

export const limitRoutes: Routes = {
  ...limitCrud('limit', 'limits', 'resource_limit'),
  'GET limits/model': (call) => {
    void call.token;
    return ok({
      model: {
        name: 'flat',
        description: 'Limit enforcement and validation does not take project hierarchy into consideration.',
      },
    });
  },
};

/** Limits are made several at once. */
export function limitCrud(
  name: 'limit' | 'registered_limit',
  plural: 'limits' | 'registered_limits',
  value: string,
): Routes {
  const store = (call: Call) =>
    name === 'limit' ? call.state.identity.limits : call.state.identity.registeredLimits;
  return {
    ...crud({
      name,
      plural,
      everybodyReads: true,
      store,
      make: () => {
        throw badRequest(`'${plural}' is a required property`);
      },
      filters: ['service_id', 'region_id', 'resource_name'],
      ...(name === 'limit' ? { looksUpFirst: ['update', 'delete'] as const } : {}),
      show: (_call, { name: _name, ...limit }) => limit,
    }),
    [`POST ${plural}`]: admin(`identity:create_${plural}`, (call) => {
      const made = list(record(call.body)[plural]).map((asked) => {
        const given = record(asked);
        const limit = store(call).add({
          id: call.state.ids.keystone(),
          name: '',
          service_id: given['service_id'],
          region_id: given['region_id'] ?? null,
          resource_name: given['resource_name'],
          [value]: given[value],
          description: given['description'] ?? null,
          ...(name === 'limit'
            ? { project_id: given['project_id'] ?? null, domain_id: given['domain_id'] ?? null }
            : {}),
        });
        const { name: _name, ...shown } = limit;
        return { ...shown, links: { self: `${call.base}/${plural}/${limit.id}` } };
      });
      return created({ [plural]: made, links: links(call) });
    }),
  };
}
