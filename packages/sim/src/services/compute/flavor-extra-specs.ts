import { ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { metadata, record } from '../../wire.ts';
import { flavorOf } from './flavors.ts';

export const flavorExtraSpecRoutes: Routes = {
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
};

function spec(call: Call): string {
  const value = flavorOf(call).extra_specs[call.param('key')];
  if (value === undefined)
    throw notFound(`Flavor ${call.param('id')} has no extra specs with key ${call.param('key')}.`);
  return value;
}
