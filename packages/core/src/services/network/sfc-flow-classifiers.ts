import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** A rule that selects the traffic of a chain. */
export const SfcFlowClassifier = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  ethertype: z.string().nullable().optional(),
  protocol: z.string().nullable().optional(),
  source_ip_prefix: z.string().nullable().optional(),
  destination_ip_prefix: z.string().nullable().optional(),
  logical_source_port: z.string().nullable().optional(),
  logical_destination_port: z.string().nullable().optional(),
  source_port_range_min: z.number().nullable().optional(),
  source_port_range_max: z.number().nullable().optional(),
  destination_port_range_min: z.number().nullable().optional(),
  destination_port_range_max: z.number().nullable().optional(),
  /** Parameters of the driver. */
  l7_parameters: z.record(z.string(), z.unknown()).nullable().optional(),
});
export type SfcFlowClassifier = OutputAt<typeof SfcFlowClassifier>;

const ById = args({ id: z.string() });

/** Flow classifiers. (Extension `sfc`.) */
export const flowClassifiers = resource({
  name: 'flowClassifiers',
  findBy: 'name',
  operations: {
    /** Show one classifier. */
    get: operation({
      verb: 'GET',
      path: 'sfc/flow_classifiers/{id}',
      receive: 'flow_classifier',
      input: ById,
      output: SfcFlowClassifier,
    }),
    /** Iterate over classifiers. */
    list: operation({
      verb: 'GET',
      path: 'sfc/flow_classifiers',
      receive: 'flow_classifiers',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        protocol: Text,
        logical_source_port: Text,
        logical_destination_port: Text,
        ...Paging,
      }),
      output: SfcFlowClassifier,
    }),
    /** Create a classifier. */
    create: operation({
      verb: 'POST',
      path: 'sfc/flow_classifiers',
      send: 'flow_classifier',
      receive: 'flow_classifier',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        ethertype: z.string().nullable().optional(),
        protocol: z.string().nullable().optional(),
        source_ip_prefix: z.string().nullable().optional(),
        destination_ip_prefix: z.string().nullable().optional(),
        logical_source_port: z.string().nullable().optional(),
        logical_destination_port: z.string().nullable().optional(),
        source_port_range_min: Whole.nullable().optional(),
        source_port_range_max: Whole.nullable().optional(),
        destination_port_range_min: Whole.nullable().optional(),
        destination_port_range_max: Whole.nullable().optional(),
        /** Parameters of the driver. */
        l7_parameters: z.record(z.string(), z.unknown()).nullable().optional(),
        ...ForProject,
      }),
      output: SfcFlowClassifier,
      status: 201,
    }),
    /** Rename or describe a classifier. */
    update: operation({
      verb: 'PUT',
      path: 'sfc/flow_classifiers/{id}',
      send: 'flow_classifier',
      receive: 'flow_classifier',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
      }),
      output: SfcFlowClassifier,
    }),
    /** Delete a classifier. */
    delete: operation({
      verb: 'DELETE',
      path: 'sfc/flow_classifiers/{id}',
      input: ById,
    }),
  },
});
