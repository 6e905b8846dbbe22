import { connect } from '@groundcrew/core';
import { run } from '@groundcrew/runbook';
import { reset, status } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import {
  confirmed,
  levelEvents,
  LevelError,
  levelImplementations,
  planLevel,
  restoreLevels,
  untilLeaseEnds,
} from '../../src/levels.ts';
import { atSim } from './at-sim.ts';

const WSGI = 'cinder.api.openstack.wsgi';
const KEYSTONE = 'keystonemiddleware.auth_token';
const MANAGER = 'cinder.volume.manager';

test('one call reaches one of two workers: the trap that this is about', async () => {
  const { cloud, levels } = await atSim();
  await cloud.blockStorage.services.setLog({ binary: 'cinder-api', level: 'DEBUG' });
  expect(await levels('cinder-api', WSGI)).toBe('INFO DEBUG INFO DEBUG INFO DEBUG');
});

test('a volume service is set, told, and put back when the lease is over', async () => {
  const { simulated, cloud, journals, journal, plan, execute, levels } = await atSim();
  const planned = await plan({ service: 'cinder-volume', level: 'debug', for: '15m' });
  const outcome = execute(planned);
  const { coverage, until } = await confirmed(outcome, journal());
  expect((await outcome).status).toBe('paused');
  const services = (await Array.fromAsync(cloud.blockStorage.services.list({ binary: 'cinder-volume' })))
    .length;
  expect(coverage).toEqual({ asked: services, confirmed: services, unverifiable: [], down: [] });
  expect(await levels('cinder-volume', MANAGER, 1)).toMatch(/^DEBUG(\/DEBUG)*$/);

  const restore = () => restoreLevels({ journals, cloud, by: 'timer' });
  expect(await restore()).toEqual({ restored: [], held: [{ journal: 'one.journal', until }], failed: [] });
  expect(await levels('cinder-volume', MANAGER, 1)).toMatch(/^DEBUG/);
  await simulated.clock.advance('15m');
  expect(await restore()).toEqual({ restored: ['one.journal'], held: [], failed: [] });
  expect(await levels('cinder-volume', MANAGER, 1)).toMatch(/^INFO(\/INFO)*$/);
  expect(await levels('cinder-volume', KEYSTONE, 1)).toMatch(/^WARNING(\/WARNING)*$/);
  expect(await restore()).toEqual({ restored: [], held: [], failed: [] });

  expect(levelEvents(await journal().read())).toMatchObject([
    { action: 'logging-levels.set', outcome: 'success', who: {}, target: { id: 'cinder-volume' } },
    { action: 'logging-levels.restore', outcome: 'success', who: { user_name: 'timer' } },
  ]);
});

test.each([1, 2, 3, 4, 7])(
  'each of %i workers of the API is set, and each logger of each put back',
  async (workers) => {
    const { cloud, journals, journal, plan, execute, levels } = await atSim({
      volumeApiWorkers: workers,
    });
    const outcome = execute(await plan({ service: 'cinder-api', level: 'debug', for: '15m', workers }));
    const { coverage } = await confirmed(outcome, journal());
    expect(coverage).toMatchObject({ asked: workers, confirmed: 1, down: [] });
    const others = workers === 1 ? [] : [`cinder-api on controller-1: ${workers - 1} of ${workers} workers`];
    expect(coverage.unverifiable.map((line) => line.split(';')[0])).toEqual(others);
    const all = (level: string): string => Array.from({ length: 2 * workers }, () => level).join(' ');
    expect(await levels('cinder-api', WSGI, 2 * workers)).toBe(all('DEBUG'));
    const { restored } = await restoreLevels({ journals, cloud, early: true });
    expect(restored).toEqual(['one.journal']);
    expect(await levels('cinder-api', WSGI, 2 * workers)).toBe(all('INFO'));
    expect(await levels('cinder-api', KEYSTONE, 2 * workers)).toBe(all('WARNING'));
    expect(await levels('cinder-api', `${KEYSTONE}.__init__`, 2 * workers)).toBe(all('WARNING'));
  },
);

test('workers of which nobody told the number are never told as done', async () => {
  const { journal, plan, execute, levels } = await atSim({ volumeApiWorkers: 3 });
  const { coverage } = await confirmed(
    execute(await plan({ service: 'cinder-api', level: 'debug', for: '15m' })),
    journal(),
  );
  expect(coverage).toMatchObject({ asked: 1, confirmed: 1 });
  expect(coverage.unverifiable).toEqual([expect.stringContaining('nobody told how many workers')]);
  expect(await levels('cinder-api', WSGI, 3)).toBe('DEBUG DEBUG DEBUG');
});

test('a service that does it late is waited for', async () => {
  const { journal, plan, execute, levels } = await atSim({ timing: { cast: '3s' } });
  const planned = await plan({ service: 'cinder-scheduler', level: 'error', for: '15m' });
  const { coverage } = await confirmed(execute(planned), journal());
  expect(coverage).toMatchObject({ asked: 1, confirmed: 1 });
  expect(await levels('cinder-scheduler', 'cinder.scheduler.manager', 1)).toBe('ERROR');
});

