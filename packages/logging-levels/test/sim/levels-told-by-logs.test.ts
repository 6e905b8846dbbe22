// Levels that are lent on the simulated cloud, told by what its processes write.
import { confirmed, restoreLevels } from '../../src/levels.ts';
import { expect, test } from 'vitest';
import { atSim } from '../levels/at-sim.ts';
import { recordsOf } from './sim-client.ts';

test('DEBUG that was lent appears in the log of each worker and service, and is gone once it is put back', async () => {
  const workers = 2;
  const { simulated, cloud, journals, journal, plan, execute } = await atSim({
    logs: true,
    volumeApiWorkers: workers,
  });
  /** The processes that wrote at DEBUG since this was called the last time. */
  let seen = 0;
  const debugging = async (): Promise<Set<string | undefined>> => {
    for (let asked = 0; asked < 2 * workers; asked += 1)
      await Array.fromAsync(cloud.blockStorage.volumes.list());
    await simulated.clock.advance('2m');
    const { records } = recordsOf([
      ...simulated.logs.lines('cinder-api').slice(seen),
      ...simulated.logs.lines('cinder-volume'),
    ]);
    seen = simulated.logs.lines('cinder-api').length;
    return new Set(records.filter(({ level }) => level === 'debug').map(({ pid }) => pid));
  };
  expect((await debugging()).size).toBe(0);
  const outcome = execute(await plan({ service: 'cinder-api', level: 'debug', for: '15m', workers }));
  await confirmed(outcome, journal());
  expect((await debugging()).size).toBe(workers);
  await restoreLevels({ journals, cloud, early: true });
  // What was written while it was put back is not asked for.
  seen = simulated.logs.lines('cinder-api').length;
  expect((await debugging()).size).toBe(0);

  const second = execute(await plan({ service: 'cinder-volume', level: 'debug', for: '15m' }), {
    journal: journal('two'),
  });
  await confirmed(second, journal('two'));
  expect((await debugging()).size).toBe(1);
  await restoreLevels({ journals, cloud, early: true });
  const before = simulated.logs.lines('cinder-volume').length;
  await simulated.clock.advance('5m');
  expect(simulated.logs.lines('cinder-volume')).toHaveLength(before);
});
