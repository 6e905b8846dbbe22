import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOvsdbSnapshot } from '../../src/control-plane/ovsdb-snapshot.ts';

/** A record as `ovsdb/log.c` writes it. */
function record(value: unknown): Buffer {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  const hash = createHash('sha1').update(body).digest('hex');
  return Buffer.concat([Buffer.from(`OVSDB JSON ${body.length} ${hash}\n`), body]);
}

const schema = record({
  name: 'OVN_Northbound',
  version: '7.0.0',
  tables: { Logical_Switch: {}, ACL: {} },
});

test('rows are those that the transactions leave', () => {
  const bytes = Buffer.concat([
    schema,
    record({
      _date: 1,
      _comment: 'x',
      Logical_Switch: { a: { name: 'one' }, b: { name: 'two' } },
      ACL: { c: {} },
    }),
    record({ _is_diff: true, Logical_Switch: { a: null, b: { name: 'ü' } }, ACL: { c: null } }),
  ]);
  expect(readOvsdbSnapshot(bytes)).toEqual({
    database: 'OVN_Northbound',
    version: '7.0.0',
    rows: { Logical_Switch: 1 },
  });
});

test.each([
  ['nothing', Buffer.alloc(0), /empty/],
  [
    'an answer of something else',
    Buffer.from('ovsdb-client: failed to connect\n'),
    /at byte 0 no record begins/,
  ],
  ['a clustered file', Buffer.from('CLUSTER 12 00\n{}'), /no record begins/],
  ['no schema', record({ Logical_Switch: {} }), /no schema/],
  [
    'a table that the schema has not',
    Buffer.concat([schema, record({ Other: { a: {} } })]),
    /no table Other/,
  ],
  ['a list', Buffer.concat([schema, record([1])]), /no transaction/],
])('%s is no snapshot', (_, bytes, why) => {
  expect(readOvsdbSnapshot(bytes)).toMatchObject({ why: expect.stringMatching(why) });
});

test('whatever byte is changed, and wherever it is cut off, it is found', () => {
  const whole = Buffer.concat([schema, record({ Logical_Switch: { a: { name: 'one' } } })]);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(whole);
      changed[at] = ((changed[at] ?? 0) + by) % 256;
      expect(readOvsdbSnapshot(changed)).toHaveProperty('why');
      // At the end of the schema it is a snapshot of an empty database.
      const cut = readOvsdbSnapshot(whole.subarray(0, at));
      expect('why' in cut).toBe(at !== schema.length);
    }),
    { numRuns: 500 },
  );
});
