/** What `listenTo` needs of a pool. */
export interface ListenablePool {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

const heard = new WeakSet<ListenablePool>();
const unheard = (): void => undefined;

/**
 * A pool whose idle connection breaks ends the process if nobody listens to it. It makes another connection by itself, so that
 * listening is enough. Of each pool this is done once.
 */
export function listenTo(pool: ListenablePool): void {
  if (heard.has(pool)) return;
  heard.add(pool);
  pool.on('error', unheard);
}

/** A connection that is lent out, of which more is used than is named here: a `PoolClient` of `pg` is one. */
export interface TransactionClient {
  query(text: string): Promise<unknown>;
  /** With an error: the connection is closed, not lent again. */
  release(error?: Error | boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

export interface TransactionPool<Client extends TransactionClient> extends ListenablePool {
  connect(): Promise<Client>;
}

/**
 * Runs work between `begin` and COMMIT on a connection of the pool. If anything fails, the connection is closed, which undoes
 * what was begun, since its state is not known; the error is handed on as it came. The pool is listened to from here on.
 *
 * @example
 * const rows = await transaction(pool, 'BEGIN', (client) => client.query('SELECT 1'));
 */
export async function transaction<Client extends TransactionClient, T>(
  pool: TransactionPool<Client>,
  begin: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  listenTo(pool);
  const client = await pool.connect();
  // A connection that breaks tells whoever uses it, too: its next statement rejects, and that is enough.
  client.on('error', unheard);
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    client.removeListener('error', unheard);
    client.release();
    return result;
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}
