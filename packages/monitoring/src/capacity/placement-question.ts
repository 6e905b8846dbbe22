import { visible } from '@groundcrew/ground';

/** A flavor, as far as Placement is asked for it. */
export interface RequestedFlavor {
  readonly vcpus: number;
  /** MiB. */
  readonly ram: number;
  /** GiB. */
  readonly disk: number;
  /** GiB. */
  readonly 'OS-FLV-EXT-DATA:ephemeral': number;
  /** MiB. */
  readonly swap: number;
  /** Left out where policy hides them. */
  readonly extra_specs?: Readonly<Record<string, string>> | undefined;
}

/** A question to Placement's `allocation_candidates`. */
export interface PlacementQuestion {
  /** The query: `resources`, `required`, and those of groups. */
  readonly query: { readonly [resources: `resources${string}`]: string } & {
    readonly [required: `required${string}`]: string;
  } & { readonly group_policy?: 'none' | 'isolate' };
  /** The amounts of all groups together, by resource class. */
  readonly amounts: Readonly<Record<string, number>>;
}

/** What Nova would ask Placement for a server of a flavor, and what of the flavor is not Placement's to judge. */
export interface FlavorRequest {
  /** Servers fit where any of them is answered. None if it is not known what would be asked. */
  readonly questions: readonly PlacementQuestion[];
  /** Wishes that only Nova's filters judge: with them at most as many servers fit. */
  readonly unjudged: readonly string[];
  /** Why it is not known what would be asked. */
  readonly unclear: readonly string[];
}

const RESOURCE_OR_TRAIT = /^(resources|trait)([a-zA-Z0-9_-]{1,64})?:(.*)$/;
const AMOUNT = /^\d{1,15}$/;

/** Extra specs by which no filter and no query of Nova's chooses a host: they shape the guest on the host that was chosen. */
const NOT_FOR_SCHEDULING =
  /^(?:quota:.+|hw_rng:.+|hw_video:.+|hw:(?:cpu_sockets|cpu_cores|cpu_threads|cpu_max_sockets|cpu_max_cores|cpu_max_threads|watchdog_action|boot_menu|vif_multiqueue_enabled|serial_port_count|hide_hypervisor_id)|hide_hypervisor_id|os_compute_api:.+)$/;

/**
 * Derives the question as nova-scheduler does (`nova/scheduler/utils.py`, `ResourceRequest.from_request_spec`; Nova 26): the
 * flavor's figures, unless `resources:` says otherwise, and the traits. Whatever else a flavor asks for is `unjudged`: it
 * leaves fewer hosts, never more.
 *
 * @param bootFrom - a root disk on a volume takes no disk of a host
 */
export function flavorRequest(flavor: RequestedFlavor, bootFrom: 'image' | 'volume'): FlavorRequest {
  const { extra_specs: specs } = flavor;
  if (specs === undefined)
    return unclearRequest('its extra specs are not told, and may ask for anything: policy hides them');
  const groups = new Map<string, Group>([['', { amounts: new Map(), traits: [] }]]);
  const groupOf = (suffix: string): Group => {
    const group = groups.get(suffix) ?? { amounts: new Map<string, number>(), traits: [] };
    groups.set(suffix, group);
    return group;
  };
  const unjudged: string[] = [];
  for (const [key, value] of Object.entries(specs)) {
    const [, kind, suffix = '', name = ''] = RESOURCE_OR_TRAIT.exec(key) ?? [];
    if (kind === 'resources') {
      // Python's int() takes more than digits, and Nova leaves out what is none: either way the amount is not known here.
      if (!AMOUNT.test(value)) return unclearRequest(`${told(key, value)} is no amount`);
      groupOf(suffix).amounts.set(name, Number(value));
    } else if (kind === 'trait') {
      // Nova leaves out any other word, with a warning in its log.
      if (value === 'required') groupOf(suffix).traits.push(name);
      else if (value === 'forbidden') groupOf(suffix).traits.push(`!${name}`);
    } else if (key !== 'group_policy' && key !== 'hw:cpu_policy' && !NOT_FOR_SCHEDULING.test(key))
      unjudged.push(told(key, value));
  }
  const policy = specs['hw:cpu_policy'];
  const { disk, swap, 'OS-FLV-EXT-DATA:ephemeral': ephemeral, ram, vcpus } = flavor;
  const isAsked = (name: string): boolean => [...groups.values()].some(({ amounts }) => amounts.has(name));
  const isCpuAsked = isAsked('VCPU') || isAsked('PCPU');
  if (policy !== undefined && policy !== 'shared') unjudged.push(told('hw:cpu_policy', policy));
  else if (isAsked('PCPU')) unjudged.push('dedicated CPUs must fit into the NUMA cells of a host');
  const whole = groupOf('').amounts;
  if (!isAsked('MEMORY_MB')) whole.set('MEMORY_MB', ram);
  if (!isAsked('DISK_GB'))
    whole.set('DISK_GB', (bootFrom === 'volume' ? 0 : disk) + ephemeral + Math.ceil(swap / 1024));
  const groupPolicy = specs['group_policy'];
  const ask = (cpus: Readonly<Record<string, number>>): PlacementQuestion[] =>
    questionOf(groups, cpus, groupPolicy);
  const questions = isCpuAsked
    ? ask({})
    : policy === 'dedicated'
      ? // Hosts that still count dedicated CPUs as VCPU are asked for, too (nova/scheduler/manager.py).
        [...ask({ PCPU: vcpus }), ...ask({ VCPU: vcpus })]
      : // Of mixed CPUs the mask says how many are dedicated: without them the question is wider.
        ask(policy === undefined || policy === 'shared' ? { VCPU: vcpus } : {});
  if (questions.length === 0) return unclearRequest('it asks Placement for nothing');
  return { questions, unjudged, unclear: [] };
}

interface Group {
  readonly amounts: Map<string, number>;
  readonly traits: string[];
}

/** None where nothing is asked for. */
function questionOf(
  groups: ReadonlyMap<string, Group>,
  cpus: Readonly<Record<string, number>>,
  policy: string | undefined,
): PlacementQuestion[] {
  const query: Record<string, string> = {};
  const sums = new Map<string, number>();
  for (const [suffix, { amounts, traits }] of groups) {
    const asked = [...Object.entries(suffix === '' ? cpus : {}), ...amounts].filter(
      ([, amount]) => amount > 0,
    );
    if (asked.length > 0)
      query[`resources${suffix}`] = asked.map(([name, amount]) => `${name}:${amount}`).join(',');
    if (traits.length > 0) query[`required${suffix}`] = traits.toSorted().join(',');
    for (const [name, amount] of asked) sums.set(name, (sums.get(name) ?? 0) + amount);
  }
  if (sums.size === 0) return [];
  if (policy === 'none' || policy === 'isolate') query['group_policy'] = policy;
  return [{ query, amounts: Object.fromEntries(sums) }];
}

const told = (key: string, value: string): string => visible(`${key}=${value}`);

const unclearRequest = (why: string): FlavorRequest => ({ questions: [], unjudged: [], unclear: [why] });

/** The same for the same question: flavors that ask for the same are asked for once. */
export const questionKey = ({ query }: PlacementQuestion): string =>
  Object.entries(query)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
