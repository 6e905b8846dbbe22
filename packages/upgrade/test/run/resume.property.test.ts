import type { Outcome, Plan } from '@groundcrew/runbook';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UpgradeTopology } from '../../src/run.ts';
import { carryOut, planOf } from './fixtures/carry-out.ts';
import { type Death, MortalRunner } from './fixtures/mortal-runner.ts';
import { SimulatedSite } from './fixtures/simulated-site.ts';
import { topology } from './fixtures/topology.ts';

const traffic = { takeOut: async () => {}, putBack: async () => {} };

/** One process after the other, until one is not killed. */
async function liveOn(
  plan: Plan,
  { site, deaths }: { readonly site: SimulatedSite; readonly deaths: readonly Death[] },
): Promise<{ readonly outcome: Outcome; readonly runner: MortalRunner }> {
  const runner = new MortalRunner(site, deaths);
  for (let life = 0; life <= deaths.length; life += 1) {
    const outcome = await carryOut(plan, site, { ...traffic, journal: runner.revive() });
    if (!runner.wasKilled) return { outcome, runner };
  }
  throw new Error('it was killed more often than it was to be');
}

/** What must not happen twice to a cloud, however often the runner dies. */
const once = /--contract|db contract/;

async function expectTheSameEnd(
  plan: Plan,
  {
    of,
    deaths,
    calm,
  }: { readonly of: UpgradeTopology; readonly deaths: readonly Death[]; readonly calm: unknown },
): Promise<void> {
  const site = new SimulatedSite(of);
  const { outcome } = await liveOn(plan, { site, deaths });
  expect(outcome.status, JSON.stringify(outcome)).toBe('succeeded');
  expect(site.violations).toEqual([]);
  expect(site.state).toEqual(calm);
  const acted = site.commands.filter((line) => once.test(line));
  expect(acted).toEqual([...new Set(acted)]);
}

const small: UpgradeTopology = {
  hosts: [
    { name: 'ctl-1', runs: ['keystone', 'nova-conductor', 'nova-api'] },
    { name: 'cmp-1', runs: ['nova-compute'] },
  ],
};

test('killed at every single command and every append, before it, after it and amid an install: the same end', async () => {
  const plan = planOf({ topology: small, drain: ['api'], outage: ['keystone'] });
  const calm = new SimulatedSite(small);
  const { runner } = await liveOn(plan, { site: calm, deaths: [] });
  expect(runner.traces).toBeGreaterThan(100);
  for (let after = 0; after < runner.traces; after += 1)
    for (const trace of ['left', 'lost'] as const)
      await expectTheSameEnd(plan, { of: small, deaths: [{ after, trace }], calm: calm.state });
  expect(runner.divisible).toHaveLength(3);
  for (const after of runner.divisible)
    await expectTheSameEnd(plan, { of: small, deaths: [{ after, trace: 'half' }], calm: calm.state });
});

test('killed several times, wherever it is by then', async () => {
  const plan = planOf({ drain: ['compute'] });
  const calm = new SimulatedSite(topology);
  const { runner } = await liveOn(plan, { site: calm, deaths: [] });
  expect(calm.violations).toEqual([]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ after: fc.nat(runner.traces), trace: fc.constantFrom('left' as const, 'lost' as const) }),
        { maxLength: 6 },
      ),
      // The last one may come after the end.
      async (deaths) => expectTheSameEnd(plan, { of: topology, deaths, calm: calm.state }),
    ),
    { numRuns: 40 },
  );
});
