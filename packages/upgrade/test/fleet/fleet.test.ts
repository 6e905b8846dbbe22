import { connect } from '@groundcrew/core';
import { hang, simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import type { DetectedRelease } from '../../src/index.ts';
import { calendarText, fleetText, type FleetMember, surveyFleet, upgradeCalendar } from '../../src/fleet.ts';

const NOW = Date.parse('2026-11-30T00:00:00Z');

/** A simulated cloud of a release, on a socket. */
async function member(name: string, release: string): Promise<FleetMember & { readonly fault: () => void }> {
  const simulated = simulateCloud({ release });
  const { connectOptions } = await simulated.listen();
  onTestFinished(() => simulated.close());
  return {
    name,
    connect: () => connect(connectOptions),
    fault: () => void simulated.fault({ match: { service: 'identity' }, reply: hang() }),
  };
}

const unreachable: FleetMember = {
  name: 'gone',
  connect: () =>
    connect({
      auth: { auth_url: 'http://127.0.0.1:9/v3', username: 'a', password: 'b', project_name: 'c' },
      retries: 0,
    }),
};

test('each says what it runs, and one that is gone costs none of the others', async () => {
  const members = [await member('old', 'zed'), unreachable, await member('new', '2026.1')];
  const asked: string[] = [];
  const fleet = await surveyFleet(members, {
    now: NOW,
    onSurveyed: ({ name }) => asked.push(name),
  });
  expect(fleet.clouds.map(({ name, release }) => [name, release.verdict])).toEqual([
    ['old', 'uniform'],
    ['gone', 'unknown'],
    ['new', 'uniform'],
  ]);
  expect(asked.toSorted()).toEqual(['gone', 'new', 'old']);
  const supported = fleet.clouds.map(
    ({ findings }) => findings.find(({ id }) => id === 'upgrade.supported')?.verdict,
  );
  expect(supported).toEqual(['fail', 'unknown', 'pass']);
  const table = fleetText(fleet).split('\n');
  expect(table[1]).toMatch(/^old {4}Zed \(2022\.2\) +fail$/);
  expect(table[2]).toMatch(/^gone +unknown +unknown +/);
  expect(calendarText(upgradeCalendar(fleet))).toContain(
    '2027-10-27  new  support ends: of 2026.1 (Gazpacho)',
  );
  const overdue = upgradeCalendar(fleet).filter(({ what }) => what === 'overdue');
  expect(overdue).toMatchObject([{ cloud: 'old', day: '2026-11-30' }]);
});

test('one that hangs is given up, and nothing of it rejects unheard', async () => {
  const hanging = await member('hangs', 'zed');
  hanging.fault();
  const fleet = await surveyFleet([hanging], { timeout: '1s', now: NOW });
  expect(fleet.clouds).toMatchObject([{ name: 'hangs', release: { verdict: 'unknown' } }]);
  expect(fleetText(fleet)).toContain('no answer within 1 s');
});

test('the parts of an upgrade end where support does', () => {
  const release: DetectedRelease = {
    verdict: 'uniform',
    candidates: ['flamingo'],
    services: [],
    because: [],
    disambiguateWith: [],
  };
  const observed = {
    value: { services: [] },
    at: '2026-11-30T00:00:00Z',
    source: 'a test',
    completeness: 'complete',
    gaps: [],
  } as const;
  const fleet = { day: '2026-11-30', clouds: [{ name: 'm', observed, release, findings: [] }] };
  const parts = { testing: '10d', planning: '10d', implementing: '5d', stabilising: '5d' } as const;
  expect(upgradeCalendar(fleet, parts).map(({ day, what }) => [day, what])).toEqual([
    ['2027-03-29', 'testing'],
    ['2027-04-08', 'planning'],
    ['2027-04-18', 'implementing'],
    ['2027-04-23', 'stabilising'],
    ['2027-04-28', 'support ends'],
  ]);
  // Two that cannot be told apart have two days.
  const unsure = {
    ...fleet,
    clouds: [
      {
        name: 'm',
        observed,
        release: { ...release, candidates: ['epoxy', 'flamingo'] as const },
        findings: [],
      },
    ],
  };
  expect(upgradeCalendar(unsure)).toMatchObject([
    { what: 'unknown', because: expect.stringContaining('ambiguous') },
  ]);
});

test('a name that is there twice, and an abort', async () => {
  const one = await member('one', 'zed');
  await expect(surveyFleet([one, one])).rejects.toThrow('members.1.name');
  await expect(surveyFleet([one], { signal: AbortSignal.abort(new RangeError('enough')) })).rejects.toThrow(
    'enough',
  );
});
