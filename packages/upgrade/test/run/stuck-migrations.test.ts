import { connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import { stuckMigrations } from '../../src/run.ts';

/** A cloud whose moves of servers take an hour. */
async function slowCloud() {
  const simulated = simulateCloud({ scenario: 'site', timing: { action: '1h' } });
  const { connectOptions } = await simulated.listen();
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  onTestFinished(async () => {
    await cloud.close();
    await simulated.close();
  });
  return { simulated, cloud };
}

const { signal } = new AbortController();

test('a migration that stands still is told, and one that waits for its user is not', async () => {
  const { simulated, cloud } = await slowCloud();
  const probe = stuckMigrations({ cloud, after: '10m' });
  expect(await probe(signal)).toEqual({ ok: true });
  const [server] = await Array.fromAsync(cloud.compute.servers.list({ all_tenants: true, status: 'ACTIVE' }));
  await cloud.compute.servers.migrate({ id: server?.id ?? '' });
  expect(await probe(signal)).toEqual({ ok: true });
  await simulated.clock.advance('11m');
  expect(await probe(signal)).toEqual({
    ok: false,
    error: expect.stringMatching(new RegExp(`^server ${server?.id} has been [a-z-]+ for more than 10 min$`)),
  });
  await simulated.clock.advance('2h');
  // VERIFY_RESIZE: it waits, and may for days.
  expect(await probe(signal)).toEqual({ ok: true });
});

test('who may not see them gets no answer that all is well', async () => {
  const { simulated } = await slowCloud();
  const { connectOptions } = await simulated.listen();
  await using demo = connect({
    ...connectOptions,
    auth: { ...connectOptions.auth, username: 'demo', project_name: 'demo' },
    clock: simulated.clock,
  });
  await expect(stuckMigrations({ cloud: demo })(signal)).rejects.toMatchObject({ status: 403 });
  expect(() => stuckMigrations({ cloud: demo, after: 'soon' as never })).toThrow(
    expect.objectContaining({ field: 'after' }),
  );
});
