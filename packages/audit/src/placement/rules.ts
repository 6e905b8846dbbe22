import { z } from 'zod';
import { no, type RuleAnswer, unknown } from './answer.ts';
import { definePlacementRule, type PlacementRule } from './rule.ts';
import type { Labels, Workload } from './world.ts';

/**
 * A label that decides where something may be: the workload's value must be among the location's. Read strictly by
 * `values`: a value that is none of them is unknown, and so is what was not seen. A workload without the label is free
 * unless it is `required`.
 *
 * @example
 * residency({ label: 'residency', values: z.enum(['eu', 'us']), required: true })
 */
export interface LabelRuleOptions {
  /** Of the workload. */
  readonly label: string;
  /** Of the location's aggregates. @default the same */
  readonly locationLabel?: string | undefined;
  /** What is a value at all. @default any text */
  readonly values?: z.ZodType<string> | undefined;
  /** Every workload must say it. @default false */
  readonly required?: boolean | undefined;
}

function byLabel(
  id: string,
  title: string,
  severity: PlacementRule['severity'],
  options: LabelRuleOptions,
): PlacementRule {
  const { label, locationLabel = label, values = z.string().min(1), required = false } = options;
  return definePlacementRule({
    id,
    title,
    severity,
    allows({ labels }, location) {
      if (labels === undefined) return unknown(`its labels were not seen`);
      const wanted = labels[label];
      if (wanted === undefined) return required ? unknown(`it does not say its ${label}`) : 'yes';
      if (!values.safeParse(wanted).success)
        return unknown(`its ${label} is ${JSON.stringify(wanted)}, which is none that is known`);
      if (location.labels === undefined) return unknown(`the aggregates of ${location.host} were not seen`);
      const offered = listOf(location.labels[locationLabel]);
      return offered.includes(wanted)
        ? 'yes'
        : no(
            `${location.host} is ${offered.length === 0 ? `without ${locationLabel}` : `${locationLabel} ${offered.join(', ')}`}, and it needs ${wanted}`,
          );
    },
  });
}

/** Data stay where they must: by a label such as `residency`. */
export const residency = (options: Partial<LabelRuleOptions> = {}): PlacementRule =>
  byLabel('residency', 'A workload runs where its data may be', 'critical', {
    label: 'residency',
    ...options,
  });

/** Software runs where it is licensed: the image's `os_distro` (or a label) against the aggregate's `licences`. */
export const licence = ({
  property = 'os_distro',
  locationLabel = 'licences',
  licensed,
}: {
  readonly property?: string | undefined;
  readonly locationLabel?: string | undefined;
  /** Values that need a licence; others run anywhere. */
  readonly licensed: readonly string[];
}): PlacementRule =>
  definePlacementRule({
    id: 'licence',
    title: 'Licensed software runs on licensed hosts',
    severity: 'high',
    allows({ image_properties: properties }, { host, labels }) {
      if (properties === undefined) return unknown('the properties of its image were not seen');
      const what = properties[property];
      if (what === undefined || !licensed.includes(what)) return 'yes';
      if (labels === undefined) return unknown(`the aggregates of ${host} were not seen`);
      return listOf(labels[locationLabel]).includes(what) ? 'yes' : no(`${host} has no licence for ${what}`);
    },
  });

/**
 * Hosts of one's own: aggregates with `filter_tenant_id` (Nova's AggregateMultiTenancyIsolation: other projects stay
 * away), and projects whose label `tenancy=dedicated` keeps them on such hosts.
 */
