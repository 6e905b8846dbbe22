import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag } from './filters.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A kind of QoS rule that the cloud can enforce. */
export const QosRuleType = answer({
  /** `bandwidth_limit`, `dscp_marking`, … */
  type: z.string(),
  /** Only in `get`: the drivers that enforce it, and the values that they take. Administrators only. */
  drivers: z
    .array(
      tolerant({
        name: z.string(),
        supported_parameters: z.array(
          tolerant({
            parameter_name: z.string(),
            parameter_type: z.string(),
            parameter_values: z.unknown(),
          }),
        ),
      }),
    )
    .optional(),
});
export type QosRuleType = OutputAt<typeof QosRuleType>;

/** Kinds of QoS rules. */
export const qosRuleTypes = resource({
  name: 'qosRuleTypes',
  operations: {
    /** Show one kind with its drivers: its `id` is the type. Administrators only. */
    get: operation({
      verb: 'GET',
      path: 'qos/rule-types/{id}',
      receive: 'rule_type',
      input: args({ id: z.string() }),
      output: QosRuleType,
    }),
    /**
     * Iterate over kinds that all drivers enforce. Not in pages: their links need an `id`, and Neutron answers
     * 500.
     */
    list: operation({
      verb: 'GET',
      path: 'qos/rule-types',
      receive: 'rule_types',
      page: 'none',
      input: args({
        /** Kinds that some driver enforces (extension `qos-rule-type-filter`). */
        all_supported: Flag,
        /** Lists all kinds that Neutron knows (extension `qos-rule-type-filter`). */
        all_rules: Flag,
      }),
      output: QosRuleType,
    }),
  },
});
