import { InputError } from '@groundcrew/ground';
import { z } from 'zod';

/** How far each file was read, by its name: plain data, to be kept by whoever follows, and given again after a restart. */
export interface FollowPositions {
  readonly version: 1;
  readonly files: { readonly [name: string]: FilePosition };
}

export interface FilePosition {
  /** The number of the file itself, which stays when it is renamed: device and inode. */
  readonly file: string;
  /** All bytes before it were handed on in messages. */
  readonly offset: number;
}

const positions = z.strictObject({
  version: z.literal(1),
  files: z.record(z.string(), z.strictObject({ file: z.string(), offset: z.int().nonnegative() })),
});

/** @throws InputError naming the field that does not fit */
export function readPositions(value: unknown): FollowPositions {
  const { data, error } = positions.safeParse(value);
  if (data !== undefined) return data;
  const [issue] = error?.issues ?? [];
  const field = ['from', ...(issue?.path ?? [])].join('.');
  throw new InputError(`followLogs: ${field}: ${issue?.message ?? 'is not what positions() gave'}`, {
    field,
    operation: 'logging-levels.followLogs',
    remedy: 'Give what `positions()` returned.',
  });
}
