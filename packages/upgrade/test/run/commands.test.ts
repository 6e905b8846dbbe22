import { type CommandOptions, rehearse } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import { commandExecutor, upgradeImplementations } from '../../src/run.ts';
import { carryOut, failureOf, planOf } from './fixtures/carry-out.ts';
import { SimulatedSite } from './fixtures/simulated-site.ts';
import { topology } from './fixtures/topology.ts';

test('a whole cloud goes from 2025.1 to 2026.1, and no rule of its guides is broken', async () => {
  const site = new SimulatedSite(topology);
  const outcome = await carryOut(planOf({ wave: 2 }), site);
  expect(outcome).toMatchObject({ status: 'succeeded' });
  expect(site.violations).toEqual([]);
  for (const { runs } of topology.hosts)
    for (const component of runs)
      expect([component, ...new Set(site.releases(component))]).toEqual([component, 1]);
  expect(site.rows).toEqual({ nova: 0, cinder: 0, placement: 0 });
  expect(Object.fromEntries([...site.migrated].map(([service, phases]) => [service, [...phases]]))).toEqual({
    keystone: ['expand', 'migrate', 'contract'],
    glance: ['expand', 'migrate', 'contract'],
    placement: ['sync'],
    cinder: ['sync'],
    nova: ['api-sync', 'sync'],
    neutron: ['expand'],
  });
  expect(site.text('cmp-1', '/etc/nova/nova.conf')).toBe(
    '[DEFAULT]\nmy_ip = 192.0.2.1\n[upgrade_levels]\ncompute = auto\n',
  );
  expect(site.text('ctl-1', '/usr/sbin/policy-rc.d')).toBeUndefined();
});

test('packages are installed without a question, a removal or another configuration', async () => {
  const site = new SimulatedSite(topology);
  await carryOut(planOf(), site);
  const installs = site.commands.filter((line) => line.includes('apt-get'));
  expect(installs).toHaveLength(17);
  for (const line of installs) {
    expect(line).toContain('apt-get install --yes --no-remove -o Dpkg::Options::=--force-confold');
    expect(line).not.toMatch(/upgrade|autoremove/);
  }
});

