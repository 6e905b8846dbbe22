import path from 'node:path';
import { ensureLab } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { beforeAll, expect, test } from 'vitest';
import { rehearseMigrations } from '../src/rehearsal.ts';

// The real tools of Debian's Zed, on copies of the lab's real databases. They have nothing to migrate, but for what a test puts there.
const host = localHost({ name: 'lab' });
let folder = '';
let client: [string, ...string[]] = ['mariadb'];
let dump: [string, ...string[]] = ['mariadb-dump'];

beforeAll(async () => {
  const lab = await ensureLab();
  folder = path.dirname(lab.cloudsYaml);
  const socket = `--socket=${path.join(folder, 'infra/mysql.sock')}`;
  client = ['mariadb', '--no-defaults', socket, '--user=root'];
  dump = ['mariadb-dump', '--no-defaults', socket, '--user=root'];
}, 600_000);

const sql = async (query: string): Promise<string> => {
  const { stdout } = await host.run([...client, '--batch', '--skip-column-names', `--execute=${query}`]);
  return stdout.trim();
};

const url = (database: string): string =>
  `mysql+pymysql://root@localhost/${database}?unix_socket=${path.join(folder, 'infra/mysql.sock')}&charset=utf8`;

const names = {
  keystone: { main: 'lab_keystone' },
  glance: { main: 'lab_glance' },
  placement: { main: 'lab_placement' },
  cinder: { main: 'lab_cinder' },
  nova: { main: 'lab_nova', api: 'lab_nova_api', cell0: 'lab_nova_cell0' },
  neutron: { main: 'lab_neutron' },
} as const;
const services = Object.keys(names) as (keyof typeof names)[];
const configOf = (service: string): string =>
  path.join(folder, `lab/etc/${service}/${service === 'glance' ? 'glance-api' : service}.conf`);

test(
  'every tool goes over the copies, and the originals stay as they are',
  { timeout: 900_000 },
  async () => {
    const cells = await sql('SELECT database_connection FROM lab_nova_api.cell_mappings');
    const rehearsal = await rehearseMigrations({
      host,
      services,
      databases: names,
      client,
      dump,
      url,
      config: Object.fromEntries(services.map((service) => [service, [configOf(service)]])),
      prefix: `try${process.pid}_`,
    });
    for (const { service, phase, durationMs, error } of rehearsal.migrations)
      process.stdout.write(`${service}.${phase} ${durationMs} ms ${error ?? ''}\n`);
    expect(rehearsal.migrations.filter(({ ok }) => !ok)).toEqual([]);
    expect(new Set(rehearsal.migrations.map(({ service }) => service))).toEqual(new Set(services));
    expect(await sql('SELECT database_connection FROM lab_nova_api.cell_mappings')).toBe(cells);
    expect(await sql(`SHOW DATABASES LIKE 'try${process.pid}%'`)).toBe('');
  },
);

test(
  'a schema of the release before is brought to this one on the copy alone, and what it blocks is told',
  { timeout: 900_000 },
  async () => {
    // Neutron's of Victoria, with a hundred thousand rows of what every resource has.
    const database = `groundcrew_old_${process.pid}`;
    await sql(`CREATE DATABASE ${database}`);
    try {
      const old = { config: configOf('neutron') };
      const manage = (...words: string[]) =>
        host.run(
          [
            'neutron-db-manage',
            '--config-file',
            old.config,
            '--database-connection',
            url(database),
            ...words,
          ],
          { timeout: '5m' },
        );
      await manage('upgrade', 'victoria');
      await manage('upgrade', '--contract');
      await sql(
        `USE ${database}; INSERT INTO standardattributes (id, resource_type, revision_number) SELECT seq, 'ports', 1 FROM seq_1_to_100000`,
      );
      const head = await sql(`SELECT GROUP_CONCAT(version_num ORDER BY 1) FROM ${database}.alembic_version`);
      const rehearsal = await rehearseMigrations({
        host,
        services: ['neutron'],
        databases: { neutron: { main: database } },
        client,
        dump,
        url,
        config: { neutron: [old.config] },
        prefix: `try${process.pid}_`,
        keep: true,
      });
      const copy = `try${process.pid}_${database}`;
      try {
        expect(rehearsal.migrations.filter(({ ok }) => !ok)).toEqual([]);
        process.stdout.write(
          `${rehearsal.migrations.map(({ phase, durationMs, blocked }) => `${phase} ${durationMs} ms, blocked ${JSON.stringify(blocked)}`).join('\n')}\n`,
        );
        expect(await sql(`SELECT COUNT(*) FROM ${copy}.standardattributes`)).toBe('100000');
        expect(
          await sql(`SELECT GROUP_CONCAT(version_num ORDER BY 1) FROM ${copy}.alembic_version`),
        ).not.toBe(head);
        expect(
          await sql(`SELECT GROUP_CONCAT(version_num ORDER BY 1) FROM ${database}.alembic_version`),
        ).toBe(head);
        // In earnest it takes about as long: within a factor of three, on a machine that does other things as well.
        const begun = performance.now();
        await manage('upgrade', '--expand');
        const real = performance.now() - begun;
        const rehearsed = rehearsal.migrations.find(({ phase }) => phase === 'expand')?.durationMs ?? 0;
        process.stdout.write(`rehearsed ${rehearsed} ms, in earnest ${Math.round(real)} ms\n`);
        expect(rehearsed / real).toBeGreaterThan(1 / 3);
        expect(rehearsed / real).toBeLessThan(3);
      } finally {
        await sql(`DROP DATABASE ${copy}`);
      }
    } finally {
      await sql(`DROP DATABASE ${database}`);
    }
  },
);
