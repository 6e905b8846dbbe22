import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  modelsOf,
  modelsScript,
  rollingSafety,
  type SchemaColumn,
  schemaChanges,
  type SchemaSnapshot,
} from '../../src/schema.ts';

const column = (name: string, type = 'varchar(255)', more: Partial<SchemaColumn> = {}): SchemaColumn => {
  const [table = '', own = ''] = name.split('.');
  return { table, column: own, type, nullable: true, hasDefault: false, ...more };
};
const schema = (...columns: SchemaColumn[]): SchemaSnapshot => ({ database: 'neutron', columns });
const required = { nullable: false, hasDefault: false };

describe('Neutron, Victoria to Zed, as its expand was seen to do it', () => {
  const before = schema(
    column('portforwardings.socket', 'varchar(36)', required),
    column('portforwardings.external_port', 'int(11)', required),
    column('networkrbacs.target_tenant', 'varchar(255)', required),
    column('portbindingports.port_id', 'varchar(36)', required),
    column('address_groups.description'),
    column('ports.name'),
  );
  const after = schema(
    column('portforwardings.external_port_start', 'int(11)', required),
    column('networkrbacs.target_project', 'varchar(255)', required),
    column('address_groups.standard_attr_id', 'bigint(20)', required),
    column('ports.name'),
    column('ports.added'),
  );

  test('by what was changed alone it is not known, and named', () => {
    const { verdict, conflicts } = rollingSafety('neutron', { before, after });
    expect(verdict).toBe('unknown');
    expect(conflicts.map(({ kind, table, column: name }) => [kind, table, name])).toEqual([
      ['table-gone', 'portbindingports', undefined],
      ['column-gone', 'portforwardings', 'socket'],
      ['column-gone', 'portforwardings', 'external_port'],
      ['column-gone', 'networkrbacs', 'target_tenant'],
      ['column-gone', 'address_groups', 'description'],
      ['needs-a-value', 'portforwardings', 'external_port_start'],
      ['needs-a-value', 'networkrbacs', 'target_project'],
      ['needs-a-value', 'address_groups', 'standard_attr_id'],
    ]);
  });

  test('by the models of the old code it is a no, for that of which the code knows', () => {
    const models = {
      service: 'neutron',
      columns: before.columns
        .filter(({ table }) => table !== 'portbindingports')
        .map(({ table, column: name, nullable }) => ({ table, column: name, nullable })),
    };
    const { verdict, conflicts, harmless } = rollingSafety('neutron', { before, after, models });
    expect(verdict).toBe('fail');
    expect(conflicts.every(({ certainty }) => certainty === 'sure')).toBe(true);
    expect(harmless.map(({ table }) => table)).toEqual(['portbindingports']);
  });
});

test('2025.1 to 2026.1: a column that becomes NOT NULL hits only code that leaves it out', () => {
  const before = schema(column('network_segment_ranges.physical_network', 'varchar(64)'));
  const after = schema(column('network_segment_ranges.physical_network', 'varchar(64)', required));
  const of = (nullable: boolean) => ({
    service: 'neutron',
    columns: [{ table: 'network_segment_ranges', column: 'physical_network', nullable }],
  });
  expect(rollingSafety('neutron', { before, after, models: of(true) }).verdict).toBe('fail');
  expect(rollingSafety('neutron', { before, after, models: of(false) }).verdict).toBe('pass');
  // The plugin is not loaded.
  expect(
    rollingSafety('neutron', { before, after, models: { service: 'neutron', columns: [] } }).verdict,
  ).toBe('pass');
});

test('models that know more than the old schema has are of another release, and nothing passes by them', () => {
  const before = schema(column('ports.name'));
  const models = {
    service: 'neutron',
    columns: [
      { table: 'ports', column: 'name', nullable: true },
      { table: 'networksegments', column: 'name', nullable: true },
    ],
  };
  expect(rollingSafety('neutron', { before, after: before, models })).toEqual({
    service: 'neutron',
    verdict: 'unknown',
    conflicts: [],
    harmless: [],
    notInBefore: ['networksegments.name'],
  });
  // What breaks for sure breaks still.
  expect(rollingSafety('neutron', { before, after: schema(), models }).verdict).toBe('fail');
});

describe('types', () => {
  test.each([
    ['varchar(255)', 'varchar(64)', 'narrower'],
    ['varchar(64)', 'varchar(255)', undefined],
    ['bigint(20)', 'int(11)', 'narrower'],
    ['int(11)', 'bigint(20)', undefined],
    ['int(11)', 'int(10) unsigned', 'narrower'],
    ['text', 'mediumtext', undefined],
    ['longtext', 'text', 'narrower'],
    ["enum('a','b')", "enum('a','b','c')", undefined],
    ["enum('a','b')", "enum('a')", 'narrower'],
    ['datetime', 'timestamp', 'other-type'],
    ['varchar(36)', 'text', undefined],
  ])('%s to %s: %s', (old, now, kind) => {
    expect(
      schemaChanges(schema(column('t.c', old)), schema(column('t.c', now))).map((change) => change.kind),
    ).toEqual(kind === undefined ? [] : [kind]);
  });
});

const columns = fc.array(
  fc.record({
    table: fc.constantFrom('a', 'b'),
    column: fc.constantFrom('x', 'y', 'z'),
    type: fc.constantFrom('int(11)', 'varchar(10)', 'text'),
    nullable: fc.boolean(),
    hasDefault: fc.boolean(),
  }),
  { maxLength: 6 },
);

test('a schema that only grows by what may be left out breaks nothing', () => {
  fc.assert(
    fc.property(columns, columns, (given, more) => {
      const before = {
        database: 'd',
        columns: given.filter(
          (one, at) => given.findIndex((two) => two.table === one.table && two.column === one.column) === at,
        ),
      };
      const added = more
        .filter((one) => !before.columns.some((two) => two.table === one.table && two.column === one.column))
        .map((one) => ({ ...one, nullable: true }));
      expect(schemaChanges(before, { database: 'd', columns: [...before.columns, ...added] })).toEqual([]);
    }),
  );
});

test('models are read behind warnings, and nothing else is taken for them', () => {
  expect(modelsOf('nova', 'warning: old\n[["instances", "uuid", false]]\n').columns).toEqual([
    { table: 'instances', column: 'uuid', nullable: false },
  ]);
  for (const printed of ['', 'Traceback', '[]', '[["a"]]'])
    expect(() => modelsOf('nova', printed)).toThrow('no models');
  expect(modelsScript('neutron')).toContain('get_metadata()');
  expect(() => modelsScript('trove')).toThrow('not known here');
});