export const tenancy = (): PlacementRule =>
  definePlacementRule({
    id: 'tenancy',
    title: 'Hosts that are dedicated are for those alone whom they are dedicated to',
    severity: 'high',
    allows({ project_id, labels: own }, { host, labels }) {
      if (labels === undefined) return unknown(`the aggregates of ${host} were not seen`);
      // The filter takes the key, and any key that begins with it.
      const owners = Object.entries(labels)
        .filter(([key]) => key.startsWith('filter_tenant_id'))
        .flatMap(([, value]) => listOf(value));
      if (owners.length > 0)
        return owners.includes(project_id)
          ? 'yes'
          : no(`${host} is dedicated to project ${owners.join(', ')}`);
      if (own === undefined) return unknown('its labels were not seen');
      return own['tenancy'] === 'dedicated' ? no(`${host} is shared, and it needs a dedicated host`) : 'yes';
    },
  });

/** Its volumes are encrypted where a label asks for it. The same everywhere: no move mends it. */
export const encryption = ({ label = 'encryption', required = 'required' } = {}): PlacementRule =>
  definePlacementRule({
    id: 'encryption',
    title: 'What must be encrypted is',
    severity: 'high',
    allows({ labels, volumes, disk, onVolume }) {
      if (labels === undefined) return unknown('its labels were not seen');
      if (labels[label] !== required) return 'yes';
      if (volumes === undefined) return unknown('its volumes were not seen');
      const open = volumes.find((one) => one.encrypted === false);
      if (open !== undefined) return no(`volume ${open.id} is not encrypted`);
      if (volumes.some((one) => one.encrypted === undefined))
        return unknown('whether its volumes are encrypted was not told');
      return !onVolume && disk > 0 ? no('its local disk is not encrypted') : 'yes';
    },
  });

const TRAIT = /^trait\d*:(.+)$/;

/** Traits that flavor and image require or forbid (`trait:X=required|forbidden`), as Placement takes them. */
export const traits = (): PlacementRule =>
  definePlacementRule({
    id: 'traits',
    title: 'A host has the traits that flavor and image require, and none that they forbid',
    severity: 'high',
    allows({ extra_specs: specs, image_properties: properties }, { host, traits: there }) {
      if (specs === undefined || properties === undefined) return unknown('its flavor or image was not seen');
      const wanted = [...Object.entries(specs), ...Object.entries(properties)].flatMap(([key, value]) => {
        const name = TRAIT.exec(key)?.[1];
        return name === undefined ? [] : [{ name, value }];
      });
      if (wanted.length === 0) return 'yes';
      if (there === undefined) return unknown(`the traits of ${host} were not seen`);
      const missing = wanted.find(({ name, value }) => value === 'required' && !there.includes(name));
      if (missing !== undefined) return no(`${host} lacks ${missing.name}`);
      const forbidden = wanted.find(({ name, value }) => value === 'forbidden' && there.includes(name));
      return forbidden === undefined ? 'yes' : no(`${host} has ${forbidden.name}, which is forbidden`);
    },
  });

const SCOPE = 'aggregate_instance_extra_specs:';

/** Nova's AggregateInstanceExtraSpecsFilter: the flavor's `aggregate_instance_extra_specs:KEY` is met by an aggregate. */
export const aggregateProperties = (): PlacementRule =>
  definePlacementRule({
    id: 'aggregate-properties',
    title: "A host's aggregates have what the flavor asks for",
    severity: 'high',
    allows({ extra_specs: specs }, { host, labels }) {
      if (specs === undefined) return unknown('its flavor was not seen');
      const wanted = Object.entries(specs).filter(([key]) => key.startsWith(SCOPE));
      if (wanted.length === 0) return 'yes';
      if (labels === undefined) return unknown(`the aggregates of ${host} were not seen`);
      const unmet = wanted.find(([key, value]) => !meets(value, listOf(labels[key.slice(SCOPE.length)])));
      return unmet === undefined
        ? 'yes'
        : no(`no aggregate of ${host} has ${unmet[0].slice(SCOPE.length)}=${unmet[1]}`);
    },
  });