test('a service that never does it: nothing is told as set, and what may come later is put back', async () => {
  const { simulated, cloud, journals, journal, plan, execute, levels } = await atSim({
    timing: { cast: '2h' },
  });
  const planned = await plan({ service: 'cinder-scheduler', level: 'debug', for: '15m' });
  const outcome = execute(planned);
  await expect(confirmed(outcome, journal())).rejects.toThrow(LevelError);
  await expect(confirmed(outcome, journal())).rejects.toThrow(/no cinder-scheduler tells that it has DEBUG/);
  await simulated.clock.advance('3h');
  expect(await levels('cinder-scheduler', 'cinder.scheduler.manager', 1)).toBe('DEBUG');
  const restore = () => restoreLevels({ journals, cloud });
  // It is slow to put back as well; the journal keeps that it is due.
  expect((await restore()).failed).toMatchObject([{ journal: 'one.journal' }]);
  await simulated.clock.advance('3h');
  expect((await restore()).restored).toEqual(['one.journal']);
  expect(await levels('cinder-scheduler', 'cinder.scheduler.manager', 1)).toBe('INFO');
});

test('a worker that starts again meanwhile is set again', async () => {
  const { simulated, cloud, journal, plan, execute, levels } = await atSim({ volumeApiWorkers: 3 });
  const planned = await plan({ service: 'cinder-api', level: 'debug', for: '15m', workers: 3 });
  // Once the level is being set, a worker dies at each tenth request.
  const asked = simulated.requests.count({ operation: 'services.getLog' });
  let died = 0;
  const watching: typeof fetch = (input, init) => {
    const answers = simulated.requests.count({ operation: 'services.getLog' }) - asked - 18;
    if (died < 3 && answers > 10 * (died + 1)) simulated.volumeProcesses.restartApiWorker(died++);
    return fetch(input, init);
  };
  const { connectOptions } = await simulated.listen();
  const watched = connect({ ...connectOptions, clock: simulated.clock, fetch: watching });
  onTestFinished(() => watched[Symbol.asyncDispose]());
  expect(watched).not.toBe(cloud);
  const implementations = levelImplementations({ cloud: watched });
  await confirmed(execute(planned, { implementations }), journal());
  expect(died).toBe(3);
  expect(await levels('cinder-api', WSGI, 6)).toBe('DEBUG DEBUG DEBUG DEBUG DEBUG DEBUG');
});

test('an API that is away for some requests is waited for', async () => {
  const { simulated, journal, plan, execute, levels } = await atSim();
  const planned = await plan({ service: 'cinder-volume', level: 'debug', for: '15m' });
  simulated.fault({ match: { operation: 'services.setLog' }, first: 4, reply: status(503) });
  simulated.fault({ match: { operation: 'services.getLog' }, skip: 1, first: 4, reply: reset() });
  await confirmed(execute(planned), journal());
  expect(await levels('cinder-volume', MANAGER, 1)).toMatch(/^DEBUG/);
});

test('services that are down are told, since Cinder passes over them', async () => {
  const { simulated, cloud, journals, journal, plan, execute } = await atSim({ scenario: 'site' });
  simulated.hosts.kill('controller-3');
  await simulated.clock.advance('2m');
  const planned = await plan({ service: 'cinder-scheduler', level: 'debug', for: '15m' });
  const { coverage } = await confirmed(execute(planned), journal());
  expect(coverage).toEqual({
    asked: 2,
    confirmed: 2,
    unverifiable: [],
    down: ['cinder-scheduler on controller-3'],
  });
  // Now one goes that has the level: it is not known whether its process goes on.
  simulated.hosts.kill('controller-2');
  await simulated.clock.advance('15m');
  const restore = () => restoreLevels({ journals, cloud });
  expect((await restore()).failed).toEqual([
    { journal: 'one.journal', why: expect.stringContaining('controller-2') },
  ]);
  simulated.hosts.revive('controller-2');
  await simulated.clock.advance('2m');
  expect((await restore()).restored).toEqual(['one.journal']);
});

test('the caller that stays puts it back itself', async () => {
  const { simulated, journal, plan, execute, levels } = await atSim();
  const planned = await plan({ service: 'cinder-backup', level: 'debug', for: '15m', workers: 1 });
  const gate = untilLeaseEnds({ journal: journal(), clock: simulated.clock });
  const began = simulated.clock.now();
  expect((await execute(planned, { gate })).status).toBe('succeeded');
  expect(simulated.clock.now() - began).toBeGreaterThanOrEqual(900_000);
  expect(await levels('cinder-backup', 'cinder.backup.manager', 1)).toBe('INFO');
});

