import { type Cloud, isForbidden } from '@groundcrew/core';
import { z } from 'zod';

interface Free {
  readonly unit: 'backups' | 'GiB';
  readonly left: number;
}

const usageSchema = z.looseObject({ limit: z.number(), in_use: z.number(), reserved: z.number().default(0) });

/**
 * What the quota of a project has left; nothing of one without a limit.
 *
 * @returns `undefined` if who asks may not see it
 */
export async function freeBackups(
  cloud: Cloud,
  project: string,
  signal: AbortSignal | undefined,
): Promise<readonly Free[] | undefined> {
  let quota: Readonly<Record<string, unknown>>;
  try {
    quota = await cloud.blockStorage.quotaSets.getUsage({ id: project }, { signal });
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
  return (
    [
      ['backups', 'backups'],
      ['backup_gigabytes', 'GiB'],
    ] as const
  ).flatMap(([name, unit]) => {
    const read = usageSchema.safeParse(quota[name]);
    if (!read.success || read.data.limit < 0) return [];
    return [{ unit, left: Math.max(0, read.data.limit - read.data.in_use - read.data.reserved) }];
  });
}
