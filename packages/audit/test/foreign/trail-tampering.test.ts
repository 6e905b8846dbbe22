import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sqliteStore, type Verification } from '../../src/trail.ts';
import { fill, keys, openSigned } from './tampered-site.ts';
import { tamperings } from './tamperings.ts';

// Groundcrew's issue 9, kind 3: `DELETE … WHERE seq <= N` at a checkpoint, the index of requests, garbage of every kind.

async function verified(sql: string, key?: string): Promise<Verification> {
  const path = await mkdtemp(join(tmpdir(), 'groundcrew-tampering-'));
  const file = join(path, 'trail.db');
  try {
    const trail = await openSigned(sqliteStore(file), key);
    const anchors = await fill(trail);
    await trail.close();
    const attacker = new DatabaseSync(file);
    attacker.exec(sql);
    attacker.close();
    await using again = await openSigned(sqliteStore(file), key);
    return await again.verify({ keys, anchors });
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

describe(`${tamperings.length} tamperings in SQLite, each with and without a key`, () => {
  test('nothing happened: nothing is found', async () => {
    expect(await verified('SELECT 1')).toMatchObject({ ok: true, records: 30, signedTo: 20 });
  });

  test.each(tamperings)('$name', async ({ sql }) => {
    for (const key of [undefined, 'a key that the store does not have']) {
      const { ok, bad } = await verified(sql, key);
      expect(ok).toBe(false);
      expect(bad).toMatchObject({
        seq: expect.any(Number) as number,
        what: expect.any(String) as string,
        expected: expect.stringMatching(/./) as string,
        found: expect.stringMatching(/./) as string,
      });
    }
  });
});

test('parts that are not what was written are not read as if nobody had done it, and are not overwritten', async () => {
  const path = await mkdtemp(join(tmpdir(), 'groundcrew-tampering-'));
  try {
    const file = join(path, 'trail.db');
    await using trail = await openSigned(sqliteStore(file));
    await fill(trail);
    const attacker = new DatabaseSync(file);
    attacker.exec(`UPDATE trail_record SET parts = ' ' || parts WHERE seq = 5`);
    const partsOf = () => attacker.prepare('SELECT parts FROM trail_record WHERE seq = 5').get();
    const before = partsOf();
    await expect(Array.fromAsync(trail.find({ to: { id: 'rule-5' } }))).rejects.toMatchObject({
      code: 'trail.broken',
    });
    const store = sqliteStore(file);
    await expect(store.redact([5], ['person'])).rejects.toThrow(/not what was written/);
    expect(partsOf()).toEqual(before);
    await store.close();
    attacker.close();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
});

const columns = {
  trail_record:
    'seq recorded id at kind action outcome service target_type target_id user_id user_name project_id address core parts hash'.split(
      ' ',
    ),
  trail_request: ['seq', 'request_id'],
  trail_thing: ['seq', 'target_id'],
  trail_checkpoint: ['checkpoint'],
  trail_meta: ['value'],
} as const;
type Table = keyof typeof columns;

const edits = fc.constantFrom(...(Object.keys(columns) as Table[])).chain((table) =>
  fc.record({
    table: fc.constant(table),
    column: fc.constantFrom<string>(...columns[table]),
    row: fc.nat(),
    value: fc.oneof(
      fc.integer({ min: -40, max: 40 }),
      fc.maxSafeInteger(),
      fc.string(),
      fc.json(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 4 }),
    ),
    remove: fc.boolean(),
  }),
);

test('300 random edits of any row, column and table: each that changed something is found', async () => {
  const path = await mkdtemp(join(tmpdir(), 'groundcrew-edits-'));
  const file = join(path, 'trail.db');
  try {
    const trail = await openSigned(sqliteStore(file));
    const anchors = await fill(trail);
    const attacker = new DatabaseSync(file);
    const dump = (table: Table): string =>
      JSON.stringify(attacker.prepare(`SELECT quote(rowid_or) AS r FROM (${listing(table)})`).all());
    await fc.assert(
      fc.asyncProperty(edits, async ({ table, column, row, value, remove }) => {
        const before = dump(table);
        const undo = attacker.prepare(`SELECT * FROM ${table}`);
        undo.setReadBigInts(true);
        const rows = undo.all();
        const which = rows[row % rows.length] ?? {};
        const where = Object.keys(which)
          .map((name) => `${name} IS ?`)
          .join(' AND ');
        try {
          if (remove) attacker.prepare(`DELETE FROM ${table} WHERE ${where}`).run(...Object.values(which));
          else
            attacker
              .prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`)
              .run(value, ...Object.values(which));
        } catch {
          // The table itself refuses it: two of the same number, or nothing where something must be.
        }
        const changed = dump(table) !== before;
        const { ok, bad } = await trail.verify({ keys, anchors });
        attacker.exec(`DELETE FROM ${table}`);
        for (const one of rows)
          attacker
            .prepare(
              `INSERT INTO ${table} (${Object.keys(one).join(', ')}) VALUES (${Object.keys(one)
                .map(() => '?')
                .join(', ')})`,
            )
            .run(...Object.values(one));
        expect({ ok, hasPlace: Number.isInteger(bad?.seq) }).toEqual({ ok: !changed, hasPlace: changed });
      }),
      { numRuns: 300 },
    );
    attacker.close();
    await trail.close();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
});

/** All that a table holds, with the type of each value. */
const listing = (table: Table): string => {
  const names =
    table === 'trail_meta'
      ? ['name', 'value']
      : table === 'trail_checkpoint'
        ? ['seq', 'checkpoint']
        : columns[table];
  return `SELECT ${names.map((name) => `quote(${name})`).join(" || ',' || ")} AS rowid_or FROM ${table} ORDER BY 1`;
};

test('a retirement is a maintenance event: signed before anything goes; a forged one behind the last signature is none', async () => {
  const path = await mkdtemp(join(tmpdir(), 'groundcrew-retired-'));
  try {
    const file = join(path, 'trail.db');
    const trail = await openSigned(sqliteStore(file));
    await fill(trail);
    const before = new Date(Date.now() + 60_000).toISOString();
    expect(await trail.retire({ before, by: 'retention', reason: 'a year is over' })).toBe(30);
    expect(await trail.verify({ keys })).toMatchObject({ ok: true, from: 31, records: 1, signedTo: 31 });
    const retirement = (await Array.fromAsync(trail.find({ kind: 'groundcrew' })))[0];
    expect(retirement?.event).toMatchObject({ action: 'retire', detail: { from: 1, up_to: 30 } });
    const attacker = new DatabaseSync(file);
    // Its signature goes: now it could be anybody's.
    attacker.exec('DELETE FROM trail_checkpoint WHERE seq = (SELECT max(seq) FROM trail_checkpoint)');
    attacker.close();
    expect(await trail.verify({ keys })).toMatchObject({
      ok: false,
      bad: { seq: 30, what: 'retired-without-event' },
    });
    await trail.close();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
});
