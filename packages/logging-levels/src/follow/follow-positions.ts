import { hasControls, InputError } from '@groundcrew/ground';
import { z } from 'zod';

/** How far each log was read, by its name: plain data, to be kept by whoever follows, and given again after a restart. */
export interface FollowPositions {
  readonly version: 1;
  readonly files: { readonly [name: string]: FilePosition };
  /** By the name of the host. */
  readonly journals?: { readonly [name: string]: JournalPosition };
}

export interface FilePosition {
  /** The number of the file itself, which stays when it is renamed: device and inode. */
  readonly file: string;
  /** All bytes before it were handed on in messages. */
  readonly offset: number;
}

export interface JournalPosition {
  /** journald's name of the entry up to which all was handed on; `null`: it had none. */
  readonly cursor: string | null;
  /** The time from which on it is read, where there is no cursor; milliseconds since 1970. @default its beginning */
  readonly since?: number;
  /**
   * Where the message of one process is still open, others may have said more since: of each of them the number of entries behind the
   * cursor, of all processes, up to which its own were handed on.
   */
  readonly handed?: { readonly [process: string]: number };
}

const positions = z.strictObject({
  version: z.literal(1),
  files: z.record(z.string(), z.strictObject({ file: z.string(), offset: z.int().nonnegative() })),
  journals: z
    .record(
      z.string(),
      z.strictObject({
        cursor: z
          .string()
          .min(1)
          .max(1_000)
          .refine((text) => !hasControls(text), 'has a control character')
          .nullable(),
        since: z.int().nonnegative().optional(),
        handed: z.record(z.string(), z.int().positive()).optional(),
      }),
    )
    .optional(),
});

/** @throws InputError naming the field that does not fit */
export function readPositions(value: unknown): FollowPositions {
  const { data, error } = positions.safeParse(value);
  if (data !== undefined) return data as FollowPositions;
  const [issue] = error?.issues ?? [];
  const field = ['from', ...(issue?.path ?? [])].join('.');
  throw new InputError(`followLogs: ${field}: ${issue?.message ?? 'is not what positions() gave'}`, {
    field,
    operation: 'logging-levels.followLogs',
    remedy: 'Give what `positions()` returned.',
  });
}
