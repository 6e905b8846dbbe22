import { z } from 'zod';

/** A value is compared with a threshold. */
export interface AlarmThreshold {
  readonly comparison: 'lt' | 'le' | 'eq' | 'ne' | 'ge' | 'gt';
  readonly threshold: number;
}

/** An aggregate of Gnocchi is compared. */
export interface GnocchiAlarmThreshold extends AlarmThreshold {
  /** The aggregation method. */
  readonly method: string;
  readonly granularityMs: number;
  /** How many spans in a row must all be beyond the threshold. */
  readonly periods: number;
}

/** The rule of an alarm, by the type of the alarm, which is Aodh's name for it. */
export type AlarmRule =
  | (GnocchiAlarmThreshold & {
      readonly type: 'gnocchi_resources_threshold';
      readonly metric: string;
      readonly resourceId: string;
      readonly resourceType: string;
    })
  | (GnocchiAlarmThreshold & {
      readonly type: 'gnocchi_aggregation_by_metrics_threshold';
      /** The ids of the metrics. */
      readonly metrics: readonly string[];
    })
  | (GnocchiAlarmThreshold & {
      readonly type: 'gnocchi_aggregation_by_resources_threshold';
      readonly metric: string;
      readonly resourceType: string;
      /** A search of Gnocchi, as JSON. */
      readonly query: string;
    })
  | {
      readonly type: 'event';
      /** May have wildcards; `*` is any. */
      readonly eventType: string;
      readonly query: readonly { readonly field: string; readonly op: string; readonly value: string }[];
    }
  | (AlarmThreshold & {
      readonly type: 'prometheus';
      /** In PromQL. */
      readonly query: string;
    })
  | {
      readonly type: 'loadbalancer_member_health';
      readonly poolId: string;
      readonly stackId: string;
      readonly autoscalingGroupId: string;
    }
  | {
      readonly type: 'composite';
      readonly operator: 'and' | 'or';
      readonly rules: readonly AlarmRule[];
    }
  | {
      /** A type that is not known here, or a rule that has not the form of its type. */
      readonly type: 'other';
      /** Aodh's name for it. */
      readonly name: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };

const comparison = {
  comparison_operator: z.enum(['lt', 'le', 'eq', 'ne', 'ge', 'gt']),
  threshold: z.number(),
};
const compared = ({
  comparison_operator,
  threshold,
}: {
  comparison_operator: AlarmThreshold['comparison'];
  threshold: number;
}): AlarmThreshold => ({ comparison: comparison_operator, threshold });

const Threshold = z.looseObject({
  ...comparison,
  aggregation_method: z.string(),
  evaluation_periods: z.number(),
  granularity: z.number(),
});
const aggregated = (rule: z.output<typeof Threshold>): GnocchiAlarmThreshold => ({
  ...compared(rule),
  method: rule.aggregation_method,
  granularityMs: rule.granularity * 1000,
  periods: rule.evaluation_periods,
});

/** By type, as `aodh/api/controllers/v2/alarm_rules` of openstack/aodh has them. */
const RULES: ReadonlyMap<string, z.ZodType<AlarmRule>> = new Map<string, z.ZodType<AlarmRule>>([
  [
    'gnocchi_resources_threshold',
    Threshold.extend({ metric: z.string(), resource_id: z.string(), resource_type: z.string() }).transform(
      (rule): AlarmRule => ({
        type: 'gnocchi_resources_threshold',
        ...aggregated(rule),
        metric: rule.metric,
        resourceId: rule.resource_id,
        resourceType: rule.resource_type,
      }),
    ),
  ],
  [
    'gnocchi_aggregation_by_metrics_threshold',
    Threshold.extend({ metrics: z.array(z.string()) }).transform((rule): AlarmRule => ({
      type: 'gnocchi_aggregation_by_metrics_threshold',
      ...aggregated(rule),
      metrics: rule.metrics,
    })),
  ],
  [
    'gnocchi_aggregation_by_resources_threshold',
    Threshold.extend({ metric: z.string(), query: z.string(), resource_type: z.string() }).transform(
      (rule): AlarmRule => ({
        type: 'gnocchi_aggregation_by_resources_threshold',
        ...aggregated(rule),
        metric: rule.metric,
        resourceType: rule.resource_type,
        query: rule.query,
      }),
    ),
  ],
  [
    'event',
    z
      .looseObject({
        event_type: z.string(),
        query: z.array(
          z.looseObject({
            field: z.string(),
            op: z.string(),
            value: z.union([z.string(), z.number(), z.boolean()]).transform(String),
          }),
        ),
      })
      .transform(({ event_type, query }): AlarmRule => ({
        type: 'event',
        eventType: event_type,
        query: query.map(({ field, op, value }) => ({ field, op, value })),
      })),
  ],
  [
    'prometheus',
    z
      .looseObject({ ...comparison, query: z.string() })
      .transform((rule): AlarmRule => ({ type: 'prometheus', ...compared(rule), query: rule.query })),
  ],
  [
    'loadbalancer_member_health',
    z
      .looseObject({ pool_id: z.string(), stack_id: z.string(), autoscaling_group_id: z.string() })
      .transform((rule): AlarmRule => ({
        type: 'loadbalancer_member_health',
        poolId: rule.pool_id,
        stackId: rule.stack_id,
        autoscalingGroupId: rule.autoscaling_group_id,
      })),
  ],
]);

/** The rule of an alarm. What has not the form of its type is kept as it came. */
export function ruleOf(type: string, rule: unknown, depth = 0): AlarmRule {
  const read = type === 'composite' ? compositeOf(rule, depth) : RULES.get(type)?.safeParse(rule).data;
  return read ?? { type: 'other', name: type, fields: isObject(rule) ? rule : { rule } };
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
    return { type: 'composite', operator, rules };
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
