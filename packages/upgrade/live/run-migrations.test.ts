import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Host, memoryJournal } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { expect, onTestFinished, test } from 'vitest';
import type { UpgradeTopology } from '../src/run.ts';
import { carryOut, planOf } from '../test/run/fixtures/carry-out.ts';
import { SimulatedSite } from '../test/run/fixtures/simulated-site.ts';
import { hop } from '../test/run/fixtures/topology.ts';

// A plan's migrations by the real tools of Debian, on databases of their own (SQLite): their exit codes are what the recipes say they
// are. Packages and services are simulated, since the machine of a test is not to be upgraded.
const topology: UpgradeTopology = {
  hosts: [
    { name: 'ctl-1', runs: ['keystone', 'glance-api', 'placement-api', 'cinder-scheduler', 'cinder-api'] },
  ],
};

const configured = [
  ['keystone', 'database'],
  ['glance', 'database'],
  ['placement', 'placement_database'],
  ['cinder', 'database'],
] as const;

/** A folder with a configuration for each service. */
async function configurations(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'upgrade-run-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [service, section] of configured)
    await writeFile(
      path.join(folder, `${service}.conf`),
      `[${section}]\nconnection = sqlite:///${path.join(folder, service)}.db\n`,
    );
  return folder;
}

const local = localHost({ name: 'ctl-1' });

/** The simulated host, of which the services' own tools are real. */
const withRealTools = (host: Host, ran: string[]): Host => ({
  ...host,
  run: async (command, options) => {
    if (command[0] !== 'flock') return host.run(command, options);
    const result = await local.run(command, options);
    ran.push(
      `${command
        .slice(2)
        .filter((word) => !word.startsWith('/') && word !== '--config-file')
        .join(' ')}: ${result.exitCode}`,
    );
    return result;
  },
});

test(
  'schemas are expanded, contracted and found to be so, and data is migrated, by the real tools',
  { timeout: 600_000 },
  async () => {
    const folder = await configurations();
    const rewrite = ([program, ...words]: readonly [string, ...string[]]) =>
      [program, '--config-file', path.join(folder, `${program.split('-')[0]}.conf`), ...words] as const;
    // What the old release left.
    for (const program of ['placement-manage', 'cinder-manage'])
      await local.run(rewrite([program, 'db', 'sync']));

    const site = new SimulatedSite(topology);
    const ran: string[] = [];
    const plan = planOf({ topology }, hop('zed', '2023.1'));
    // The majors of the simulated site are those of a later hop, which are as good.
    const journal = memoryJournal();
    const hosts = site.hosts.map((host) => withRealTools(host, ran));
    const from = { apis: site.apis, heartbeats: site.heartbeats };
    const how = { journal, sudo: false, rewrite };
    const outcome = await carryOut(plan, { ...from, hosts }, how);
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ status: 'succeeded' });

    const of = (service: string) =>
      ran.filter((line) => line.startsWith(service)).map((line) => line.replace(/^\S+ /, ''));
    expect(of('keystone')).toEqual([
      'db_sync --check: 2',
      'db_sync --expand: 0',
      'db_sync --check: 4',
      'db_sync --migrate: 0',
      'db_sync --check: 4',
      'db_sync --contract: 0',
      'db_sync --check: 0',
    ]);
    // After the expansion of an empty database it sees nothing to migrate, and says that at once.
    expect(of('glance')).toEqual([
      'db check: 3',
      'db expand: 0',
      'db check: 5',
      'db check: 5',
      'db check: 5',
      'db check: 5',
      'db contract: 0',
      'db check: 0',
    ]);
    expect(of('cinder')).toEqual([
      'db online_data_migrations --max_count 1000: 0',
      'db sync: 0',
      'db online_data_migrations --max_count 1000: 0',
    ]);
    expect(of('placement')).toHaveLength(3);

    // Once more, by another run: what is done is found, and nothing is contracted a second time.
    ran.length = 0;
    const same = planOf({ topology, services: ['keystone', 'glance'] }, hop('zed', '2023.1'));
    const again = await carryOut(same, { ...from, hosts }, { ...how, journal: memoryJournal() });
    expect(again.status).toBe('succeeded');
    expect(ran.filter((line) => /expand|contract/.test(line))).toEqual(['glance-manage db expand: 0']);
  },
);
