import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { no, notKnown } from './answer.ts';
import { meets } from './extra-specs-ops.ts';
import { localDisk, requestOf } from './request.ts';
import { definePlacementRule, type PlacementRule } from './rule.ts';
import { serverGroup } from './server-group.ts';
import { isAt, type Labels, listOf, placeOf } from './placement-snapshot.ts';

/**
 * A label that decides where something may be: the workload's value must be among the location's. Read strictly by
 * `values`: a value that is none of them is unknown, and so is what was not seen. A workload without the label is free
 * unless it is `required`.
 *
 * @example
 * residency({ label: 'residency', values: z.enum(['eu', 'us']), required: true })
 */
export interface LabelRuleOptions {
  /** The label of the workload. */
  readonly label: string;
  /** The label of the location's aggregates. @default the same */
  readonly locationLabel?: string | undefined;
  /** The values that are valid. @default any text */
  readonly values?: z.ZodType<string> | undefined;
  /** Every workload must say it. @default false */
  readonly required?: boolean | undefined;
}

const labelOptions = z.strictObject({
  label: z.string().min(1),
  locationLabel: z.string().min(1).optional(),
  values: anObjectWith<z.ZodType>('a schema of zod', 'safeParse').optional(),
  required: z.boolean().optional(),
});

export interface LicenceRuleOptions {
  /** The property of the image. @default 'os_distro' */
  readonly property?: string | undefined;
  /** @default 'licences' */
  readonly locationLabel?: string | undefined;
  /** Values that need a licence; others run anywhere. */
  readonly licensed: readonly string[];
}

const word = z.string().min(1);
const licenceOptions = optionsSchema<LicenceRuleOptions>({
  property: word.optional(),
  locationLabel: word.optional(),
  licensed: z.array(word),
});

export interface EncryptionRuleOptions {
  /** @default 'encryption' */
  readonly label?: string | undefined;
  /** Its value that asks for encryption. @default 'required' */
  readonly required?: string | undefined;
}

const encryptionOptions = optionsSchema<EncryptionRuleOptions>({
  label: word.optional(),
  required: word.optional(),
});

export interface AggregateRuleOptions {
  /**
   * Keys without any scope count, too, as they do for Nova where it has this filter switched on; whether it has is in
   * no answer of the API. @default false
   */
  readonly unscoped?: boolean | undefined;
}

const aggregateOptions = optionsSchema<AggregateRuleOptions>({ unscoped: z.boolean().optional() });

