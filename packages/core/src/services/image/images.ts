import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { imageFilters } from './image-filters.ts';
import { Image, ImageLocation } from './image-entity.ts';
import { PAGE_SIZE } from './paging.ts';
import { Task } from './tasks.ts';

const ById = args({ id: z.string() });

/** The fields of a new image. Properties of other names pass, as text: they are the cloud's own. */
const NewImage = z
  .object({
    /** @default one of Glance's making */
    id: z.string().optional(),
    name: z.string().nullable().optional(),
    /** `qcow2`, `raw`, `iso`, `vmdk`, `vhd`, `vhdx`, `vdi`, `ploop`, `ami`, `ari`, `aki`; the cloud may allow fewer. */
    disk_format: z.string().nullable().optional(),
    /** `bare`, `ovf`, `ova`, `docker`, `compressed`, `ami`, `ari`, `aki`. */
    container_format: z.string().nullable().optional(),
    /** @default 'shared' */
    visibility: z.enum(['public', 'private', 'shared', 'community']).optional(),
    /** @default false */
    protected: z.boolean().optional(),
    /** @default false */
    os_hidden: z.boolean().optional(),
    /** GiB. @default 0 */
    min_disk: z.number().int().nonnegative().optional(),
    /** MiB. @default 0 */
    min_ram: z.number().int().nonnegative().optional(),
    /** Id of a project. Administrators only. @default the project that asks */
    owner: z.string().nullable().optional(),
    // Defaulted, for Glance wants a body even if it says nothing.
    tags: z.array(z.string()).default([]),
    /** The locations of bytes that exist already, if the cloud allows it. */
    locations: z.array(ImageLocation).optional(),
  })
  .catchall(z.unknown());

/** A change of an image: an operation of RFC 6902, of which Glance knows these three. */
const Change = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('add'), path: z.string(), value: z.unknown() }),
  z.strictObject({ op: z.literal('replace'), path: z.string(), value: z.unknown() }),
  z.strictObject({ op: z.literal('remove'), path: z.string() }),
]);

/** Images. Their bytes are sent and fetched by `cloud.image.data`. */
export const images = resource({
  name: 'images',
  // `killed` is what an upload that failed leaves behind.
  settles: { field: 'status', failure: ['killed', 'deleted'] },
  findBy: 'name',
  findByFilter: 'operator',
  operations: {
    /** Show one image. */
    get: operation({ verb: 'GET', path: 'images/{id}', input: ById, output: Image }),
    /** Iterate over images, newest first. */
    list: operation({
      verb: 'GET',
      path: 'images',
      receive: 'images',
      page: 'next',
      pageSize: PAGE_SIZE,
      input: args(imageFilters),
      output: Image,
    }),
    /**
     * As `list`, with properties among the filters: those of any name pass.
     * @example
     * cloud.image.images.listByProperties({ os_distro: 'debian', hw_firmware_type: 'uefi' })
     */
    listByProperties: operation({
      verb: 'GET',
      path: 'images',
      receive: 'images',
      page: 'next',
      pageSize: PAGE_SIZE,
      input: z.object(imageFilters).catchall(z.unknown()),
      output: Image,
    }),
    /** Make an image without bytes: it is `queued` until it gets them. */
    create: operation({ verb: 'POST', path: 'images', input: NewImage, output: Image, status: 201 }),
    /**
     * Change fields and properties, in order, all or none.
     *
     * `add` of what is there replaces it. A `/` in a property's name is written `~1`, a `~` `~0`.
     *
     * @example
     * await cloud.image.images.update({
     *   id,
     *   patch: [
     *     { op: 'replace', path: '/visibility', value: 'community' },
     *     { op: 'add', path: '/os_distro', value: 'debian' },
     *     { op: 'remove', path: '/hw_disk_bus' },
     *   ],
     * });
     */
    update: operation({
      verb: 'PATCH',
      path: 'images/{id}',
      body: 'patch',
      contentType: 'application/openstack-images-v2.1-json-patch',
      input: args({ id: z.string(), patch: z.array(Change) }),
      output: Image,
    }),
    /** Delete an image and its bytes. 403 if it is `protected`, 409 if a store says that it is in use. */
    delete: operation({ verb: 'DELETE', path: 'images/{id}', input: ById }),
    /** Let nobody but administrators fetch its bytes. Servers cannot be made of it meanwhile. */
    deactivate: operation({
      verb: 'POST',
      path: 'images/{id}/actions/deactivate',
      input: ById,
      status: 204,
      idempotent: true,
    }),
    /** Take `deactivate` back. */
    reactivate: operation({
      verb: 'POST',
      path: 'images/{id}/actions/reactivate',
      input: ById,
      status: 204,
      idempotent: true,
    }),
    addTag: operation({
      verb: 'PUT',
      path: 'images/{id}/tags/{tag}',
      input: args({ id: z.string(), tag: z.string() }),
      status: 204,
    }),
    /** 404 if it does not have the tag. */
    removeTag: operation({
      verb: 'DELETE',
      path: 'images/{id}/tags/{tag}',
      input: args({ id: z.string(), tag: z.string() }),
    }),
    /** The tasks that worked on it, newest first. From Wallaby (Glance API 2.12) on. */
    listTasks: operation({
      verb: 'GET',
      path: 'images/{id}/tasks',
      receive: 'tasks',
      page: 'none',
      input: ById,
      output: Task,
    }),
    /** Delete its bytes in one of several stores; not in the last one. From 2.10 on. */
    deleteFromStore: operation({
      verb: 'DELETE',
      path: 'stores/{store_id}/{id}',
      input: args({ id: z.string(), store_id: z.string() }),
    }),
  },
});
