import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';
import { GivenOptions, ResourceOptions } from './options.ts';
import { NameFilters, Paging } from './paging.ts';

/** A container of users, groups and projects; names are unique within it. */
export const Domain = answer({
  id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  description: z.string().nullable().optional(),
  tags: z.array(z.string()).optional(),
  options: ResourceOptions,
  links: Links,
});
export type Domain = OutputAt<typeof Domain>;

const ById = args({ id: z.string() });
const Tags = z.array(z.string().min(1).max(255)).max(80).optional();

/** Domains. */
export const domains = resource({
  name: 'domains',
  findBy: 'name',
  operations: {
    get: operation({ verb: 'GET', path: 'domains/{id}', receive: 'domain', input: ById, output: Domain }),
    list: operation({
      verb: 'GET',
      path: 'domains',
      receive: 'domains',
      page: 'body-links',
      input: args({ ...NameFilters, enabled: z.boolean().optional(), ...Paging }),
      output: Domain,
    }),
    /** Create a domain. 409 if there is one of that name. */
    create: operation({
      verb: 'POST',
      path: 'domains',
      send: 'domain',
      receive: 'domain',
      status: 201,
      input: args({
        name: z.string().min(1).max(64),
        description: z.string().nullable().optional(),
        /** @default true */
        enabled: z.boolean().optional(),
        /** The id that it is to have: 32 hexadecimal digits. */
        explicit_domain_id: z.string().optional(),
        tags: Tags,
        options: GivenOptions,
      }),
      output: Domain,
    }),
    /** Change some fields. Disabling it locks out all its users, and ends all tokens in its projects. */
    update: operation({
      verb: 'PATCH',
      path: 'domains/{id}',
      send: 'domain',
      receive: 'domain',
      idempotent: true,
      input: args({
        id: z.string(),
        name: z.string().min(1).max(64).optional(),
        description: z.string().nullable().optional(),
        enabled: z.boolean().optional(),
        tags: Tags,
        options: GivenOptions,
      }),
      output: Domain,
    }),
    /** Delete a domain with its users, groups and projects. 403 unless it was disabled first. */
    delete: operation({ verb: 'DELETE', path: 'domains/{id}', input: ById }),
  },
});
