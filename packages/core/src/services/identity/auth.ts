import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { CatalogEntry } from './catalog-entry.ts';
import { Domain } from './domains.ts';
import { Project } from './projects.ts';
import { tolerant } from '../../record/tolerant.ts';

/** The scopes that the caller's token gives access to. Every token may ask, even one without scope. */
export const auth = resource({
  name: 'auth',
  operations: {
    /** Iterate over the services and endpoints of the token's project. 403 with a token that is for none. */
    catalog: operation({
      verb: 'GET',
      path: 'auth/catalog',
      receive: 'catalog',
      page: 'body-links',
      input: args({}),
      output: CatalogEntry,
    }),
    /** Iterate over the projects in which the caller can get a token. */
    projects: operation({
      verb: 'GET',
      path: 'auth/projects',
      receive: 'projects',
      page: 'body-links',
      input: args({}),
      output: Project,
    }),
    /** Iterate over the domains on which the caller can get a token. */
    domains: operation({
      verb: 'GET',
      path: 'auth/domains',
      receive: 'domains',
      page: 'body-links',
      input: args({}),
      output: Domain,
    }),
    /** List the parts of the system that the caller can get a token for: one entry with `all`, or none. */
    system: operation({
      verb: 'GET',
      path: 'auth/system',
      receive: 'system',
      page: 'body-links',
      input: args({}),
      output: tolerant({ all: z.boolean().optional() }),
    }),
  },
});