function byLabel(
  id: string,
  title: string,
  severity: PlacementRule['severity'],
  options: LabelRuleOptions,
): PlacementRule {
  parseArguments(id, labelOptions, options);
  const { label, locationLabel = label, values = z.string().min(1), required = false } = options;
  return definePlacementRule({
    id,
    title,
    severity,
    allows({ labels }, location) {
      if (labels === undefined) return notKnown(`its labels were not seen`);
      const wanted = labels[label];
      if (wanted === undefined) return required ? notKnown(`it does not say its ${label}`) : 'yes';
      if (!values.safeParse(wanted).success)
        return notKnown(`its ${label} is ${JSON.stringify(wanted)}, which is none that is known`);
      if (location.labels === undefined) return notKnown(`the aggregates of ${location.host} were not seen`);
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

/**
 * Requires that software runs where it is licensed: the image's `os_distro` (or a label) against the aggregate's
 * `licences`.
 */
export function licence(options: LicenceRuleOptions): PlacementRule {
  parseArguments('licence', licenceOptions, options);
  const { property = 'os_distro', locationLabel = 'licences', licensed } = options;
  return definePlacementRule({
    id: 'licence',
    title: 'Licensed software runs on licensed hosts',
    severity: 'high',
    allows({ image_properties: properties }, { host, labels }) {
      if (properties === undefined) return notKnown('the properties of its image were not seen');
      const what = properties[property];
      if (what === undefined || !licensed.includes(what)) return 'yes';
      if (labels === undefined) return notKnown(`the aggregates of ${host} were not seen`);
      return listOf(labels[locationLabel]).includes(what) ? 'yes' : no(`${host} has no licence for ${what}`);
    },
  });
}

/**
 * Keeps hosts reserved for projects: aggregates with `filter_tenant_id` (Nova's AggregateMultiTenancyIsolation: other
 * projects stay away), and projects whose label `tenancy=dedicated` keeps them on such hosts.
 */
export const tenancy = (): PlacementRule =>
  definePlacementRule({
    id: 'tenancy',
    title: 'Hosts that are dedicated are for those alone whom they are dedicated to',
    severity: 'high',
    allows({ project_id, labels: own }, { host, labels }) {
      if (labels === undefined) return notKnown(`the aggregates of ${host} were not seen`);
      const dedicated = ownersOf(labels);
      if (dedicated.length > 0)
        return dedicated.includes(project_id)
          ? 'yes'
          : no(`${host} is dedicated to project ${dedicated.join(', ')}`);
      if (own === undefined) return notKnown('its labels were not seen');
      return own['tenancy'] === 'dedicated' ? no(`${host} is shared, and it needs a dedicated host`) : 'yes';
    },
  });

const owners = new WeakMap<Labels, readonly string[]>();

/** The filter takes the key, and any key that begins with it. Asked at every place for every workload. */
function ownersOf(labels: Labels): readonly string[] {
  const known =
    owners.get(labels) ??
    Object.entries(labels)
      .filter(([key]) => key.startsWith('filter_tenant_id'))
      .flatMap(([, value]) => listOf(value));
  owners.set(labels, known);
  return known;
}

/**
 * Requires that volumes are encrypted where a label asks for it. The answer is the same everywhere: no move mends it.
 */
export function encryption(options: EncryptionRuleOptions = {}): PlacementRule {
  parseArguments('encryption', encryptionOptions, options);
  const { label = 'encryption', required = 'required' } = options;
  return definePlacementRule({
    id: 'encryption',
    title: 'What must be encrypted is',
    severity: 'high',
    allows(workload) {
      const { labels, volumes } = workload;
      if (labels === undefined) return notKnown('its labels were not seen');
      if (labels[label] !== required) return 'yes';
      if (volumes === undefined) return notKnown('its volumes were not seen');
      const open = volumes.find((volume) => volume.encrypted === false);
      if (open !== undefined) return no(`volume ${open.id} is not encrypted`);
      if (volumes.some((volume) => volume.encrypted === undefined))
        return notKnown('whether its volumes are encrypted was not told');
      return localDisk(workload) > 0 ? no('its local disk is not encrypted') : 'yes';
    },
  });
}

/** Traits that flavor and image require or forbid (`trait:X=required|forbidden`), as Placement takes them. */
export const traits = (): PlacementRule =>
  definePlacementRule({
    id: 'traits',
    title: 'A host has the traits that flavor and image require, and none that they forbid',
    severity: 'high',
    allows(workload, { host, traits: there, nested = false }) {
      const request = workload.image_properties === undefined ? undefined : requestOf(workload);
      if (request === undefined) return notKnown('its flavor or image was not seen');
      const wanted = request.traits;
      if (wanted.length === 0) return 'yes';
      if (there === undefined) return notKnown(`the traits of ${host} were not seen`);
      const has = new Set(there);
      // A trait that a group of its own forbids concerns one provider of the tree only.
      const forbidden = wanted.find(
        ({ name, value, group }) =>
          value === 'forbidden' && (group === undefined || !nested) && has.has(name),
      );
      if (forbidden !== undefined) return no(`${host} has ${forbidden.name}, which is forbidden`);
      const missing = wanted.find(({ name, value }) => value === 'required' && !has.has(name));
      if (missing !== undefined)
        return nested
          ? notKnown(`${host} lacks ${missing.name}; whether a device of it has it was not seen`)
          : no(`${host} lacks ${missing.name}`);
      const strange = wanted.find(({ value }) => value !== 'required' && value !== 'forbidden');
      if (strange !== undefined)
        return notKnown(
          `${strange.name} is ${JSON.stringify(strange.value)}, which is neither required nor forbidden`,
        );
      const grouped = nested ? wanted.find(({ group }) => group !== undefined) : undefined;
      return grouped === undefined
        ? 'yes'
        : notKnown(`which provider of ${host} meets ${grouped.name} of group ${grouped.group} was not seen`);
    },
  });

const SCOPE = 'aggregate_instance_extra_specs:';

/**
 * The rule of Nova's AggregateInstanceExtraSpecsFilter: the flavor's `aggregate_instance_extra_specs:KEY` is met by an
 * aggregate.
 */
export function aggregateProperties(options: AggregateRuleOptions = {}): PlacementRule {
  parseArguments('aggregateProperties', aggregateOptions, options);
  const { unscoped = false } = options;
  return definePlacementRule({
    id: 'aggregate-properties',
    title: "A host's aggregates have what the flavor asks for",
    severity: 'high',
    allows({ extra_specs: specs }, { host, labels }) {
      if (specs === undefined) return notKnown('its flavor was not seen');
      const wanted = Object.entries(specs).flatMap(([key, value]) => {
        if (key.startsWith(SCOPE)) return [{ key: key.slice(SCOPE.length), value }];
        return unscoped && !key.includes(':') ? [{ key, value }] : [];
      });
      if (wanted.length === 0) return 'yes';
      if (labels === undefined) return notKnown(`the aggregates of ${host} were not seen`);
      let unclear: string | undefined;
      for (const { key, value } of wanted) {
        const said = listOf(labels[key]).map((label) => meets(label, value));
        if (said.includes(true)) continue;
        if (!said.includes(undefined)) return no(`no aggregate of ${host} has ${key}=${value}`);
        unclear ??= `${key} of ${host} is ${labels[key]}, and ${JSON.stringify(value)} is of numbers`;
      }
      return unclear === undefined ? 'yes' : notKnown(unclear);
    },
  });
}

/**
 * The zone that was asked for. Nova tells it from 2.96 on; of a server of which it is not told, its own zone is right,
 * and of another one it is not known.
 */
export const zone = (): PlacementRule =>
  definePlacementRule({
    id: 'zone',
    title: 'A workload runs in the zone that it was given',
    severity: 'medium',
    allows(workload, location, snapshot) {
      const { zone: wanted, zoneUnseen = false } = workload;
      const { host, zone: there } = location;
      if (zoneUnseen) {
        if (isAt(workload, location)) return 'yes';
        const own = placeOf(workload, snapshot)?.zone;
        return own !== undefined && own === there
          ? 'yes'
          : notKnown(`whether it was given a zone was not told, and ${host} is in another than its own`);
      }
      if (wanted === undefined) return 'yes';
      if (there === undefined) return notKnown(`the zone of ${host} was not seen`);
      return there === wanted ? 'yes' : no(`${host} is in zone ${there}, and it was given ${wanted}`);
    },
  });

/**
 * Requires free capacity, as Placement counts it: (total - reserved) × allocation ratio - used, and no more at once
 * than `max_unit`.
 */
export const capacity = (): PlacementRule =>
  definePlacementRule({
    id: 'capacity',
    title: 'There is room',
    severity: 'medium',
    standing: false,
    allows(workload, location) {
      if (isAt(workload, location)) return 'yes';
      const request = requestOf(workload);
      if (request === undefined) return notKnown('its flavor was not seen');
      const { host, stock } = location;
      if (stock === undefined) return notKnown(`the inventory of ${host} was not seen`);
      let [why] = request.unclear;
      for (const [kind, amount] of request.amounts) {
        const inventory = stock[kind];
        if (inventory === undefined) {
          // CPU and memory are the host's own; the rest may be of a device of it, or of storage that it shares.
          if (OWN.has(kind)) return no(`${host} has no ${kind}`);
          why ??= `${host} has no ${kind} of its own; what else may give it was not seen`;
        } else if (inventory.used === undefined) why ??= `how much ${kind} of ${host} is in use was not told`;
        else if (
          amount >
          Math.floor((inventory.total - inventory.reserved) * inventory.allocation_ratio) - inventory.used
        )
          return no(`${host} has no room for ${amount} ${kind}`);
        else if (amount > (inventory.max_unit ?? amount))
          return no(
            `${host} gives no more than ${inventory.max_unit} ${kind} to one, and it needs ${amount}`,
          );
        // Placement's own defaults (placement/handlers/inventory.py): no bound above, units of one.
        else if (amount < (inventory.min_unit ?? 1) || amount % (inventory.step_size ?? 1) !== 0)
          return no(`${host} does not give ${kind} in such amounts as ${amount}`);
      }
      return why === undefined ? 'yes' : notKnown(why);
    },
  });

const OWN: ReadonlySet<string> = new Set(['VCPU', 'PCPU', 'MEMORY_MB']);

/** The host is there to be used: enabled, and heard of. What runs on one that is disabled may stay. */
export const inService = (): PlacementRule =>
  definePlacementRule({
    id: 'in-service',
    title: 'A host is enabled and up',
    severity: 'medium',
    standing: false,
    allows(workload, location) {
      const { host, enabled, up } = location;
      if (up === false) return no(`${host} is down`);
      if (up === undefined || enabled === undefined)
        return notKnown(`whether ${host} is up and enabled was not told`);
      return enabled || isAt(workload, location) ? 'yes' : no(`${host} is disabled`);
    },
  });

/**
 * Rules that every cloud should keep: they ask what Nova's scheduler asks. A cloud adds the rules of its own labels.
 */
export const schedulerRules: readonly PlacementRule[] = [
  inService(),
  zone(),
  traits(),
  aggregateProperties(),
  tenancy(),
  serverGroup(),
  capacity(),
];
