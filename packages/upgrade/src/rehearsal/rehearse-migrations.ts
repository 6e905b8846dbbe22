import { parseArguments, systemClock } from '@groundcrew/ground';
import type { Estimate } from '@groundcrew/runbook';
import { recipes } from '../run/recipes.ts';
import { type CopiedDatabase, copyDatabases, dropCopies, fingerprintOf } from './copy-databases.ts';
import { DatabaseClient } from './database-client.ts';
import { leadCells } from './lead-cells.ts';
import { MigrationTools } from './migration-tools.ts';
import { RehearsalError } from './rehearsal-error.ts';
import { type RehearsalOptions, rehearsalOptions } from './rehearsal-options.ts';
import type { RehearsedMigration } from './rehearsed-migration.ts';
import { databasesOf } from './rehearsed-services.ts';

/** What a rehearsal came to. */
export interface MigrationRehearsal {
  /** When it began; ISO 8601. */
  readonly at: string;
  readonly databases: readonly CopiedDatabase[];
  readonly migrations: readonly RehearsedMigration[];
  /** Whether every migration ended well. After one that did not, those of its service that come later were not tried. */
  readonly ok: boolean;
  /** Durations for `planUpgrade({ estimates })`. */
  readonly estimates: { readonly [step: string]: Estimate };
}

/**
 * Rehearses the migrations of a hop on copies of the databases, with the new release's tools: which fail, how long they take, and which
 * tables nobody could write to meanwhile. The originals are read in one transaction; that nothing has changed them is looked at afterwards.
 *
 * The tools are told of the copies by a configuration file that is read after the service's own, and Nova's cells are led to the copies
 * before any of them runs. Give `url` an account with rights on copies only, and nothing else can be reached at all.
 *
 * @throws InputError naming the field; RehearsalError; what the host throws
 * @example
 * const rehearsal = await rehearseMigrations({
 *   host,
 *   services: ['keystone', 'nova'],
 *   url: (database) => `mysql+pymysql://rehearsal:${password}@db-2/${database}?charset=utf8`,
 * });
 * const planned = planUpgrade(hop, { ...options, estimates: rehearsal.estimates });
 */
export async function rehearseMigrations(options: RehearsalOptions): Promise<MigrationRehearsal> {
  parseArguments('rehearseMigrations', rehearsalOptions, options);
  const {
    host,
    client = ['mariadb'],
    into = client,
    dump = ['mariadb-dump'],
    prefix = 'rehearsal_',
  } = options;
  const { databases: names, services, keep = false, clock = systemClock, signal } = options;
  const at = new Date(clock.now()).toISOString();
  const from = new DatabaseClient(host, client, { signal });
  const to = new DatabaseClient(host, into, { signal });
  const wanted = services.flatMap((service) =>
    databasesOf(service, names?.[service]).map(({ database }) => database),
  );
  const before = await fingerprints(from, wanted);
  const copied = await copyDatabases(wanted, { host, from, into: to, dump, prefix, options: { signal } });
  try {
    const tools = await MigrationTools.make({ ...options, prefix, into: to });
    const migrations: RehearsedMigration[] = [];
    try {
      if (services.includes('nova')) await leadCells(to, tools.novaUrls());
      for (const recipe of recipes) {
        const service = services.find((one) => one === recipe.service);
        if (service !== undefined) migrations.push(...(await tools.rehearse(service, recipe)));
      }
    } finally {
      await tools.end();
    }
    await refuseChanged(from, before);
    return {
      at,
      databases: copied,
      migrations,
      ok: migrations.every(({ ok }) => ok),
      estimates: estimatesOf(migrations, at),
    };
  } finally {
    if (!keep) await dropCopies(to, copied);
  }
}

async function fingerprints(
  from: DatabaseClient,
  databases: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>();
  for (const database of databases) all.set(database, await fingerprintOf(from, database));
  return all;
}

async function refuseChanged(from: DatabaseClient, before: ReadonlyMap<string, string>): Promise<void> {
  for (const [database, was] of before)
    if ((await fingerprintOf(from, database)) !== was)
      throw new RehearsalError(
        'rehearsal.original-changed',
        `the schema of ${database} has changed meanwhile`,
        {
          remedy: 'Look at once whether somebody upgraded it, or a tool reached it instead of its copy.',
        },
      );
}

function estimatesOf(migrations: readonly RehearsedMigration[], at: string): MigrationRehearsal['estimates'] {
  const basis = `rehearsed on a copy of ${at}`;
  return Object.fromEntries(
    migrations
      .filter(({ ok }) => ok)
      .map(({ service, phase, durationMs }) => [`${service}.${phase}`, { duration: durationMs, basis }]),
  );
}