describe('an exit code that says something else than it seems', () => {
  test('online migrations: 1 is ask again, until 0', async () => {
    const site = new SimulatedSite(topology);
    await carryOut(planOf({ throttle: { batch: 50, pause: '2s' } }), site);
    const [before, ...rounds] = site.commands.filter((line) =>
      line.includes('nova-manage db online_data_migrations'),
    );
    expect(before).toBe(rounds[0]);
    expect(rounds).toHaveLength(4);
    expect(rounds[0]).toBe('ctl-1: nova-manage db online_data_migrations --max-count 50');
    expect(site.commands.at(-1)).toBe(rounds[3]);
  });

  test('online migrations: 2 is that some fail for good, and is no end', async () => {
    const site = new SimulatedSite(topology);
    site.answer = (_host, command) =>
      command.includes('online_data_migrations') && command[0] === 'cinder-manage' ? { exit: 2 } : undefined;
    expect(await failureOf(carryOut(planOf(), site))).toEqual([
      ['finish-data-cinder', 'upgrade.migrations-failed'],
    ]);
  });

  test('online migrations: 1 with a table in which nothing was done would go on for ever', async () => {
    const site = new SimulatedSite(topology);
    site.answer = (_host, command) =>
      command.includes('online_data_migrations') && command[0] === 'nova-manage'
        ? { exit: 1, out: '| fill_virtual_interface_list |      1       |     0     |\n' }
        : undefined;
    expect(await failureOf(carryOut(planOf(), site))).toEqual([
      ['finish-data-nova', 'upgrade.migrations-stuck'],
    ]);
  });

  test('a *-manage that exits 0 and did nothing is found out by its own check', async () => {
    const site = new SimulatedSite(topology);
    site.answer = (_host, command) =>
      command.join(' ') === 'keystone-manage db_sync --expand' ? {} : undefined;
    expect(await failureOf(carryOut(planOf(), site))).toEqual([['expand-keystone', 'upgrade.did-nothing']]);
  });

  test("keystone's 1 is a broken database, and nothing is migrated", async () => {
    const site = new SimulatedSite(topology);
    site.answer = (_host, command) => (command.includes('--check') ? { exit: 1 } : undefined);
    expect(await failureOf(carryOut(planOf(), site))).toEqual([['expand-keystone', 'upgrade.state-unknown']]);
    expect(site.commands.some((line) => line.includes('--expand'))).toBe(false);
  });

  test('glance-status that ends in 255 is no pass, and goes on only where that was accepted', async () => {
    const site = new SimulatedSite(topology);
    site.answer = (_host, command) =>
      command[0] === 'glance-status' ? { exit: 255, out: 'NoSuchOptError: enabled_backends' } : undefined;
    expect(await failureOf(carryOut(planOf(), site))).toEqual([['check-glance', 'upgrade.check-unknown']]);
    const accepted = await carryOut(
      planOf({ acceptUnknownChecks: ['glance'] }),
      new SimulatedSiteWith(site.answer),
    );
    expect(accepted.status).toBe('succeeded');
  });

  test('a failed check stops before anything serves', async () => {
    const site = new SimulatedSite(topology);
    site.answer = (_host, command) =>
      command[0] === 'cinder-status'
        ? {
            exit: 2,
            out: 'a warning of a library\n{"name": "x", "checks": [{"check": "Windows", "result": 2, "details": "gone"}]}',
          }
        : undefined;
    expect(await failureOf(carryOut(planOf(), site))).toEqual([['check-cinder', 'upgrade.check-failed']]);
    expect(site.releases('cinder-scheduler')).toEqual([0, 0]);
  });

  test('offline migrations of neutron are refused while its servers serve', async () => {
    const site = new SimulatedSite(topology);
    site.answer = (_host, command) => (command.includes('has_offline_migrations') ? { exit: 1 } : undefined);
    expect(await failureOf(carryOut(planOf(), site))).toEqual([['contract-neutron', 'upgrade.needs-outage']]);
  });
});

class SimulatedSiteWith extends SimulatedSite {
  constructor(answer: SimulatedSite['answer']) {
    super(topology);
    this.answer = answer;
  }
}

describe('packages', () => {
  test('sources without the new release: a rehearsal says so before the night, and a run touches nothing', async () => {
    const site = new SimulatedSite(topology);
    site.offersNew = false;
    const plan = planOf();
    const rehearsed = await rehearse(plan, {
      approved: plan.digest,
      implementations: upgradeImplementations({ hosts: site.hosts, executor: commandExecutor(site.apis) }),
    });
    expect(JSON.stringify(rehearsed)).toContain('upgrade.no-candidate');
    expect(await failureOf(carryOut(plan, site))).toEqual([
      ['install-keystone-ctl-1', 'upgrade.no-candidate'],
    ]);
    expect(site.commands.some((line) => line.includes('apt-get'))).toBe(false);
  });

  test('an apt-get that exits 0 and kept the old version back', async () => {
    const site = new SimulatedSite(topology);
    site.answer = (_host, [program]) => (program === 'apt-get' ? {} : undefined);
    expect(await failureOf(carryOut(planOf(), site))).toEqual([
      ['install-keystone-ctl-1', 'upgrade.old-package'],
    ]);
    expect(site.text('ctl-1', '/usr/sbin/policy-rc.d')).toBeUndefined();
  });

  test('one that is half installed is configured first', async () => {
    const site = new SimulatedSite(topology);
    site.breakInstall('cmp-1');
    expect((await carryOut(planOf(), site)).status).toBe('succeeded');
    expect(site.commands).toContain('cmp-1: dpkg --force-confold --configure --pending');
  });

  test("somebody's own policy-rc.d stays", async () => {
    const site = new SimulatedSite(topology);
    const host = site.hosts.find(({ name }) => name === 'cmp-1');
    await host?.upload('#!/bin/sh\nexit 101\n', '/usr/sbin/policy-rc.d');
    await carryOut(planOf(), site);
    expect(site.text('cmp-1', '/usr/sbin/policy-rc.d')).toBe('#!/bin/sh\nexit 101\n');
  });
});

