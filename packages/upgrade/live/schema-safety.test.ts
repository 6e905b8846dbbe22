import path from 'node:path';
import { ensureLab } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { beforeAll, expect, test } from 'vitest';
import {
  type CodeModels,
  type SchemaSnapshot,
  modelsOf,
  modelsScript,
  readSchema,
  rollingSafety,
  schemaChanges,
} from '../src/schema.ts';

// The migrations of Debian's real Neutron, on an empty database of the lab's server.
const host = localHost({ name: 'lab' });
const database = `groundcrew_schema_${process.pid}`;
let configuration = '';
let client: [string, ...string[]] = ['mariadb'];

const sql = (query: string) => host.run([...client, `--execute=${query}`]);

beforeAll(async () => {
  const lab = await ensureLab();
  const folder = path.dirname(lab.cloudsYaml);
  configuration = path.join(folder, 'lab/etc/neutron/neutron.conf');
  client = ['mariadb', '--no-defaults', `--socket=${path.join(folder, 'infra/mysql.sock')}`, '--user=root'];
  await sql(`CREATE DATABASE ${database}`);
  return () => sql(`DROP DATABASE ${database}`);
}, 600_000);

const manage = (...words: string[]) => {
  const socket = client.find((word) => word.startsWith('--socket='))?.slice('--socket='.length) ?? '';
  const url = `mysql+pymysql://root@localhost/${database}?unix_socket=${socket}&charset=utf8`;
  return host.run(
    ['neutron-db-manage', '--config-file', configuration, '--database-connection', url, ...words],
    { timeout: '5m' },
  );
};

/** Of Debian's Python, which has Debian's services: another one on the path has not. */
async function modelsHere(service: string): Promise<CodeModels> {
  const { stdout } = await host.run(['/usr/bin/python3', '-c', modelsScript(service)], { timeout: '2m' });
  return modelsOf(service, stdout);
}

function missingIn(schema: SchemaSnapshot, { columns }: CodeModels): readonly string[] {
  const there = new Set(schema.columns.map(({ table, column }) => `${table}.${column}`));
  return columns.map(({ table, column }) => `${table}.${column}`).filter((one) => !there.has(one));
}

test(
  'Victoria to Zed cannot be rolled: its expand takes away what the old code reads',
  { timeout: 600_000 },
  async () => {
    await manage('upgrade', 'victoria');
    // The contract branch has no milestone of that name, and would be left where it was years before.
    await manage('upgrade', '--contract');
    const before = await readSchema({ host, database, client });
    await manage('upgrade', '--expand');
    const after = await readSchema({ host, database, client });
    const gone = schemaChanges(before, after).map(
      ({ kind, table, column }) => `${kind} ${table}.${column ?? '*'}`,
    );
    expect(gone).toEqual(
      expect.arrayContaining([
        'column-gone portforwardings.socket',
        'column-gone portforwardings.external_port',
        'column-gone address_groups.description',
        'table-gone portbindingports.*',
      ]),
    );
    // The old code is not on this machine: its schema speaks for it.
    expect(rollingSafety('neutron', { before, after }).verdict).toBe('unknown');

    // Zed's own code knows the schema that it has now, and nothing of it is missing.
    const models = await modelsHere('neutron');
    expect(models.columns.length).toBeGreaterThan(400);
    expect(rollingSafety('neutron', { before: after, after, models })).toMatchObject({
      verdict: 'pass',
      conflicts: [],
    });
    expect(missingIn(after, models)).toEqual([]);
  },
);

test.each([
  ['keystone', 'lab_keystone', 40],
  ['glance', 'lab_glance', 6],
  ['placement', 'lab_placement', 10],
  ['cinder', 'lab_cinder', 30],
  ['nova', 'lab_nova', 25],
  ['nova-api', 'lab_nova_api', 15],
  ['neutron', 'lab_neutron', 100],
] as const)(
  'the models of %s are those of its database',
  { timeout: 120_000 },
  async (service, of, tables) => {
    const models = await modelsHere(service);
    expect(new Set(models.columns.map(({ table }) => table)).size).toBeGreaterThan(tables);
    expect(missingIn(await readSchema({ host, database: of, client }), models)).toEqual([]);
  },
);

test('a database that is not there is an error, and no schema without columns', async () => {
  await expect(readSchema({ host, database: 'nowhere', client })).rejects.toThrow(
    'no table, or is not there',
  );
});
