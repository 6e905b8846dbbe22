import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Specs } from './metadata.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { volumeTypeEncryption } from './volume-type-encryption.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A kind of volume: which backends may hold it, and how. */
export const VolumeType = answer({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  is_public: z.boolean(),
  'os-volume-type-access:is_public': z.boolean().optional(),
  /** For others than administrators only those that a user may see (`multiattach`, `RESKEY:availability_zones`, …). */
  extra_specs: Specs.optional(),
  /** Administrators only. */
  qos_specs_id: z.string().nullable().optional(),
});
export type VolumeType = OutputAt<typeof VolumeType>;

const ById = args({ id: z.string() });
const OfType = args({ type_id: z.string() });
const ByKey = args({ type_id: z.string(), id: z.string() });
const Access = args({
  id: z.string(),
  /** Id of a project. */
  project: z.string().min(1),
});

/** Types of volumes, their access and encryption. Only administrators change them. */
export const volumeTypes = resource({
  name: 'volumeTypes',
  findBy: 'name',
  operations: {
    /** Show one type. The id `default` shows the one that a new volume gets. */
    get: operation({
      verb: 'GET',
      path: 'types/{id}',
      receive: 'volume_type',
      input: ById,
      output: VolumeType,
    }),
    /**
     * Iterate over types. Without `is_public` it has the public ones, and those that the project may use.
     *
     * It is read by offset: Cinder names the link to the next page `volume_type_links`.
     */
    list: operation({
      verb: 'GET',
      path: 'types',
      receive: 'volume_types',
      page: 'offset',
      pageSize: PAGE_SIZE,
      input: args({
        /** Administrators only: `false` for private ones of all projects, `None` for all. */
        is_public: z.union([z.boolean(), z.literal('None')]).optional(),
        extra_specs: since('3.52', z.record(z.string(), z.string()).optional()),
        ...Paging,
      }),
      output: VolumeType,
    }),
    create: operation({
      verb: 'POST',
      path: 'types',
      send: 'volume_type',
      receive: 'volume_type',
      input: args({
        name: z.string().min(1),
        description: z.string().nullable().optional(),
        extra_specs: Specs.optional(),
        /** @default true */
        'os-volume-type-access:is_public': z.boolean().optional(),
      }),
      output: VolumeType,
    }),
    update: operation({
      verb: 'PUT',
      path: 'types/{id}',
      send: 'volume_type',
      receive: 'volume_type',
      input: args({
        id: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        is_public: z.boolean().optional(),
      }),
      output: VolumeType,
    }),
    /** Delete a type that no volume has. */
    delete: operation({ verb: 'DELETE', path: 'types/{id}', input: ById, status: 202 }),
    /** The projects that may use a private type. */
    listAccess: operation({
      verb: 'GET',
      path: 'types/{id}/os-volume-type-access',
      receive: 'volume_type_access',
      page: 'none',
      input: ById,
      output: tolerant({ volume_type_id: z.string(), project_id: z.string() }),
    }),
    /** Let a project use a private type. 409 if it may already. */
    addAccess: operation({
      verb: 'POST',
      path: 'types/{id}/action',
      action: 'addProjectAccess',
      status: 202,
      input: Access,
    }),
    removeAccess: operation({
      verb: 'POST',
      path: 'types/{id}/action',
      action: 'removeProjectAccess',
      status: 202,
      input: Access,
    }),
    ...volumeTypeEncryption,
  },
});

/** Extra specs of a type. The `id` of one is its key. A type that volumes have cannot be changed. */
export const volumeTypeExtraSpecs = resource({
  name: 'volumeTypeExtraSpecs',
  operations: {
    /** Show all extra specs. */
    show: operation({
      verb: 'GET',
      path: 'types/{type_id}/extra_specs',
      receive: 'extra_specs',
      input: OfType,
      output: Specs,
    }),
    /** Add or change some, and leave the others. Answers those given. */
    merge: operation({
      verb: 'POST',
      path: 'types/{type_id}/extra_specs',
      receive: 'extra_specs',
      idempotent: true,
      input: args({ type_id: z.string(), extra_specs: Specs }),
      output: Specs,
    }),
    /** Show one extra spec, as a pair. */
    get: operation({ verb: 'GET', path: 'types/{type_id}/extra_specs/{id}', input: ByKey, output: Specs }),
    /** Set one: `spec` is the pair, with the same key as `id`. */
    update: operation({
      verb: 'PUT',
      path: 'types/{type_id}/extra_specs/{id}',
      body: 'spec',
      input: args({ type_id: z.string(), id: z.string(), spec: Specs }),
      output: Specs,
    }),
    delete: operation({
      verb: 'DELETE',
      path: 'types/{type_id}/extra_specs/{id}',
      input: ByKey,
      status: 202,
    }),
  },
});
