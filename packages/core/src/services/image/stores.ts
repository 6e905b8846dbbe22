import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';

const TextFlag = z.union([z.boolean(), z.string()]).optional();

/** A place where Glance keeps bytes. */
export const Store = answer({
  id: z.string(),
  description: z.string().nullable().optional(),
  /** Text: `true`; absent where it is not. */
  default: TextFlag,
  /** Text: `true`; absent where it is not. */
  'read-only': TextFlag,
  /** `file`, `rbd`, `swift`, `cinder`, `s3`, `http`. Only with details, as the next two. */
  type: z.string().optional(),
  /** If an image is in several stores, the one with the largest weight is read. */
  weight: z.number().optional(),
  /** The store's own settings: `pool`, `data_dir`, `chunk_size`, … */
  properties: z.record(z.string(), z.unknown()).nullable().optional(),
});
export type Store = OutputAt<typeof Store>;

/** Stores. A cloud without `enabled_backends` answers 404 to both. */
export const stores = resource({
  name: 'stores',
  operations: {
    /** Names, and which is the default. */
    listBrief: operation({
      verb: 'GET',
      path: 'info/stores',
      receive: 'stores',
      page: 'none',
      input: args({}),
      output: Store,
    }),
    /** With type and settings. Administrators only. From Yoga (Glance API 2.15) on. */
    list: operation({
      verb: 'GET',
      path: 'info/stores/detail',
      receive: 'stores',
      page: 'none',
      input: args({}),
      output: Store,
    }),
  },
});
