import { z } from 'zod';
import { anObjectWith, aSchemaName, optionsSchema, parseArguments } from '@groundcrew/ground';
import { listenTo } from '@groundcrew/ground/stores';
import type { Pool } from 'pg';
import type { Notice, NoticeBook } from './notice-book.ts';

export interface PostgresNoticesOptions {
  /** Stays the caller's: it is never ended here. */
  readonly pool: Pool;
  /** Made with its table if it is not there. Lower case. @default 'groundcrew_responses' */
  readonly schema?: string | undefined;
  /** The name of the book in the schema: that of a site. @default 'notices' */
  readonly name?: string | undefined;
}

const noticesOptions = optionsSchema<PostgresNoticesOptions>({
  pool: anObjectWith<Pool>('a pool of pg', 'query', 'on'),
  schema: aSchemaName.optional(),
  name: z.string().min(1).optional(),
});

/**
 * A book of notices that controllers on several machines share, in PostgreSQL 13 or later. Anybody may write: that
 * somebody was told is true, whoever leads.
 *
 * @throws InputError on an option that there is not, and for a schema that is no plain name
 * @example
 * const notices = postgresNotices({ pool, name: 'site-a' });
 */
export function postgresNotices(options: PostgresNoticesOptions): NoticeBook {
  parseArguments('postgresNotices', noticesOptions, options);
  const { pool, schema: given = 'groundcrew_responses', name = 'notices' } = options;
  listenTo(pool);
  // Quoted: `order` is a plain name, too.
  const schema = `"${given}"`;
  let made: Promise<unknown> | undefined;
  async function query(text: string, values: unknown[]): Promise<readonly Row[]> {
    // Several statements in one query are one transaction; the lock keeps two from making the same.
    made ??= pool.query(`
      SELECT pg_advisory_xact_lock(hashtextextended('groundcrew notices', 0));
      CREATE SCHEMA IF NOT EXISTS ${schema};
      CREATE TABLE IF NOT EXISTS ${schema}.notice (
        seq bigserial PRIMARY KEY, book text NOT NULL, key text NOT NULL, channel text NOT NULL, at timestamptz NOT NULL,
        settled timestamptz);
      CREATE INDEX IF NOT EXISTS notice_in_force ON ${schema}.notice (book, key) WHERE settled IS NULL;`);
    try {
      await made;
    } catch (error) {
      // The next one tries again: the server may have been away.
      made = undefined;
      throw error;
    }
    return (await pool.query(text, values)).rows as Row[];
  }
  return {
    async read() {
      const rows = await query(
        `SELECT key, channel, at FROM ${schema}.notice WHERE book = $1 AND settled IS NULL ORDER BY seq`,
        [name],
      );
      return rows.map(noticeOf);
    },
    async note(notices) {
      await query(
        `INSERT INTO ${schema}.notice (book, key, channel, at)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::timestamptz[])`,
        [
          name,
          notices.map(({ key }) => key),
          notices.map(({ channel }) => channel),
          notices.map(({ at }) => at),
        ],
      );
    },
    async settle(keys, at) {
      await query(
        `UPDATE ${schema}.notice SET settled = $3 WHERE book = $1 AND key = ANY($2::text[]) AND settled IS NULL`,
        [name, [...keys], at],
      );
    },
  };
}

type Row = Readonly<Record<string, unknown>>;

const noticeOf = ({ key, channel, at }: Row): Notice => ({
  key: String(key),
  channel: String(channel),
  at: at instanceof Date ? at.toISOString() : new Date(String(at)).toISOString(),
});
