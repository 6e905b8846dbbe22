import { z } from 'zod';
import { InputError, optionsSchema, parseArguments } from '@groundcrew/ground';
import { LeaseLostError } from '../journal/journal-errors.ts';
import { frozenJson } from '../json.ts';
import type { State } from '../journal/state.ts';
import { Database, postgresPlace, type PostgresPlace } from './database.ts';
import { fence } from './fence.ts';

export interface PostgresStateOptions extends PostgresPlace {
  /** The name under which it is kept: `ha/site-a`. */
  readonly name: string;
  /** Name of the lease whose holder may write: that of the `postgresLease` of the same schema. */
  readonly lease: string;
}

const postgresStateOptions = optionsSchema<PostgresStateOptions>({
  ...postgresPlace,
  name: z.string().min(1),
  lease: z.string().min(1),
});

/**
 * A value in PostgreSQL that only the holder of a lease can write: the lease is looked at in the statement that writes, so
 * a holder that was suspended and succeeded cannot overwrite what its successor kept.
 *
 * @throws LeaseLostError from `save` if another holder leads, or nobody; InputError without a token, and on an option
 *   that there is not. Then nothing was written
 * @example
 * const lease = postgresLease({ pool, name: 'controller' });
 * const state = postgresState({ pool, name: 'ha/site-a', lease: 'controller' });
 * const held = await lease.acquire({ holder: hostname() });
 * await state.save({ recoveries: [] }, held.token);
 */
export function postgresState(options: PostgresStateOptions): State {
  parseArguments('postgresState', postgresStateOptions, options);
  const { name, lease } = options;
  const database = new Database(options);
  const { schema } = database;
  return {
    async load() {
      const [row] = await database.query(`SELECT value::text FROM ${schema}.state WHERE name = $1`, [name]);
      return row === undefined ? undefined : frozenJson(JSON.parse(String(row['value'])), name);
    },
    async save(value, token) {
      if (token === undefined)
        throw new InputError(`postgresState: token: ${name} is written under the lease ${lease}`, {
          field: 'token',
          operation: 'postgresState',
        });
      const [row] = await database.query(
        `WITH ${fence(schema)}
         INSERT INTO ${schema}.state (name, token, value)
         SELECT $3, fence.token, $4::json FROM fence
         ON CONFLICT (name) DO UPDATE SET token = EXCLUDED.token, value = EXCLUDED.value
         RETURNING token::text`,
        [lease, token, name, JSON.stringify(frozenJson(value, name))],
      );
      if (row === undefined)
        throw new LeaseLostError(
          `${name} is not written: the lease ${lease} with token ${token} is not held`,
          {
            remedy: 'Let the one that leads go on.',
          },
        );
    },
  };
}
