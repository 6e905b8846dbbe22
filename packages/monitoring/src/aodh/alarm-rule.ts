import { z } from 'zod';

/** How a value is compared with the threshold. */
const Comparison = z.enum(['lt', 'le', 'eq', 'ne', 'ge', 'gt']);
const threshold = {
  comparison_operator: Comparison,
  threshold: z.number(),
  aggregation_method: z.string(),
  /** Periods that must all be beyond the threshold. */
  evaluation_periods: z.number(),
  /** Seconds. */
  granularity: z.number(),
};

const OfResource = z.object({
  ...threshold,
  metric: z.string(),
  resource_id: z.string(),
  resource_type: z.string(),
});
const OfMetrics = z.object({ ...threshold, metrics: z.array(z.string()) });
const OfResources = z.object({
  ...threshold,
  metric: z.string(),
  /** A search of Gnocchi, as JSON. */
  query: z.string(),
  resource_type: z.string(),
});
const OfEvents = z.object({
  /** May have wildcards; `*` is any. */
  event_type: z.string(),
  query: z.array(
    z.object({
      field: z.string(),
      op: z.string(),
      value: z.union([z.string(), z.number(), z.boolean()]),
      type: z.string().nullish(),
    }),
  ),
});
const OfPrometheus = z.object({ comparison_operator: Comparison, threshold: z.number(), query: z.string() });
const OfPool = z.object({ pool_id: z.string(), stack_id: z.string(), autoscaling_group_id: z.string() });

/**
 * What an alarm looks at, by the type of the alarm, with Aodh's own names. `other` is a type or a form of a rule that is not known
 * here: `type` is its own name for it.
 */
export type AlarmRule =
  | ({ readonly kind: 'gnocchi_resources_threshold' } & Readonly<z.output<typeof OfResource>>)
  | ({ readonly kind: 'gnocchi_aggregation_by_metrics_threshold' } & Readonly<z.output<typeof OfMetrics>>)
  | ({ readonly kind: 'gnocchi_aggregation_by_resources_threshold' } & Readonly<z.output<typeof OfResources>>)
  | ({ readonly kind: 'event' } & Readonly<z.output<typeof OfEvents>>)
  | ({ readonly kind: 'prometheus' } & Readonly<z.output<typeof OfPrometheus>>)
  | ({ readonly kind: 'loadbalancer_member_health' } & Readonly<z.output<typeof OfPool>>)
  | { readonly kind: 'composite'; readonly operator: 'and' | 'or'; readonly rules: readonly AlarmRule[] }
  | {
      readonly kind: 'other';
      readonly type: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };

/**
 * The rule of an alarm. What does not fit the type's own form is kept as it came, as `other`.
 *
 * @see `aodh/api/controllers/v2/alarm_rules` of openstack/aodh
 */
export function ruleOf(type: string, rule: unknown, depth = 0): AlarmRule {
  const other: AlarmRule = { kind: 'other', type, fields: isObject(rule) ? rule : { rule } };
  const as = <K extends AlarmRule['kind'], T extends z.ZodType<object>>(kind: K, schema: T) => {
    const parsed = schema.safeParse(rule);
    return parsed.success ? { kind, ...parsed.data } : other;
  };
  switch (type) {
    case 'gnocchi_resources_threshold':
      return as(type, OfResource);
    case 'gnocchi_aggregation_by_metrics_threshold':
      return as(type, OfMetrics);
    case 'gnocchi_aggregation_by_resources_threshold':
      return as(type, OfResources);
    case 'event':
      return as(type, OfEvents);
    case 'prometheus':
      return as(type, OfPrometheus);
    case 'loadbalancer_member_health':
      return as(type, OfPool);
    case 'composite':
      return compositeOf(rule, depth) ?? other;
    default:
      return other;
  }
}

const DEEPEST = 32;

/** Rules are nested by `and` and `or`; each of the innermost says its own type. */
function compositeOf(rule: unknown, depth: number): AlarmRule | undefined {
  if (!isObject(rule) || depth > DEEPEST) return undefined;
  for (const operator of ['and', 'or'] as const) {
    const below = rule[operator];
    if (!Array.isArray(below)) continue;
    const rules = below.map((inner: unknown) => {
      const type = isObject(inner) ? inner['type'] : undefined;
      return ruleOf(typeof type === 'string' ? type : 'composite', inner, depth + 1);
    });
    return { kind: 'composite', operator, rules };
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
