import { counted } from '@groundcrew/ground';
import { action } from '@groundcrew/runbook';
import { z } from 'zod';

const Volume = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  /** GiB. */
  size: z.number(),
});
const Image = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  /** Bytes. */
  size: z.number(),
});
const Container = z.strictObject({
  name: z.string().min(1),
  objects: z.int(),
  bytes: z.number(),
});

/** Stores what belongs to a project, with the bytes of its volumes, images and objects, as one recovery point. */
export const backUpTenant = action({
  name: 'backup-dr.back-up-tenant',
  title: ({ project, volumes, images, containers }) =>
    `Store a recovery point of ${project.name}: ${counted(volumes.length, 'volume')}, ${volumes.reduce((sum, { size }) => sum + size, 0)} GiB, ${counted(images.length, 'image')}, and ${counted(containers.length, 'container')} with ${counted(
      containers.reduce((sum, { objects }) => sum + objects, 0),
      'object',
    )}`,
  input: z.strictObject({
    project: z.strictObject({ id: z.string().min(1), name: z.string() }),
    volumes: z.array(Volume),
    images: z.array(Image),
    containers: z.array(Container),
    /** The way by which the bytes are read. */
    way: z.enum(['attachment', 'image']),
    /** Names of volumes, images and containers whose bytes are not kept. */
    without: z.array(z.string()),
    /** Names of servers that are brought to rest while their snapshots are taken. */
    hooks: z.array(z.string()),
  }),
  output: z.object({
    point: z.string(),
    completeness: z.enum(['complete', 'partial']),
    gaps: z.int(),
    bytes: z.number(),
  }),
  rollback: 'free',
});
