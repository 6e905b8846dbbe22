import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt, since } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Links } from '../../record/links.ts';
import { Limit, Marker } from './paging.ts';
import { known } from '../../record/tolerant.ts';

const MaybeText = z.string().nullable();
const Text = z.string().optional();

/** A move of a server, past or present. */
export const Migration = answer({
  id: z.number(),
  uuid: since('2.59', z.string()),
  instance_uuid: z.string(),
  /**
   * `accepted`, `queued`, `preparing`, `running`, `post-migrating`, `pre-migrating`, `migrating`, `finished`,
   * `confirming`, `confirmed`, `reverting`, `reverted`, `completed`, `cancelled`, `failed`, `error`. An evacuation
   * is `done` until its source host is back and has cleaned up, then `completed`.
   */
  status: known([
    'accepted',
    'queued',
    'preparing',
    'running',
    'post-migrating',
    'pre-migrating',
    'migrating',
    'finished',
    'confirming',
    'confirmed',
    'reverting',
    'reverted',
    'completed',
    'cancelled',
    'failed',
    'error',
    'done',
  ]),
  /** `migration`, `resize`, `live-migration`, `evacuation`. */
  migration_type: since('2.23', MaybeText),
  source_compute: MaybeText,
  source_node: MaybeText,
  dest_compute: MaybeText,
  dest_node: MaybeText,
  dest_host: MaybeText,
  /** Numbers of Nova's database, not the ids of flavors. */
  old_instance_type_id: z.number().nullable(),
  new_instance_type_id: z.number().nullable(),
  created_at: Timestamp,
  updated_at: Timestamp.nullable(),
  /** To `serverMigrations`, while a live migration lasts. */
  links: since('2.23', Links.optional()),
  user_id: since('2.80', MaybeText),
  project_id: since('2.80', MaybeText),
});
export type Migration = OutputAt<typeof Migration>;

/** Moves of servers, the newest first. Administrators only. */
export const migrations = resource({
  name: 'migrations',
  operations: {
    /** Before 2.59 all at once. */
    list: operation({
      verb: 'GET',
      path: 'os-migrations',
      receive: 'migrations',
      page: 'links',
      input: args({
        status: Text,
        /** Source or destination. */
        host: Text,
        source_compute: Text,
        instance_uuid: Text,
        migration_type: z.enum(['evacuation', 'live-migration', 'migration', 'resize']).optional(),
        hidden: z.boolean().optional(),
        limit: since('2.59', Limit),
        /** A migration's uuid. */
        marker: since('2.59', Marker),
        'changes-since': since('2.59', Text),
        'changes-before': since('2.66', Text),
        user_id: since('2.80', Text),
        project_id: since('2.80', Text),
      }),
      output: Migration,
    }),
  },
});
