import { type Host, memoryJournal, type Outcome, run } from '@groundcrew/runbook';
import { VirtualClock } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import {
  commandExecutor,
  type MeterFailure,
  upgradeImplementations,
  upgradeMeter,
  type UpgradeMeter,
  type UpgradeProbe,
} from '../../src/run.ts';
import { planOf } from './fixtures/carry-out.ts';
import { SimulatedSite } from './fixtures/simulated-site.ts';
import { options, topology } from './fixtures/topology.ts';

const plan = planOf({ services: ['keystone'] });

/** A site on which each command takes a third of a second, and Keystone answers nobody while it is restarted on one of its hosts. */
function siteAt(clock: VirtualClock, { breaks }: { readonly breaks: boolean }) {
  const site = new SimulatedSite(topology);
  const seen = { isDown: false };
  const hosts = site.hosts.map((host): Host => ({
    ...host,
    run: async (command, how) => {
      seen.isDown = breaks && host.name === 'ctl-1' && command.includes('restart');
      await clock.sleep(333);
      const result = await host.run(command, how);
      seen.isDown = false;
      return result;
    },
  }));
  const probes: UpgradeProbe[] = [
    {
      name: 'token',
      of: 'api',
      service: 'keystone',
      probe: async () => (seen.isDown ? { ok: false, error: 'HTTP 503' } : { ok: true }),
    },
    { name: 'ping', of: 'workload', service: 'neutron', probe: async () => ({ ok: true }) },
  ];
  return { hosts, probes, apis: site.apis };
}

function upgradeAt(given: { readonly breaks: boolean }) {
  const clock = new VirtualClock(options.now, { mode: 'hand' });
  const { hosts, probes, apis } = siteAt(clock, given);
  const journal = memoryJournal();
  const attempt = (meter: UpgradeMeter): Promise<Outcome> => {
    const execution = run(plan, {
      approved: plan.digest,
      implementations: upgradeImplementations({ hosts, executor: commandExecutor(apis) }),
      journal,
      gate: async () => 'open',
      clock,
    });
    meter.guard(execution);
    return execution.outcome;
  };
  /** Lets the time pass until something has happened. */
  const until = async <T>(promise: Promise<T>): Promise<T> => {
    const seen = { isOver: false };
    const over = promise.finally(() => {
      seen.isOver = true;
    });
    over.catch(() => undefined);
    while (!seen.isOver) {
      await clock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return over;
  };
  return { clock, probes, journal, attempt, until };
}

test('a failed request pauses the run; it goes on, and the verdict names the step', async () => {
  const { clock, probes, journal, attempt, until } = upgradeAt({ breaks: true });
  const failures: MeterFailure[] = [];
  const meter = upgradeMeter({ probes, clock, interval: '100ms', onFailure: (one) => failures.push(one) });
  onTestFinished(() => until(Promise.resolve(meter[Symbol.asyncDispose]())));
  await clock.advance('3s');
  expect((await until(attempt(meter))).status).toBe('paused');
  // Only the first of them was one too many.
  expect(failures.map(({ name, error, paused }) => [name, error, paused])).toEqual([
    ['token', 'HTTP 503', true],
  ]);
  expect((await until(attempt(meter))).status).toBe('succeeded');
  const verdict = await until(meter.verdict({ plan, records: await journal.read() }));
  expect(verdict).toMatchObject({ class: 'rolling', atMost: 'rolling' });
  expect(verdict.failed.length).toBeGreaterThan(0);
  expect(new Set(verdict.failed.flatMap(({ steps }) => steps))).toEqual(new Set(['restart-keystone-ctl-1']));
});

test('within its budget the run goes on to its end', async () => {
  const { clock, probes, journal, attempt, until } = upgradeAt({ breaks: true });
  const meter = upgradeMeter({ probes, clock, interval: '100ms', budget: 10 });
  onTestFinished(() => until(Promise.resolve(meter[Symbol.asyncDispose]())));
  expect((await until(attempt(meter))).status).toBe('succeeded');
  expect(meter.failed).toBeGreaterThan(0);
  const { class: reached, failed } = await until(meter.verdict({ plan, records: await journal.read() }));
  expect([reached, failed.length]).toEqual(['rolling', meter.failed]);
});

test('with nothing that failed, and minutes before it to compare with, it had no impact', async () => {
  const { clock, probes, journal, attempt, until } = upgradeAt({ breaks: false });
  const meter = upgradeMeter({ probes, clock, interval: '100ms' });
  onTestFinished(() => until(Promise.resolve(meter[Symbol.asyncDispose]())));
  await clock.advance('10s');
  expect((await until(attempt(meter))).status).toBe('succeeded');
  expect(await until(meter.verdict({ plan, records: await journal.read() }))).toMatchObject({
    class: 'zero-impact',
    failed: [],
  });
});

test('what failed before the run is not its fault, and pauses nothing', async () => {
  const { clock, attempt, until } = upgradeAt({ breaks: false });
  let isDown = true;
  const meter = upgradeMeter({
    probes: [
      {
        name: 'token',
        of: 'api',
        service: 'keystone',
        probe: async () => (isDown ? { ok: false, error: 'HTTP 500' } : { ok: true }),
      },
    ],
    clock,
  });
  onTestFinished(() => until(Promise.resolve(meter[Symbol.asyncDispose]())));
  await clock.advance('2s');
  isDown = false;
  expect((await until(attempt(meter))).status).toBe('succeeded');
  expect(meter.failed).toBe(0);
});

test('a probe that is slow by itself has an interval and a limit of its own', async () => {
  const { clock, probes, attempt, until, journal } = upgradeAt({ breaks: false });
  const slow: UpgradeProbe = {
    name: 'server life',
    of: 'api',
    service: 'nova',
    interval: '2s',
    timeout: '20s',
    probe: async () => {
      await clock.sleep(8_000);
      return { ok: true };
    },
  };
  const meter = upgradeMeter({ probes: [...probes, slow], clock, interval: '100ms' });
  onTestFinished(() => until(Promise.resolve(meter[Symbol.asyncDispose]())));
  await clock.advance('10s');
  expect((await until(attempt(meter))).status).toBe('succeeded');
  const { probes: figures } = await until(meter.verdict({ plan, records: await journal.read() }));
  const [token, , life] = figures;
  expect(life).toMatchObject({ name: 'server life', failed: 0, median: 8_000 });
  expect(life?.requests).toBeLessThan((token?.requests ?? 0) / 10);
});

test('options that mean nothing are refused by their field', () => {
  const probe = { name: 'token', of: 'api', service: 'keystone', probe: async () => ({ ok: true }) } as const;
  for (const [given, field] of [
    [{ probes: [] }, 'probes'],
    [{ probes: [probe, probe] }, 'probes'],
    [{ probes: [probe], budget: -1 }, 'budget'],
    [{ probes: [{ ...probe, of: 'user' }] }, 'probes.0.of'],
    [{ probes: [probe], budgets: 1 }, 'budgets'],
    [{ probes: [{ ...probe, interval: 'often' }] }, 'probes.0.interval'],
  ] as const)
    expect(() => upgradeMeter(given as never)).toThrow(expect.objectContaining({ field }));
});
