import path from 'node:path';
import { ensureLab } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { beforeAll, expect, test } from 'vitest';
import { modelsOf, modelsScript, readSchema, rollingSafety, schemaChanges } from '../src/schema.ts';

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

test(
  'Victoria to Zed cannot be rolled: its expand takes away what the old code reads',
  { timeout: 600_000 },
  async () => {
    await manage('upgrade', 'victoria');
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
    const { stdout } = await host.run(['python3', '-c', modelsScript('neutron')], { timeout: '2m' });
    const models = modelsOf('neutron', stdout);
    expect(models.columns.length).toBeGreaterThan(700);
    expect(rollingSafety('neutron', { before: after, after, models })).toMatchObject({
      verdict: 'pass',
      conflicts: [],
    });
    const columns = new Set(after.columns.map(({ table, column }) => `${table}.${column}`));
    const missing = models.columns.filter(({ table, column }) => !columns.has(`${table}.${column}`));
    expect(missing).toEqual([]);
  },
);

test('a database that is not there is an error, and no schema without columns', async () => {
  await expect(readSchema({ host, database: 'nowhere', client })).rejects.toThrow(
    'no table, or is not there',
  );
});
