import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';

/** A part of the API that Cinder once loaded on its own. */
export const VolumeExtension = answer({
  alias: z.string(),
  name: z.string(),
  description: z.string().optional(),
  updated: Timestamp.optional(),
});
export type VolumeExtension = OutputAt<typeof VolumeExtension>;

/** Loaded extensions. Microversions replaced them. */
export const extensions = resource({
  name: 'extensions',
  operations: {
    list: operation({
      verb: 'GET',
      path: 'extensions',
      receive: 'extensions',
      page: 'none',
      input: args({}),
      output: VolumeExtension,
    }),
  },
});
