import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { isOutOfRange, storeFailure } from '../src/stores.ts';

/** What SQLite itself throws. */
function thrownBy(work: (database: DatabaseSync) => unknown): unknown {
  const database = new DatabaseSync(':memory:');
  database.exec(
    'CREATE TABLE taken (id INTEGER PRIMARY KEY) STRICT; INSERT INTO taken VALUES (9007199254740993)',
  );
  try {
    work(database);
  } catch (error) {
    return error;
  } finally {
    database.close();
  }
  throw new Error('nothing was thrown');
}

test.each([
  ['a table that is gone', (database: DatabaseSync) => database.prepare('SELECT * FROM gone'), 'unreadable'],
  [
    'a number that no number of JavaScript holds',
    (database: DatabaseSync) => database.prepare('SELECT id FROM taken').all(),
    'unreadable',
  ],
  [
    'the same once more',
    (database: DatabaseSync) => database.exec('INSERT INTO taken VALUES (9007199254740993)'),
    'refused',
  ],
  [
    'a text for a number',
    (database: DatabaseSync) => database.exec("INSERT INTO taken VALUES ('a')"),
    'refused',
  ],
] as const)('SQLite: %s', (_, work, failure) => {
  expect(storeFailure(thrownBy(work))).toBe(failure);
});

test('SQLite: only a number that is too great is out of range', () => {
  expect(isOutOfRange(thrownBy((database) => database.prepare('SELECT id FROM taken').all()))).toBe(true);
  expect(isOutOfRange(thrownBy((database) => database.prepare('SELECT * FROM gone')))).toBe(false);
});

test.each([
  ['42P01', 'unreadable'],
  ['42703', 'unreadable'],
  ['XX001', 'unreadable'],
  ['22003', 'refused'],
  ['23505', 'refused'],
  ['54000', 'refused'],
  ['42501', undefined],
  ['53100', undefined],
  ['57P01', undefined],
  // Not of the server: Node’s own.
  ['ECONNRESET', undefined],
  ['22', undefined],
])('PostgreSQL: SQLSTATE %s is %s', (code, failure) => {
  expect(storeFailure(Object.assign(new Error('no'), { code }))).toBe(failure);
});

test('what is no error of a database is none of its failures', () => {
  for (const error of [undefined, null, 'no', new Error('no'), Object.assign(new Error('no'), { code: 7 })])
    expect(storeFailure(error)).toBeUndefined();
});
