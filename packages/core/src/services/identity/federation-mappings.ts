import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A condition on an assertion, and the local user that it maps to. */
const Rule = tolerant({
  remote: z.array(tolerant({ type: z.string() })),
  local: z.array(tolerant({})),
});

/** Rules by which users of an identity provider become users here. */
export const FederationMapping = answer({
  id: z.string(),
  rules: z.array(Rule),
  /** From 2024.1 on. */
  schema_version: z.string().optional(),
  links: Links,
});
export type FederationMapping = OutputAt<typeof FederationMapping>;

const ById = args({ id: z.string() });

/**
 * Rules to be set. Keystone's language of rules is its own and grows with its releases, so that Keystone checks it
 * (`keystone/federation/utils.py`): 400 if it is wrong.
 */
const Given = args({ id: z.string(), rules: z.array(Rule).min(1), schema_version: z.string().optional() });

/** Mappings of federation. The `id` is the administrator's choice. */
export const federationMappings = resource({
  name: 'federationMappings',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'OS-FEDERATION/mappings/{id}',
      receive: 'mapping',
      input: ById,
      output: FederationMapping,
    }),
    list: operation({
      verb: 'GET',
      path: 'OS-FEDERATION/mappings',
      receive: 'mappings',
      page: 'body-links',
      input: args({}),
      output: FederationMapping,
    }),
    create: operation({
      verb: 'PUT',
      path: 'OS-FEDERATION/mappings/{id}',
      send: 'mapping',
      receive: 'mapping',
      status: 201,
      input: Given,
      output: FederationMapping,
    }),
    /** Set its rules. Users who are logged in keep what they have until their token ends. */
    update: operation({
      verb: 'PATCH',
      path: 'OS-FEDERATION/mappings/{id}',
      send: 'mapping',
      receive: 'mapping',
      idempotent: true,
      input: Given,
      output: FederationMapping,
    }),
    delete: operation({ verb: 'DELETE', path: 'OS-FEDERATION/mappings/{id}', input: ById }),
  },
});
