import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';
import { GivenOptions, ResourceOptions } from './options.ts';
import { NameFilters, Paging, Switch } from './paging.ts';
import { tolerant } from '../../record/tolerant.ts';
import type { IdTree as Tree } from './id-tree.ts';

/** The owner of resources: quotas, networks and servers belong to a project. */
export const Project = answer({
  id: z.string(),
  name: z.string(),
  /** Null of a project that acts as a domain. */
  domain_id: z.string().nullable(),
  enabled: z.boolean(),
  description: z.string().nullable().optional(),
  /** Whether it is the project side of a domain. */
  is_domain: z.boolean().optional(),
  /** The project above it; the domain if there is none. */
  parent_id: z.string().nullable().optional(),
  tags: z.array(z.string()).optional(),
  options: ResourceOptions,
  links: Links,
});
export type Project = OutputAt<typeof Project>;

/** A project as it hangs in its tree, and the limits that it has of its own. */
const Relative = tolerant({
  project: tolerant({ id: z.string(), name: z.string(), parent_id: z.string().nullable().optional() }),
});

const IdTree: z.ZodType<Tree> = z.record(
  z.string(),
  z.lazy(() => IdTree.nullable()),
);

const ProjectInTree = answer({
  ...Project.fields,
  /** A list with `parents_as_list`, nested ids with `parents_as_ids`. */
  parents: z
    .union([z.array(Relative), IdTree])
    .nullable()
    .optional(),
  /** A list with `subtree_as_list`, nested ids with `subtree_as_ids`. */
  subtree: z
    .union([z.array(Relative), IdTree])
    .nullable()
    .optional(),
  limits: z.array(tolerant({})).optional(),
});

const Tags = z.array(z.string().min(1).max(255)).max(80).optional();

/** Projects. Those who are no administrators see only the ones they have a role in, by `users.projects` or `auth.projects`. */
export const projects = resource({
  name: 'projects',
  findBy: 'name',
  operations: {
    /** Show one project. */
    get: operation({
      verb: 'GET',
      path: 'projects/{id}',
      receive: 'project',
      input: args({ id: z.string() }),
      output: Project,
    }),
    /**
     * Show one project with those above or below it. Lists have only those in which the caller has a role; ids
     * have all. The two forms of one direction exclude each other.
     */
    getTree: operation({
      verb: 'GET',
      path: 'projects/{id}',
      receive: 'project',
      input: args({
        id: z.string(),
        parents_as_list: Switch,
        parents_as_ids: Switch,
        subtree_as_list: Switch,
        subtree_as_ids: Switch,
        /** With the lists: the limits of each project. */
        include_limits: Switch,
      }),
      output: ProjectInTree,
    }),
    /** Iterate over projects. It needs an administrator of the system, or of the domain asked for. */
    list: operation({
      verb: 'GET',
      path: 'projects',
      receive: 'projects',
      page: 'body-links',
      input: args({
        ...NameFilters,
        domain_id: z.string().optional(),
        parent_id: z.string().optional(),
        enabled: z.boolean().optional(),
        /** `true`: the project sides of domains instead of projects. @default false */
        is_domain: z.boolean().optional(),
        /** Projects with all of these tags, separated by commas. */
        tags: z.string().optional(),
        'tags-any': z.string().optional(),
        'not-tags': z.string().optional(),
        'not-tags-any': z.string().optional(),
        ...Paging,
      }),
      output: Project,
    }),
    /** Create a project: in the caller's domain, unless another is given. 409 if its domain has one of that name. */
    create: operation({
      verb: 'POST',
      path: 'projects',
      send: 'project',
      receive: 'project',
      status: 201,
      input: args({
        name: z.string().min(1).max(64),
        domain_id: z.string().nullable().optional(),
        parent_id: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        /** @default true */
        enabled: z.boolean().optional(),
        /** @default false */
        is_domain: z.boolean().optional(),
        tags: Tags,
        options: GivenOptions,
      }),
      output: Project,
    }),
    /** Change some fields. Disabling it revokes all tokens in it. Neither domain nor parent can be changed. */
    update: operation({
      verb: 'PATCH',
      path: 'projects/{id}',
      send: 'project',
      receive: 'project',
      idempotent: true,
      input: args({
        id: z.string(),
        name: z.string().min(1).max(64).optional(),
        description: z.string().nullable().optional(),
        enabled: z.boolean().optional(),
        tags: Tags,
        options: GivenOptions,
      }),
      output: Project,
    }),
    /**
     * Delete a project without children. What other services hold for it (servers, volumes, networks) stays
     * behind without an owner.
     */
    delete: operation({ verb: 'DELETE', path: 'projects/{id}', input: args({ id: z.string() }) }),
  },
});
