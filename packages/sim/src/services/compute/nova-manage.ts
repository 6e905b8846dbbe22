import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { SimState } from '../../sim-state.ts';
import { archiveDeleted } from './deleted-servers.ts';

export interface ArchiveOptions {
  /** Archives what was deleted before this time only: ISO 8601. @default all that is deleted */
  readonly before?: string | undefined;
}

const archiveOptions = optionsSchema<ArchiveOptions>({
  before: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time, as 2026-01-31T12:00:00Z')
    .optional(),
});

/** What an operator does with the command `nova-manage`. */
export interface NovaManage {
  /**
   * `nova-manage db archive_deleted_rows --until-complete`: moves the rows of deleted servers to the shadow tables, which no API
   * reads. Their instance actions go with them: a request for those is 404 from then on, and their usage is no longer counted.
   * The actions of servers that exist stay (`nova/db/main/api.py`, `_archive_deleted_rows_for_table` follows the foreign keys
   * of deleted rows); `db purge` empties the shadow tables, which changes no answer.
   *
   * @returns the number of servers that were archived
   * @throws InputError on a time that is none
   */
  archiveDeletedRows(options?: ArchiveOptions): number;
}

export const novaManageOf = (state: SimState): NovaManage => ({
  archiveDeletedRows(options = {}) {
    parseArguments('novaManage.archiveDeletedRows', archiveOptions, options);
    return archiveDeleted(
      state.compute,
      options.before === undefined ? Number.POSITIVE_INFINITY : Date.parse(options.before),
    );
  },
});
