import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';
import { known } from '../../record/tolerant.ts';

/** A rule that selects the traffic counted under a label. */
export const MeteringLabelRule = answer({
  id: z.string(),
  ...Owner,
  metering_label_id: z.string(),
  direction: known(['ingress', 'egress']),
  excluded: z.boolean(),
  remote_ip_prefix: z.string().nullable().optional(),
  source_ip_prefix: z.string().nullable().optional(),
  destination_ip_prefix: z.string().nullable().optional(),
});
export type MeteringLabelRule = OutputAt<typeof MeteringLabelRule>;

const ById = args({ id: z.string() });

/** Rules of metering labels (extension `metering`). Administrators only. */
export const meteringLabelRules = resource({
  name: 'meteringLabelRules',
  operations: {
    /** Show one rule. */
    get: operation({
      verb: 'GET',
      path: 'metering/metering-label-rules/{id}',
      receive: 'metering_label_rule',
      input: ById,
      output: MeteringLabelRule,
    }),
    /** Iterate over rules. */
    list: operation({
      verb: 'GET',
      path: 'metering/metering-label-rules',
      receive: 'metering_label_rules',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        metering_label_id: Text,
        direction: Text,
        excluded: Flag,
        remote_ip_prefix: Text,
        source_ip_prefix: Text,
        destination_ip_prefix: Text,
        ...Paging,
      }),
      output: MeteringLabelRule,
    }),
    /** Add a rule to a label. */
    create: operation({
      verb: 'POST',
      path: 'metering/metering-label-rules',
      send: 'metering_label_rule',
      receive: 'metering_label_rule',
      input: args({
        metering_label_id: z.string(),
        direction: z.enum(['ingress', 'egress']).optional(),
        /** Excludes this traffic from what another rule counts. @default false */
        excluded: Flag,
        /** The older form of the two below (extension `metering_source_and_destination_filters`). */
        remote_ip_prefix: z.string().nullable().optional(),
        source_ip_prefix: z.string().nullable().optional(),
        destination_ip_prefix: z.string().nullable().optional(),
        ...ForProject,
      }),
      output: MeteringLabelRule,
      status: 201,
    }),
    /** Delete a rule. */
    delete: operation({
      verb: 'DELETE',
      path: 'metering/metering-label-rules/{id}',
      input: ById,
    }),
  },
});
