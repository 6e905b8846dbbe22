import type { Call } from '../../call.ts';
import { badRequest, ServiceFault } from '../../fault.ts';
import type { Flavor } from './server.ts';

/** The flavor that a request names, by id or by its URL. */
export function flavorOf(call: Call, reference: string): Flavor {
  const id = reference.split('/').at(-1) ?? '';
  const flavor = call.state.compute.flavors.get(id);
  if (flavor === undefined) throw badRequest(`Flavor ${id} could not be found.`);
  return flavor;
}

/** Refuses a request that would exceed the project's quota (`nova/compute/utils.py` `check_num_instances_quota`). */
export function charge(call: Call, flavor: Flavor, count: number, replaces?: Flavor): void {
  const limit = call.state.compute.quota(call.projectId);
  const used = call.state.compute.used(call.projectId);
  const asked = {
    instances: replaces === undefined ? count : 0,
    cores: (flavor.vcpus - (replaces?.vcpus ?? 0)) * count,
    ram: (flavor.ram - (replaces?.ram ?? 0)) * count,
  };
  const over = (['cores', 'instances', 'ram'] as const).filter(
    (name) => (limit[name] ?? -1) >= 0 && asked[name] > 0 && used[name] + asked[name] > (limit[name] ?? 0),
  );
  if (over.length === 0) return;
  const say = (of: (name: (typeof over)[number]) => unknown): string => over.map(of).join(', ');
  throw new ServiceFault(
    403,
    `Quota exceeded for ${over.join(', ')}: Requested ${say((name) => asked[name])}, but already used ${say((name) => used[name])} of ${say((name) => limit[name])} ${over.join(', ')}`,
  );
}
