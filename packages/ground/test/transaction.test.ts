import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { transaction } from '../src/stores.ts';

class Client extends EventEmitter {
  readonly asked: string[] = [];
  readonly released: unknown[] = [];
  readonly #failing: string | undefined;

  constructor(failing?: string) {
    super();
    this.#failing = failing;
  }

  query(text: string): Promise<unknown> {
    this.asked.push(text);
    return text === this.#failing ? Promise.reject(new Error(`no ${text}`)) : Promise.resolve();
  }

  release(error?: Error | boolean): void {
    this.released.push(error);
  }
}

class Pool extends EventEmitter {
  readonly client: Client;

  constructor(client: Client) {
    super();
    this.client = client;
  }

  connect(): Promise<Client> {
    return Promise.resolve(this.client);
  }
}

test('the work is between its beginning and COMMIT, and the connection is lent again, with no listener left', async () => {
  const pool = new Pool(new Client());
  expect(await transaction(pool, 'BEGIN', async (client) => [await client.query('SELECT 1'), 7])).toEqual([
    undefined,
    7,
  ]);
  expect(pool.client.asked).toEqual(['BEGIN', 'SELECT 1', 'COMMIT']);
  expect(pool.client.released).toEqual([undefined]);
  expect(pool.client.listenerCount('error')).toBe(0);
});

test.each(['BEGIN', 'SELECT 1', 'COMMIT'])(
  'if %s fails the connection is closed, and the error is handed on',
  async (failing) => {
    const pool = new Pool(new Client(failing));
    const error = await transaction(pool, 'BEGIN', (client) => client.query('SELECT 1')).catch(
      (caught: unknown) => caught,
    );
    expect(error).toEqual(new Error(`no ${failing}`));
    expect(pool.client.released).toEqual([error]);
    // While it is being closed it may have something to say, which must not end the process.
    pool.client.emit('error', new Error('reset'));
  },
);

test('an idle connection of the pool that breaks ends nothing, and is listened to once', async () => {
  const pool = new Pool(new Client());
  await transaction(pool, 'BEGIN', () => Promise.resolve());
  await transaction(pool, 'BEGIN', () => Promise.resolve());
  expect(pool.listenerCount('error')).toBe(1);
  pool.emit('error', new Error('terminating connection due to administrator command'));
});
