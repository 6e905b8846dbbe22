import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args } from '../../record/shape.ts';

/** The source of the bytes. `imports.methods` lists the sources that the cloud allows. */
const Method = z.discriminatedUnion('name', [
  /** From what was staged for the image. */
  z.strictObject({ name: z.literal('glance-direct') }),
  /** From a URL that Glance fetches. */
  z.strictObject({ name: z.literal('web-download'), uri: z.string() }),
  /** From another store: give `stores` or `all_stores`. */
  z.strictObject({ name: z.literal('copy-image') }),
  /** From the Glance of another region. */
  z.strictObject({
    name: z.literal('glance-download'),
    glance_image_id: z.string(),
    glance_region: z.string(),
    /** @default 'public' */
    glance_service_interface: z.string().optional(),
  }),
]);

/** Bytes that Glance gets by itself, and may convert and check on the way. */
export const imports = resource({
  name: 'imports',
  operations: {
    /**
     * Begin to import. The image is `importing` until it is `active`; if it fails it is `queued` again, and
     * `os_glance_failed_import` and `images.listTasks` tell why.
     *
     * @example
     * await cloud.image.imports.start({ id, method: { name: 'web-download', uri: 'https://…/disk.qcow2' } });
     * await cloud.image.images.waitFor(id, 'active');
     */
    start: operation({
      verb: 'POST',
      path: 'images/{id}/import',
      status: 202,
      input: args({
        id: z.string(),
        method: Method,
        /** Names of the stores. @default the cloud's default one */
        stores: z.array(z.string()).optional(),
        /** Imports into all stores; not together with `stores`. @default false */
        all_stores: z.boolean().optional(),
        /** Whether it fails if one store does. @default true */
        all_stores_must_succeed: z.boolean().optional(),
      }),
    }),
    /** Show the methods that the cloud allows. */
    methods: operation({
      verb: 'GET',
      path: 'info/import',
      receive: 'import-methods',
      input: args({}),
      output: answer({
        description: z.string().optional(),
        type: z.string().optional(),
        /** `glance-direct`, `web-download`, `copy-image`, `glance-download`. */
        value: z.array(z.string()),
      }),
    }),
  },
});
