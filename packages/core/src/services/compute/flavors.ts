import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt, since, until } from '../../record/shape.ts';
import { Links } from '../../record/links.ts';
import { Limit, Marker, SortDirection } from './paging.ts';
import { known } from '../../record/tolerant.ts';

/** A size of servers. It cannot be changed, but for its description, specs and access. */
export const Flavor = answer({
  id: z.string(),
  name: z.string(),
  vcpus: z.number(),
  /** MiB. */
  ram: z.number(),
  /** GiB. 0: as large as the image. */
  disk: z.number(),
  /** GiB. */
  'OS-FLV-EXT-DATA:ephemeral': z.number(),
  /** MiB. Before 2.75 `''` means none. */
  swap: changes(['2.1', z.union([z.number(), z.literal('')])], ['2.75', z.number()]),
  /** If not, only the projects of `flavorAccess` see it. */
  'os-flavor-access:is_public': z.boolean(),
  'OS-FLV-DISABLED:disabled': until('2.102', z.boolean()),
  /** For Xen only. */
  rxtx_factor: until('2.102', z.union([z.number(), z.string()])),
  links: Links,
  description: since('2.55', z.string().nullable()),
  /** Left out where policy hides it. */
  extra_specs: since('2.61', z.record(z.string(), z.string()).optional()),
});
export type Flavor = OutputAt<typeof Flavor>;

/** A flavor in a brief list. */
export const FlavorBrief = answer({
  id: z.string(),
  name: z.string(),
  links: Links,
  description: since('2.55', z.string().nullable()),
});
export type FlavorBrief = OutputAt<typeof FlavorBrief>;

const filters = {
  /** `false`: only those that are not public; `'None'`: both. Administrators only; others see what they may use. */
  is_public: z.union([z.boolean(), z.literal('None')]).optional(),
  /** MiB. */
  minRam: z.number().int().optional(),
  /** GiB. */
  minDisk: z.number().int().optional(),
  sort_key: known([
    'created_at',
    'description',
    'disabled',
    'ephemeral_gb',
    'flavorid',
    'id',
    'is_public',
    'memory_mb',
    'name',
    'root_gb',
    'rxtx_factor',
    'swap',
    'updated_at',
    'vcpu_weight',
    'vcpus',
  ]).optional(),
  sort_dir: SortDirection.optional(),
  limit: Limit,
  marker: Marker,
};

const ById = args({ id: z.string() });
const Description = z.string().nullable();

/** Sizes of servers. */
export const flavors = resource({
  name: 'flavors',
  findBy: 'name',
  operations: {
    /** Show one flavor, by its id. */
    get: operation({ verb: 'GET', path: 'flavors/{id}', receive: 'flavor', input: ById, output: Flavor }),
    /** Iterate over flavors with all their fields. For administrators too, only public ones unless asked. */
    list: operation({
      verb: 'GET',
      path: 'flavors/detail',
      receive: 'flavors',
      page: 'links',
      input: args(filters),
      output: Flavor,
    }),
    /** Iterate over flavors by id and name only. */
    listBrief: operation({
      verb: 'GET',
      path: 'flavors',
      receive: 'flavors',
      page: 'links',
      // `list` has it too, but there `find` would send it at every microversion.
      input: args({ ...filters, name: since('2.102', z.string().optional()) }),
      output: FlavorBrief,
    }),
    /** Create a flavor. Administrators only; 409 if the id or name is taken. */
    create: operation({
      verb: 'POST',
      path: 'flavors',
      send: 'flavor',
      receive: 'flavor',
      input: args({
        name: z.string(),
        /** Made up by Nova if absent, null or `auto`. */
        id: z.union([z.string(), z.number()]).nullable().optional(),
        vcpus: z.number().int().positive(),
        /** MiB. */
        ram: z.number().int().positive(),
        /** GiB. */
        disk: z.number().int().nonnegative(),
        /** GiB. @default 0 */
        'OS-FLV-EXT-DATA:ephemeral': z.number().int().nonnegative().optional(),
        /** MiB. @default 0 */
        swap: z.number().int().nonnegative().optional(),
        rxtx_factor: until('2.102', z.union([z.number(), z.string()]).optional()),
        /** @default true */
        'os-flavor-access:is_public': z.boolean().optional(),
        description: since('2.55', Description.optional()),
      }),
      output: Flavor,
    }),
    /** Change the description. Administrators only. */
    update: operation({
      verb: 'PUT',
      path: 'flavors/{id}',
      send: 'flavor',
      receive: 'flavor',
      input: args({ id: z.string(), description: Description }),
      output: Flavor,
      since: '2.55',
    }),
    /** Delete a flavor. Servers keep the size that they have. Administrators only. */
    delete: operation({ verb: 'DELETE', path: 'flavors/{id}', input: ById, status: 202 }),
  },
});
