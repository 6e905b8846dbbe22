import { action } from '@groundcrew/runbook';
import { z } from 'zod';

const Volume = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  /** GiB. */
  size: z.number(),
});

/** Stores what belongs to a project, with the bytes of its volumes, as one recovery point. */
export const backUpTenant = action({
  name: 'backup-dr.back-up-tenant',
  title: ({ project, volumes }) =>
    `Store a recovery point of ${project.name}: ${volumes.length} volumes, ${volumes.reduce((sum, { size }) => sum + size, 0)} GiB`,
  input: z.strictObject({
    project: z.strictObject({ id: z.string().min(1), name: z.string() }),
    volumes: z.array(Volume),
    /** The way by which the bytes are read. */
    way: z.enum(['attachment', 'image']),
    /** Names of volumes whose bytes are not kept. */
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
