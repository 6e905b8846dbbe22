import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Endpoint } from './endpoints.ts';
import { Links } from './link.ts';
import { Project } from './projects.ts';

/** Endpoints that have something in common. */
export const EndpointGroup = answer({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable().optional(),
  /** The properties that they share: `service_id`, `region_id`, `interface`, `enabled`. */
  filters: z.record(z.string(), z.unknown()),
  links: Links,
});
export type EndpointGroup = OutputAt<typeof EndpointGroup>;

const GivenFilters = z.strictObject({
  service_id: z.string().optional(),
  region_id: z.string().optional(),
  interface: z.enum(['public', 'internal', 'admin']).optional(),
  enabled: z.boolean().optional(),
});

const ById = args({ id: z.string() });
const OfProject = args({ id: z.string(), project_id: z.string() });

/** Groups of endpoints, and the projects whose catalogue has them. */
export const endpointGroups = resource({
  name: 'endpointGroups',
  findBy: 'name',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'OS-EP-FILTER/endpoint_groups/{id}',
      receive: 'endpoint_group',
      input: ById,
      output: EndpointGroup,
    }),
    list: operation({
      verb: 'GET',
      path: 'OS-EP-FILTER/endpoint_groups',
      receive: 'endpoint_groups',
      page: 'body-links',
      input: args({ name: z.string().optional() }),
      output: EndpointGroup,
    }),
    create: operation({
      verb: 'POST',
      path: 'OS-EP-FILTER/endpoint_groups',
      send: 'endpoint_group',
      receive: 'endpoint_group',
      status: 201,
      input: args({
        name: z.string().min(1).max(255),
        filters: GivenFilters,
        description: z.string().nullable().optional(),
      }),
      output: EndpointGroup,
    }),
    update: operation({
      verb: 'PATCH',
      path: 'OS-EP-FILTER/endpoint_groups/{id}',
      send: 'endpoint_group',
      receive: 'endpoint_group',
      idempotent: true,
      input: args({
        id: z.string(),
        name: z.string().min(1).max(255).optional(),
        filters: GivenFilters.optional(),
        description: z.string().nullable().optional(),
      }),
      output: EndpointGroup,
    }),
    delete: operation({ verb: 'DELETE', path: 'OS-EP-FILTER/endpoint_groups/{id}', input: ById }),
    /** Iterate over the endpoints that are in it now. */
    endpoints: operation({
      verb: 'GET',
      path: 'OS-EP-FILTER/endpoint_groups/{id}/endpoints',
      receive: 'endpoints',
      page: 'body-links',
      input: ById,
      output: Endpoint,
    }),
    /** Iterate over the projects that have it. */
    projects: operation({
      verb: 'GET',
      path: 'OS-EP-FILTER/endpoint_groups/{id}/projects',
      receive: 'projects',
      page: 'body-links',
      input: ById,
      output: Project,
    }),
    /** Ask whether a project has it. 404 if not: see `isNotFound`. */
    checkProject: operation({
      verb: 'HEAD',
      path: 'OS-EP-FILTER/endpoint_groups/{id}/projects/{project_id}',
      input: OfProject,
    }),
    /** Give it to a project. */
    addProject: operation({
      verb: 'PUT',
      path: 'OS-EP-FILTER/endpoint_groups/{id}/projects/{project_id}',
      status: 204,
      input: OfProject,
    }),
    removeProject: operation({
      verb: 'DELETE',
      path: 'OS-EP-FILTER/endpoint_groups/{id}/projects/{project_id}',
      input: OfProject,
    }),
  },
});

const Pair = args({ project_id: z.string(), endpoint_id: z.string() });

/**
 * Endpoints in the catalogue of one project. A project without any has all, or none if Keystone runs without
 * `return_all_endpoints_if_no_filter`.
 */
export const projectEndpoints = resource({
  name: 'projectEndpoints',
  operations: {
    /** Iterate over the endpoints of a project, those of its groups included. */
    list: operation({
      verb: 'GET',
      path: 'OS-EP-FILTER/projects/{project_id}/endpoints',
      receive: 'endpoints',
      page: 'body-links',
      input: args({ project_id: z.string() }),
      output: Endpoint,
    }),
    /** Iterate over the groups of endpoints that a project has. */
    groups: operation({
      verb: 'GET',
      path: 'OS-EP-FILTER/projects/{project_id}/endpoint_groups',
      receive: 'endpoint_groups',
      page: 'body-links',
      input: args({ project_id: z.string() }),
      output: EndpointGroup,
    }),
    /** Iterate over the projects that an endpoint was given to. */
    projects: operation({
      verb: 'GET',
      path: 'OS-EP-FILTER/endpoints/{endpoint_id}/projects',
      receive: 'projects',
      page: 'body-links',
      input: args({ endpoint_id: z.string() }),
      output: Project,
    }),
    /** Ask whether an endpoint was given to a project. 404 if not: see `isNotFound`. */
    check: operation({
      verb: 'HEAD',
      path: 'OS-EP-FILTER/projects/{project_id}/endpoints/{endpoint_id}',
      status: 204,
      input: Pair,
    }),
    /** Give an endpoint to a project. */
    add: operation({
      verb: 'PUT',
      path: 'OS-EP-FILTER/projects/{project_id}/endpoints/{endpoint_id}',
      status: 204,
      input: Pair,
    }),
    remove: operation({
      verb: 'DELETE',
      path: 'OS-EP-FILTER/projects/{project_id}/endpoints/{endpoint_id}',
      input: Pair,
    }),
  },
});
