import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** Copies of a port's traffic, sent to another machine. */
export const TapMirror = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  port_id: z.string(),
  /** Tunnel ids by direction: `{ IN: 99, OUT: 100 }`. */
  directions: z.record(z.string(), z.union([z.number(), z.string()])),
  remote_ip: z.string(),
  /** `gre`, `erspanv1`. */
  mirror_type: z.string(),
});
export type TapMirror = OutputAt<typeof TapMirror>;

const ById = args({ id: z.string() });

/** Tap mirrors (extension `tap-mirror`). */
export const tapMirrors = resource({
  name: 'tapMirrors',
  findBy: 'name',
  operations: {
    /** Show one mirror. */
    get: operation({
      verb: 'GET',
      path: 'taas/tap_mirrors/{id}',
      receive: 'tap_mirror',
      input: ById,
      output: TapMirror,
    }),
    /** Iterate over mirrors. */
    list: operation({
      verb: 'GET',
      path: 'taas/tap_mirrors',
      receive: 'tap_mirrors',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        port_id: Text,
        remote_ip: Text,
        mirror_type: Text,
        ...Paging,
      }),
      output: TapMirror,
    }),
    /** Create a mirror. */
    create: operation({
      verb: 'POST',
      path: 'taas/tap_mirrors',
      send: 'tap_mirror',
      receive: 'tap_mirror',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        port_id: z.string(),
        directions: z.strictObject({ IN: Whole.optional(), OUT: Whole.optional() }),
        remote_ip: z.string(),
        mirror_type: z.enum(['gre', 'erspanv1']),
        ...ForProject,
      }),
      output: TapMirror,
      status: 201,
    }),
    /** Rename or describe a mirror. */
    update: operation({
      verb: 'PUT',
      path: 'taas/tap_mirrors/{id}',
      send: 'tap_mirror',
      receive: 'tap_mirror',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
      }),
      output: TapMirror,
    }),
    /** Delete a mirror. */
    delete: operation({
      verb: 'DELETE',
      path: 'taas/tap_mirrors/{id}',
      input: ById,
    }),
  },
});
