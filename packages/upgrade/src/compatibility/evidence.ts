import { optionsSchema } from '@groundcrew/ground';
import { z } from 'zod';
import type { ConfigurationOption } from './read-configuration.ts';
import type { SeenRequest } from './request-shapes.ts';

/** A service's options, of one file. */
export interface ServiceConfiguration {
  /** `nova`, or its type. */
  readonly service: string;
  /** As findings are to name it: `/etc/nova/nova.conf`. */
  readonly file: string;
  readonly options: readonly ConfigurationOption[];
}

/** What a cloud and its clients use. What is not given is not judged, and told so. */
export interface CompatibilityEvidence {
  /** A request log of the clients, or `requestShapes` of one. @default not looked at */
  readonly requests?: readonly SeenRequest[] | undefined;
  /** What `readConfiguration` read. @default not looked at */
  readonly options?: readonly ServiceConfiguration[] | undefined;
  /** Aliases of the extensions that Neutron has loaded. @default not looked at */
  readonly extensions?: readonly string[] | undefined;
  /** What the APIs tell of computes and agents. @default not looked at */
  readonly inventory?:
    | {
        /** `hypervisor_type` of Nova's `os-hypervisors/detail`. */
        readonly hypervisorTypes?: readonly string[] | undefined;
        /** `agent_type` of Neutron's `agents`. */
        readonly agentTypes?: readonly string[] | undefined;
      }
    | undefined;
}

const aName = z.string().min(1);
const names = z.array(aName);

export const compatibilityEvidence = optionsSchema<CompatibilityEvidence>({
  requests: z
    .array(
      z.strictObject({
        service: aName,
        method: aName,
        path: z.string(),
        microversion: z.string().nullish(),
        userAgent: z.string().optional(),
        times: z.int().min(1).optional(),
      }),
    )
    .optional(),
  options: z
    .array(
      z.strictObject({
        service: aName,
        file: aName,
        options: z.array(
          z.strictObject({
            section: aName,
            name: aName,
            value: z.string().optional(),
            line: z.int().min(1).optional(),
          }),
        ),
      }),
    )
    .optional(),
  extensions: names.optional(),
  inventory: z.strictObject({ hypervisorTypes: names.optional(), agentTypes: names.optional() }).optional(),
});