test('a run that is resumed after its lease sets nothing', async () => {
  const { simulated, cloud, journal, plan, execute, levels } = await atSim();
  const planned = await plan({ service: 'cinder-volume', level: 'debug', for: '15m' });
  // Its first process ends when the levels are noted, as one that is stopped.
  const noted = run(planned, {
    approved: planned.digest,
    implementations: levelImplementations({ cloud: cloud }),
    journal: journal(),
  });
  noted.events.on('record', ({ event }) => {
    if (event.type === 'step-succeeded' && event.step === 'remember') noted.pause();
  });
  expect((await noted.outcome).status).toBe('paused');
  await simulated.clock.advance('1h');
  expect(await execute(planned, { gate: async () => 'open' })).toMatchObject({
    status: 'partially-succeeded',
    failures: [{ step: 'set', code: 'levels.lease-over' }],
  });
  expect(simulated.requests.count({ operation: 'services.setLog' })).toBe(0);
  expect(await levels('cinder-volume', MANAGER, 1)).toMatch(/^INFO/);
});

test('a prefix is all that is set and put back', async () => {
  const { cloud, journals, journal, plan, execute, levels } = await atSim();
  const planned = await plan({
    service: 'cinder-volume',
    level: 'debug',
    for: '1h',
    prefix: 'cinder.volume',
  });
  await confirmed(execute(planned), journal());
  expect(await levels('cinder-volume', MANAGER, 1)).toMatch(/^DEBUG/);
  expect(await levels('cinder-volume', 'cinder.manager', 1)).toMatch(/^INFO/);
  await restoreLevels({ journals, cloud, early: true });
  expect(await levels('cinder-volume', MANAGER, 1)).toMatch(/^INFO/);
});

test('a level that all have already is not lent again: the end of the second lease would leave it for ever', async () => {
  const { cloud, journal, plan, execute } = await atSim();
  const request = { service: 'cinder-volume', level: 'debug', for: '15m' } as const;
  await confirmed(execute(await plan(request)), journal());
  expect(await planLevel(request, { cloud })).toMatchObject({
    ok: false,
    refusals: [{ code: 'levels.already' }],
  });
});

test('workers that differ already cannot be put back each, and are refused unless it is said how', async () => {
  const { cloud, plan, execute, journal, journals, levels } = await atSim();
  await cloud.blockStorage.services.setLog({ binary: 'cinder-api', prefix: 'cinder', level: 'DEBUG' });
  const request = { service: 'cinder-api', level: 'error', for: '1h', workers: 2 } as const;
  expect(await planLevel(request, { cloud })).toMatchObject({
    ok: false,
    refusals: [{ code: 'levels.mixed', remedy: expect.stringContaining('restoreTo') }],
  });
  await confirmed(execute(await plan({ ...request, restoreTo: 'info' })), journal());
  await restoreLevels({ journals, cloud, early: true });
  expect(await levels('cinder-api', WSGI, 4)).toBe('INFO INFO INFO INFO');
});

test('a user who may not is refused, and so is an API that is too old', async () => {
  const { cloud } = await atSim({}, 'demo');
  const request = { service: 'cinder-volume', level: 'debug', for: '15m' } as const;
  expect(await planLevel(request, { cloud })).toMatchObject({
    ok: false,
    refusals: [{ code: 'levels.denied' }],
  });

  // What Cinder of Ocata says, whose API ends at 3.27.
  const old = await atSim();
  old.simulated.fault({
    match: { operation: 'services.getLog' },
    reply: status(406, {
      message: 'Version 3.32 is not supported by the API. Minimum is 3.0 and maximum is 3.27.',
    }),
  });
  expect(await planLevel(request, { cloud: old.cloud })).toMatchObject({
    ok: false,
    refusals: [{ code: 'levels.unsupported', remedy: expect.stringContaining('3.32') }],
  });
  expect(await planLevel(request, {})).toMatchObject({ ok: false, refusals: [{ code: 'levels.no-cloud' }] });
});

test('a prefix of no logger, and a server that is none, are refused', async () => {
  const { cloud } = await atSim();
  const request = { service: 'cinder-volume', level: 'debug', for: '15m' } as const;
  for (const wrong of [{ prefix: 'nova' }, { server: 'controller-9' }])
    expect(await planLevel({ ...request, ...wrong }, { cloud })).toMatchObject({
      ok: false,
      refusals: [{ code: 'levels.no-logger' }],
    });
});

test.each([
  ['a level that Cinder has not', { level: 'trace' }],
  ['no lease', { for: undefined }],
  ['a lease of no time', { for: 0 }],
  ['no workers', { workers: 0 }],
  ['a slip', { sever: 'lab' }],
  ['one host of the API', { service: 'cinder-api', server: 'controller-1' }],
])('%s is refused by its name', async (_what, wrong) => {
  const { cloud } = await atSim();
  const request = { service: 'cinder-volume', level: 'debug', for: '15m', ...wrong };
  await expect(planLevel(request as never, { cloud })).rejects.toMatchObject({
    code: 'input',
    field: Object.keys(wrong).at(-1),
  });
});