test('a service that starts and ends at once is no restart', async () => {
  const site = new SimulatedSite(topology);
  site.answer = (host, command) =>
    host === 'cmp-2' && command.includes('is-active') && command.at(-1) === 'nova-compute'
      ? { exit: 3 }
      : undefined;
  expect(await failureOf(carryOut(planOf(), site))).toEqual([
    ['restart-nova-compute-cmp-2', 'upgrade.not-running'],
  ]);
});

test('a proof that is too old on the day of the run', async () => {
  const site = new SimulatedSite(topology);
  expect(await failureOf(carryOut(planOf(), site, { now: '2026-12-02T12:00:00Z' }))).toEqual([
    ['confirm-restore', 'upgrade.no-proof'],
  ]);
  expect(site.commands).toEqual([]);
});

test('a host of the plan that was not given: a rehearsal says so, and a run when it comes there', async () => {
  const plan = planOf();
  const few = new SimulatedSite({ hosts: topology.hosts.slice(0, 4) });
  const rehearsed = await rehearse(plan, {
    approved: plan.digest,
    implementations: upgradeImplementations({ hosts: few.hosts, executor: commandExecutor(few.apis) }),
  });
  expect(JSON.stringify(rehearsed)).toContain(
    'the plan has a step on net-1, and no host of that name was given',
  );
  expect(few.commands.filter((line) => /apt-get|manage|restart/.test(line))).toEqual([
    // Whether neutron has offline migrations: it only asks.
    expect.stringContaining('has_offline_migrations'),
  ]);
  const site = new SimulatedSite({ hosts: topology.hosts.slice(0, 4) });
  expect(await failureOf(carryOut(planOf(), site))).toEqual([
    ['install-neutron-net-1', 'upgrade.unknown-host'],
  ]);
});

test('APIs are led around, and a plan that drains is not carried out by who cannot', async () => {
  const plan = planOf({ drain: ['api', 'compute'] });
  expect(await failureOf(carryOut(plan, new SimulatedSite(topology)))).toEqual([
    ['take-out-keystone-ctl-1', 'upgrade.no-traffic'],
  ]);
  const site = new SimulatedSite(topology);
  const led: string[] = [];
  const outcome = await carryOut(plan, site, {
    takeOut: async ({ host, service, kind }) => void led.push(`out ${kind} ${service} ${host}`),
    putBack: async ({ host, service, kind }) => void led.push(`back ${kind} ${service} ${host}`),
  });
  expect(outcome.status).toBe('succeeded');
  expect(led.slice(0, 4)).toEqual([
    'out api keystone ctl-1',
    'back api keystone ctl-1',
    'out api keystone ctl-2',
    'back api keystone ctl-2',
  ]);
  expect(led).toContain('out compute nova cmp-1');
});

test('names of packages, units, users and containers are those of the caller', async () => {
  const site = new SimulatedSite(topology);
  const plan = planOf({ services: ['keystone'] });
  const seen: unknown[] = [];
  const hosts = site.hosts.map((host) => ({
    ...host,
    run: (command: readonly [string, ...string[]], how: CommandOptions = {}) => {
      seen.push([command.join(' '), how.sudo]);
      const [program, ...words] = command.filter((word) => !['podman', 'exec', 'api'].includes(word));
      return host.run([program ?? '', ...words], how);
    },
  }));
  const outcome = await carryOut(
    plan,
    { hosts, apis: site.apis, heartbeats: site.heartbeats },
    {
      users: { keystone: 'www-data' },
      rewrite: (command) => ['podman', 'exec', 'api', ...command],
      control: (verb, unit) => ['systemctl', verb, unit],
    },
  );
  expect(outcome.status).toBe('succeeded');
  expect(seen).toContainEqual([
    'flock /run/lock/groundcrew-keystone.lock podman exec api keystone-manage db_sync --expand',
    'www-data',
  ]);
  expect(seen).toContainEqual(['systemctl restart keystone', true]);
});
