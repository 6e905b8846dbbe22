import type { Cloud } from '@groundcrew/core';
import type { Migration } from '@groundcrew/core/compute';
import {
  anObjectWith,
  aPositiveDuration,
  counted,
  type Duration,
  durationWords,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Probe } from '@groundcrew/monitoring';

export interface StuckMigrationsOptions {
  /** Connected as an administrator. */
  readonly cloud: Cloud;
  /** The time without any news of a migration that is under way. @default '10m' */
  readonly after?: Duration | undefined;
}

const stuckOptions = optionsSchema<StuckMigrationsOptions>({
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'compute', 'clock'),
  after: aPositiveDuration.optional(),
});

/** Statuses that end by themselves. `finished` is not one: a resize waits there for its user. */
const PASSING: ReadonlySet<string> = new Set([
  'accepted',
  'queued',
  'preparing',
  'pre-migrating',
  'migrating',
  'post-migrating',
  'running',
  'confirming',
  'reverting',
]);

/**
 * A probe that fails while a migration of a server stands still. With releases mixed one can stand for ever, with no error in any log: a
 * new compute casts to a topic that an old one does not have, where `[upgrade_levels] compute` is not set.
 *
 * @throws InputError naming the field
 * @example
 * upgradeMeter({
 *   probes: [
 *     { name: 'migrations move', of: 'api', service: 'nova', probe: stuckMigrations({ cloud }), interval: '30s' },
 *   ],
 * });
 */
export function stuckMigrations(options: StuckMigrationsOptions): Probe {
  parseArguments('stuckMigrations', stuckOptions, options);
  const { cloud, after = '10m' } = options;
  return async (signal) => {
    // They are the newest first, and those under way are few: the whole history of a cloud is not read.
    const changesSince = new Date(cloud.clock.now() - LOOKED_BACK).toISOString();
    const stuck: Migration[] = [];
    for await (const migration of cloud.compute
      .at('2.59')
      .migrations.list({ 'changes-since': changesSince }, { signal }))
      if (PASSING.has(migration.status) && stillFor(migration, cloud.clock.now()) > milliseconds(after))
        stuck.push(migration);
    const [first] = stuck;
    if (first === undefined) return { ok: true };
    const { instance_uuid: server, status } = first;
    const words = `server ${server} has been ${status} for more than ${durationWords(after)}`;
    return {
      ok: false,
      error: stuck.length === 1 ? words : `${counted(stuck.length, 'migration')} stand still: ${words}`,
    };
  };
}

/** A week: what stood still before that is no news of an upgrade. */
const LOOKED_BACK = 7 * 86_400_000;

const stillFor = ({ updated_at, created_at }: Migration, now: number): number =>
  now - Date.parse(updated_at ?? created_at);
