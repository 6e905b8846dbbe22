import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { tolerant } from '../../record/tolerant.ts';

const Figure = z.number().optional();

/** The limits of a project, and its usage. -1 is without limit. */
export const VolumeLimits = answer({
  /** By route; empty unless the cloud limits rates. */
  rate: z.array(
    tolerant({
      uri: z.string(),
      regex: z.string(),
      limit: z.array(
        tolerant({
          verb: z.string(),
          value: z.number(),
          remaining: z.number(),
          unit: z.string(),
          'next-available': Timestamp,
        }),
      ),
    }),
  ),
  absolute: tolerant({
    maxTotalVolumes: Figure,
    maxTotalSnapshots: Figure,
    maxTotalBackups: Figure,
    /** GiB, as the next one. */
    maxTotalVolumeGigabytes: Figure,
    maxTotalBackupGigabytes: Figure,
    totalVolumesUsed: Figure,
    totalSnapshotsUsed: Figure,
    totalBackupsUsed: Figure,
    /** GiB, as the next one. */
    totalGigabytesUsed: Figure,
    totalBackupGigabytesUsed: Figure,
  }),
});
export type VolumeLimits = OutputAt<typeof VolumeLimits>;

/** Limits of the project that asks. */
export const limits = resource({
  name: 'limits',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'limits',
      receive: 'limits',
      input: args({
        /** Shows the limits of another project. Administrators only. */
        project_id: since('3.39', z.string().optional()),
      }),
      output: VolumeLimits,
    }),
  },
});
