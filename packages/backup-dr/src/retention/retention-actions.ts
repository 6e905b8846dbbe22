import { counted } from '@groundcrew/ground';
import { action } from '@groundcrew/runbook';
import { z } from 'zod';

const id = z.string().min(1);

/** Takes a point away from the sight of all readers; its streams stay until they are swept. */
export const forgetPoint = action({
  name: 'backup-dr.forget-point',
  title: ({ point, at, of }) => `Forget point ${point}${of === null ? '' : ` of ${of}`}, made at ${at}`,
  input: z.strictObject({
    point: id,
    /** The moment that its data are of. */
    at: z.string(),
    /** The project, or the site. */
    of: z.string().nullable(),
    manifests: z.array(id).min(1),
  }),
  output: z.object({ manifests: z.int() }),
  rollback: 'none',
});

/** Removes streams that no point needs, and frees the space of all that was forgotten. */
export const sweepStreams = action({
  name: 'backup-dr.sweep-streams',
  title: ({ points }) =>
    points.length === 0
      ? 'Free the space of what was forgotten before'
      : `Remove ${counted(
          points.reduce((sum, { streams }) => sum + streams.length, 0),
          'stream',
        )} that no point needs, and free their space`,
  input: z.strictObject({
    /** By the point that they were stored for. */
    points: z.array(z.strictObject({ point: id, streams: z.array(id) })),
  }),
  output: z.object({
    removed: z.int(),
    /** Streams that a point needs by now. */
    needed: z.int(),
    /** Points whose streams stay, since somebody writes them. */
    busy: z.array(z.string()),
  }),
  rollback: 'none',
});
