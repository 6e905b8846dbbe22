import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';

/** An extension of Neutron's core API. */
export const NetworkExtension = answer({
  /** By this it is known: `router`, `dvr`, `port-bindings-extended`. */
  alias: z.string(),
  name: z.string(),
  description: z.string(),
  /** The time at which the extension was defined, not installed. */
  updated: z.string(),
  links: z.array(z.unknown()).optional(),
});
export type NetworkExtension = OutputAt<typeof NetworkExtension>;

/** Extensions: what other services tell by microversions. */
export const extensions = resource({
  name: 'extensions',
  operations: {
    /** Show one extension; its `id` is the alias. Neutron answers 404 if it does not have it. */
    get: operation({
      verb: 'GET',
      path: 'extensions/{id}',
      receive: 'extension',
      input: args({ id: z.string() }),
      output: NetworkExtension,
    }),
    /** Iterate over the extensions that are there, all at once. */
    list: operation({
      verb: 'GET',
      path: 'extensions',
      receive: 'extensions',
      page: 'none',
      input: args({}),
      output: NetworkExtension,
    }),
  },
});
