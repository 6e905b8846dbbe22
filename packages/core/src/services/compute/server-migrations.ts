import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt, since } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { NumericId } from './numeric-id.ts';
import { known } from '../../record/tolerant.ts';

const MaybeText = z.string().nullable();
const Bytes = z.number().nullable();
const OneMigration = args({ server_id: z.string(), id: NumericId });

/** A live migration in progress. */
export const ServerMigration = answer({
  id: z.number(),
  uuid: since('2.59', z.string()),
  server_uuid: z.string(),
  /** `queued`, `preparing`, `running`, `post-migrating`. */
  status: known(['queued', 'preparing', 'running', 'post-migrating']),
  source_compute: MaybeText,
  source_node: MaybeText,
  dest_compute: MaybeText,
  dest_node: MaybeText,
  dest_host: MaybeText,
  /** `null` until the hypervisor has told. */
  memory_total_bytes: Bytes,
  memory_processed_bytes: Bytes,
  memory_remaining_bytes: Bytes,
  disk_total_bytes: Bytes,
  disk_processed_bytes: Bytes,
  disk_remaining_bytes: Bytes,
  created_at: Timestamp,
  updated_at: Timestamp.nullable(),
  user_id: since('2.80', MaybeText),
  project_id: since('2.80', MaybeText),
});
export type ServerMigration = OutputAt<typeof ServerMigration>;

/** Live migrations of one server while they last. Those that ended are in `migrations`. */
export const serverMigrations = resource({
  name: 'serverMigrations',
  operations: {
    /** 404 once the migration has ended. */
    get: operation({
      verb: 'GET',
      path: 'servers/{server_id}/migrations/{id}',
      receive: 'migration',
      input: OneMigration,
      output: ServerMigration,
      since: '2.23',
    }),
    /** List them: none or one. */
    list: operation({
      verb: 'GET',
      path: 'servers/{server_id}/migrations',
      receive: 'migrations',
      page: 'none',
      input: args({ server_id: z.string() }),
      output: ServerMigration,
      since: '2.23',
    }),
    /** Make it end: the guest is paused, or fetches its memory afterwards, as the driver is configured. */
    forceComplete: operation({
      verb: 'POST',
      path: 'servers/{server_id}/migrations/{id}/action',
      action: 'force_complete',
      input: OneMigration,
      since: '2.22',
      status: 202,
    }),
    /** Abort it; the server stays where it is. From 2.65 on also while `queued` or `preparing`. */
    abort: operation({
      verb: 'DELETE',
      path: 'servers/{server_id}/migrations/{id}',
      input: OneMigration,
      since: '2.24',
      status: 202,
    }),
  },
});
