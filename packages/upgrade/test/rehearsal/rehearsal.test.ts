import { Secret } from '@groundcrew/ground';
import { describe, expect, test } from 'vitest';
import { rehearseMigrations, type RehearsalOptions } from '../../src/rehearsal.ts';
import { ScriptedServer } from './scripted-server.ts';

const url = (database: string) => new Secret(`mysql+pymysql://rehearsal:pa$$word@db/${database}`);

const rehearsed = (host: ScriptedServer, more: Partial<RehearsalOptions> = {}) =>
  rehearseMigrations({ host, services: ['keystone', 'nova'], url, ...more });

/** The commands of services' tools that were run. */
const toolsOf = (host: ScriptedServer): string[] =>
  host.asked.map(({ command }) => command.join(' ')).filter((text) => /^\w+-manage/.test(text));

test('the migrations of a hop go over copies, in their order, and are timed', async () => {
  const host = new ScriptedServer();
  host.exits = [['online_data_migrations', [1, 1, 0], '| m | 60 | 50 |\n']];
  const rehearsal = await rehearsed(host, { batch: 50 });
  expect(rehearsal.ok).toBe(true);
  expect(rehearsal.migrations.map(({ service, phase }) => `${service}.${phase}`)).toEqual([
    'keystone.expand',
    'keystone.migrate',
    'keystone.contract',
    'nova.api-sync',
    'nova.sync',
    'nova.migrate-data',
  ]);
  expect(rehearsal.estimates['keystone.expand']).toMatchObject({ duration: 1500 });
  expect(rehearsal.estimates['nova.migrate-data']).toMatchObject({ duration: 4500 });
  expect(rehearsal.migrations.at(-1)).toMatchObject({ rows: 150 });
  expect(rehearsal.migrations[0]?.blocked).toEqual([{ table: 'blocked', ms: 3500 }]);
  expect(rehearsal.databases.map(({ copy }) => copy)).toEqual([
    'rehearsal_keystone',
    'rehearsal_nova',
    'rehearsal_nova_api',
    'rehearsal_nova_cell0',
  ]);
  // What was made is gone, and nothing else.
  expect([...host.databases].toSorted()).toEqual(['keystone', 'nova', 'nova_api', 'nova_cell0']);
  expect(host.asked.map(({ command }) => command.join(' '))).toContain(
    'rm -rf --one-file-system -- /var/tmp/groundcrew-rehearsal-x',
  );
});

describe('the originals', () => {
  test('are never named to a tool: each reads the file of the copies last, and the cells lead to copies before', async () => {
    const host = new ScriptedServer();
    await rehearsed(host);
    for (const text of toolsOf(host)) {
      const service = text.split('-')[0] ?? '';
      expect(text).toContain(
        `--config-file /etc/${service}/${service}.conf --config-file /var/tmp/groundcrew-rehearsal-x/${service}.conf `,
      );
    }
    // The dollar is oslo.config's own, and written twice.
    expect(host.files.get('/var/tmp/groundcrew-rehearsal-x/nova.conf')).toBe(
      [
        '[DEFAULT]',
        'transport_url = fake:///',
        '[database]',
        'connection = mysql+pymysql://rehearsal:pa$$$$word@db/rehearsal_nova',
        '[api_database]',
        'connection = mysql+pymysql://rehearsal:pa$$$$word@db/rehearsal_nova_api',
        '',
      ].join('\n'),
    );
    const led = host.asked.findIndex(({ stdin }) => stdin.includes("WHERE uuid = 'c1'"));
    const first = host.asked.findIndex(({ command }) => command[0].endsWith('-manage'));
    expect(led).toBeGreaterThan(0);
    expect(led).toBeLessThan(first);
    // Passwords go through standard input, which `ps` does not show.
    for (const { command } of host.asked) expect(command.join(' ')).not.toContain('pa$$word');
  });

  test('that have changed meanwhile are told as loudly as can be', async () => {
    const host = new ScriptedServer();
    const run = host.run.bind(host);
    host.run = async (command, options) => {
      const result = await run(command, options);
      if (command.includes('--contract')) host.fingerprint = 'other';
      return result;
    };
    await expect(rehearsed(host)).rejects.toMatchObject({ code: 'rehearsal.original-changed' });
    expect(host.databases.has('rehearsal_keystone')).toBe(false);
  });

  test.each([
    ['rehearsal.exists', (host: ScriptedServer) => void host.databases.add('rehearsal_nova')],
    ['rehearsal.no-database', (host: ScriptedServer) => void host.databases.delete('nova_cell0')],
    ['rehearsal.cells', (host: ScriptedServer) => void host.cells.push('c2')],
    ['rehearsal.cells', (host: ScriptedServer) => void host.cells.shift()],
  ])('%s: no tool is run', async (code, change) => {
    const host = new ScriptedServer();
    change(host);
    const before = new Set(host.databases);
    await expect(rehearsed(host)).rejects.toMatchObject({ code });
    expect(toolsOf(host)).toEqual([]);
    expect(host.databases).toEqual(before);
  });
});

describe('what goes wrong', () => {
  test('a migration that fails is told with its last words, and those behind it are not tried', async () => {
    const host = new ScriptedServer();
    host.exits = [['--migrate', [3]]];
    const rehearsal = await rehearsed(host);
    expect(rehearsal.ok).toBe(false);
    expect(rehearsal.migrations.map(({ service, phase, ok }) => `${service}.${phase} ${ok}`)).toEqual([
      'keystone.expand true',
      'keystone.migrate false',
      'nova.api-sync true',
      'nova.sync true',
      'nova.migrate-data true',
    ]);
    expect(rehearsal.migrations[1]?.error).toBe('exit 3: it broke');
    expect(Object.keys(rehearsal.estimates)).not.toContain('keystone.migrate');
  });

  test('online migrations that say they did something and did nothing are not asked for ever', async () => {
    const host = new ScriptedServer();
    host.exits = [['online_data_migrations', [1, 1, 1, 1], '| m | 60 | 0 |\n']];
    const rehearsal = await rehearsed(host);
    expect(rehearsal.migrations.at(-1)).toMatchObject({ ok: false, rows: 0 });
  });

  test('options that there are not are refused by their name', async () => {
    const host = new ScriptedServer();
    await expect(rehearsed(host, { services: ['heat' as never] })).rejects.toMatchObject({
      field: 'services.0',
    });
    await expect(rehearsed(host, { prefix: 'a b' })).rejects.toMatchObject({ field: 'prefix' });
    await expect(rehearsed(host, { misspelt: 1 } as never)).rejects.toMatchObject({ field: 'misspelt' });
  });
});