/** The operators of Nova's `extra_specs_ops` that name values; numbers are compared by `>=`, the rest is text. */
function meets(spec: string, values: readonly string[]): boolean {
  const [operator = '', ...rest] = spec.trim().split(/\s+/);
  if (operator === '<or>') {
    const wanted = spec
      .split('<or>')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    return values.some((value) => wanted.includes(value));
  }
  const operand = rest.join(' ');
  switch (operator) {
    case 's==':
      return values.includes(operand);
    case 's!=':
      return values.length > 0 && !values.includes(operand);
    case '>=':
    case '=':
      return values.some((value) => Number(value) >= Number(operand));
    case '<=':
      return values.some((value) => Number(value) <= Number(operand));
    default:
      return values.includes(spec);
  }
}

/** The zone that was asked for. */
export const zone = (): PlacementRule =>
  definePlacementRule({
    id: 'zone',
    title: 'A workload runs in the zone that it was given',
    severity: 'medium',
    allows({ zone: wanted }, { host, zone: there }) {
      if (wanted === undefined) return 'yes';
      if (there === undefined) return unknown(`the zone of ${host} was not seen`);
      return there === wanted ? 'yes' : no(`${host} is in zone ${there}, and it was given ${wanted}`);
    },
  });

/** Affinity and anti-affinity of its server group. The soft ones are wishes. */
export const serverGroup = (): PlacementRule =>
  definePlacementRule({
    id: 'server-group',
    title: 'Members of a server group are together, or apart',
    severity: 'medium',
    allows({ id, group }, { host }, { workloads }) {
      if (group === undefined || group.policy.startsWith('soft-')) return 'yes';
      const members = new Set(group.members);
      const others = workloads.filter((one) => members.has(one.id) && one.id !== id);
      if (others.some((one) => one.host === undefined))
        return unknown(`where others of group ${group.id} are was not seen`);
      const there = others.filter((one) => one.host === host);
      if (group.policy === 'anti-affinity' && there.length > 0)
        return no(
          `${there[0]?.name ?? 'another'} of group ${group.id} is on ${host}, and they must be apart`,
        );
      if (group.policy === 'affinity' && there.length < others.length)
        return no(`others of group ${group.id} are not on ${host}, and they must be together`);
      return 'yes';
    },
  });

/** Room, as Placement counts it: (total - reserved) × allocation ratio - used. */
export const capacity = (): PlacementRule =>
  definePlacementRule({
    id: 'capacity',
    title: 'There is room',
    severity: 'medium',
    standing: false,
    allows(workload, { host, stock }) {
      if (workload.host === host) return 'yes';
      if (stock === undefined) return unknown(`the inventory of ${host} was not seen`);
      const short = Object.entries(needsOf(workload)).find(([kind, amount]) => {
        const one = stock[kind];
        // What a provider does not count does not limit it.
        return (
          one !== undefined &&
          amount > Math.floor((one.total - one.reserved) * one.allocation_ratio) - one.used
        );
      });
      return short === undefined ? 'yes' : no(`${host} has no room for ${short[1]} ${short[0]}`);
    },
  });

/** The host is there to be used: enabled, and heard of. What runs on one that is disabled may stay. */
export const inService = (): PlacementRule =>
  definePlacementRule({
    id: 'in-service',
    title: 'A host is enabled and up',
    severity: 'medium',
    standing: false,
    allows({ host: own }, { host, enabled, up }) {
      if (!up) return no(`${host} is down`);
      return enabled || own === host ? 'yes' : no(`${host} is disabled`);
    },
  });

/** What every cloud should keep: what Nova's scheduler is asked, again. Labels of one's own are added to it. */
export const schedulerRules: readonly PlacementRule[] = [
  inService(),
  zone(),
  traits(),
  aggregateProperties(),
  tenancy(),
  serverGroup(),
  capacity(),
];

export function needsOf({ vcpus, ram, disk, onVolume }: Workload): Readonly<Record<string, number>> {
  return { VCPU: vcpus, MEMORY_MB: ram, ...(onVolume || disk === 0 ? {} : { DISK_GB: disk }) };
}

const listOf = (text: Labels[string] | undefined): string[] =>
  text === undefined
    ? []
    : text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '');
