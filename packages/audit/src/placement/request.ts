import type { Workload } from './placement-snapshot.ts';

/**
 * The resources and traits that Nova would ask Placement for, as `nova/scheduler/utils.py` (`ResourceRequest`) derives
 * them from a flavor.
 */
export interface ResourceRequest {
  /** By resource class, of the request as a whole. */
  readonly resources: Readonly<Record<string, number>>;
  /** The same, as pairs. */
  readonly amounts: readonly (readonly [string, number])[];
  readonly traits: readonly WantedTrait[];
  /** The parts that cannot be derived here, in words: amounts that are no numbers, groups of their own. */
  readonly unclear: readonly string[];
}

export interface WantedTrait {
  readonly name: string;
  /** `required` or `forbidden`; anything else is a mistake. */
  readonly value: string;
  /**
   * The group's name in `trait1:NAME` or `trait_GPU:NAME`: all of a group is asked of one provider of the host's tree,
   * which need not be the host.
   */
  readonly group: string | undefined;
}

const KEY = /^(resources|trait)([a-zA-Z0-9_-]{1,64})?:(.+)$/;
const WHOLE = /^\d+$/;

/** The GiB of disk that are taken on the host: for a server that boots from a volume, the ephemeral disk. */
export const localDisk = ({ disk, ephemeral = 0, onVolume }: Workload): number =>
  (onVolume ? 0 : disk) + ephemeral;

/**
 * Derives the resources and traits that the workload asks Placement for. `undefined` if its flavor was not seen. Pure.
 */
export function requestOf(workload: Workload): ResourceRequest | undefined {
  if (requests.has(workload)) return requests.get(workload);
  const request = readRequest(workload);
  requests.set(workload, request);
  return request;
}

/** It is asked for at every place, and the same at each. */
const requests = new WeakMap<Workload, ResourceRequest | undefined>();

function readRequest(workload: Workload): ResourceRequest | undefined {
  const { extra_specs: specs, image_properties: own, vcpus, ram } = workload;
  if (specs === undefined) return undefined;
  // What an image that was not seen asks for is said to be unclear, below: the traits of it are a rule of their own.
  const properties = own ?? {};
  const resources = new Map<string, number>();
  const traits: WantedTrait[] = [];
  const unclear: string[] = [];
  for (const [key, value] of Object.entries(specs)) {
    // A key of another form asks Placement for nothing (nova/scheduler/utils.py, ResourceRequest).
    const [, kind, group, name] = KEY.exec(key) ?? [];
    if (kind === undefined || name === undefined) continue;
    if (kind === 'trait') traits.push({ name, value, group });
    else if (group !== undefined)
      unclear.push(`it asks for ${value} ${name} of a provider of its own (${key})`);
    else if (WHOLE.test(value)) resources.set(name, Number(value));
    else unclear.push(`its flavor says ${key}=${value}, which is no amount`);
  }
  // Of images Nova takes no groups.
  for (const [key, value] of Object.entries(properties))
    if (key.startsWith('trait:')) traits.push({ name: key.slice('trait:'.length), value, group: undefined });
  const policy = specs['hw:cpu_policy'] ?? properties['hw_cpu_policy'];
  if (policy === 'mixed')
    unclear.push('some of its CPUs are shared and some dedicated (hw:cpu_policy=mixed)');
  // Of a flavor that says nothing the image's word holds (nova/virt/hardware.py, `get_cpu_policy_constraint`).
  else if (policy === undefined && own === undefined && !resources.has('VCPU') && !resources.has('PCPU'))
    unclear.push('whether its image asks for dedicated CPUs (hw_cpu_policy) was not seen');
  else if (!resources.has('VCPU') && !resources.has('PCPU'))
    resources.set(policy === 'dedicated' ? 'PCPU' : 'VCPU', vcpus);
  if (!resources.has('MEMORY_MB')) resources.set('MEMORY_MB', ram);
  if (!resources.has('DISK_GB')) resources.set('DISK_GB', localDisk(workload));
  const amounts = [...resources].filter(([, amount]) => amount > 0);
  return {
    resources: Object.fromEntries(amounts),
    amounts,
    traits,
    unclear,
  };
}
