import { hang, htmlPage, reset, status, virtualClock } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import { startMeter } from '../../src/index.ts';
import { bootProbe, listProbe, probe, type ProbeReport, tokenProbe, volumeProbe } from '../../src/probes.ts';
import { defineSlo, probeSli } from '../../src/slo.ts';
import { onSim } from './on-sim.ts';

const stepsOf = ({ steps }: ProbeReport): string[] =>
  steps.map(({ ok, step }) => `${step} ${ok ? 'ok' : 'failed'}`);

describe('each probe on a cloud that is well', () => {
  test('token: a new one each time', async () => {
    const { once, simulated } = await onSim();
    expect((await once(tokenProbe())).answer).toEqual({ ok: true });
    simulated.requests.clear();
    expect((await once(tokenProbe())).answer).toEqual({ ok: true });
    expect(simulated.requests.count({ method: 'POST', path: /auth\/tokens$/ })).toBe(1);
  });

  test.each(['servers', 'volumes', 'networks', 'images'] as const)('list %s', async (of) => {
    const { once } = await onSim();
    expect((await once(listProbe({ of }))).report).toMatchObject({ ok: true, probe: `list ${of}` });
  });

  test('boot: a server, and nothing of it is left', async () => {
    const { everything, flavor, image, once, simulated } = await onSim();
    const { answer, report } = await once(bootProbe({ image, flavor, network: 'none' }));
    expect(answer).toEqual({ ok: true });
    expect(stepsOf(report)).toEqual(['create ok', 'active ok', 'delete ok']);
    expect(report.steps[1]?.durationMs).toBeGreaterThan(0);
    // Nothing is looked for afterwards where all went well.
    expect(simulated.requests.count({ operation: 'servers.list' })).toBe(0);
    expect(await everything()).toEqual([]);
  });

  test('volume: created, attached, taken off, deleted', async () => {
    const { cloud, everything, flavor, image, once } = await onSim();
    const { id } = await cloud.compute
      .at('2.37')
      .servers.create({ name: 'stays', imageRef: image, flavorRef: flavor, networks: 'none' });
    await cloud.compute.servers.waitFor(id, 'ACTIVE');
    const { answer, report } = await once(volumeProbe({ attachTo: id }));
    expect(answer).toEqual({ ok: true });
    expect(stepsOf(report)).toEqual(['create ok', 'available ok', 'attach ok', 'detach ok', 'delete ok']);
    expect(await everything()).toEqual(['stays']);
  });
});

describe('a step that fails is a failing sample that names it, and what was made is removed', () => {
  test.each([
    ['servers.create', status(503), /^create: .*503/, []],
    [
      'servers.create',
      status(403, { message: 'Quota exceeded for cores' }),
      /^create: .*Quota exceeded for cores/,
      [],
    ],
    ['servers.create', htmlPage(502), /^create: /, []],
    ['servers.create', reset('before'), /^create: /, []],
    // The server is made, and only its answer is lost.
    ['servers.create', reset('after'), /^create: /, []],
    ['servers.get', status(503), /^active: .*503/, ['create ok']],
    ['servers.delete', status(503), /^delete: .*503/, ['create ok', 'active ok']],
    ['servers.delete', status(409), /^delete: .*409/, ['create ok', 'active ok']],
  ])('%s: %j', async (operation, reply, says, before) => {
    const { everything, flavor, image, once, simulated } = await onSim();
    const fault = simulated.fault({ match: { operation }, first: 1, reply });
    const { answer, report } = await once(bootProbe({ image, flavor, network: 'none' }));
    expect(fault.struck).toBe(1);
    expect(answer).toMatchObject({ ok: false, error: expect.stringMatching(says) });
    expect(answer).toMatchObject({ error: expect.stringContaining(report.requestId) });
    expect(stepsOf(report).slice(0, -1)).toEqual(before);
    expect(report.leftBehind).toEqual([]);
    expect(await everything()).toEqual([]);
  });

  test('the id of the request that was refused is told', async () => {
    const { flavor, image, once, simulated } = await onSim();
    simulated.fault({ match: { operation: 'servers.create' }, reply: status(503) });
    const { answer } = await once(bootProbe({ image, flavor, network: 'none' }));
    const [refused] = simulated.requests.filter({ operation: 'servers.create' });
    expect(answer).toMatchObject({ error: expect.stringContaining(refused?.requestId ?? 'none') });
    // Asked once: a client that is patient would hide the failure.
    expect(simulated.requests.count({ operation: 'servers.create' })).toBe(1);
  });

  test('a boot that ends in ERROR, with the reason', async () => {
    const { cloud, everything, image, once, simulated } = await onSim();
    for (const { host } of simulated.state.compute.hypervisors.values()) simulated.hosts.kill(host);
    await simulated.clock.advance('5m');
    const flavor = await cloud.compute.flavors.find('m1.nano');
    const { answer, report } = await once(bootProbe({ image, flavor: flavor.id, network: 'none' }));
    expect(answer).toMatchObject({ error: expect.stringMatching(/^active: .*ERROR.*No valid host/) });
    expect(report.leftBehind).toEqual([]);
    expect(await everything()).toEqual([]);
  });

  test('a boot that takes too long', async () => {
    const { everything, flavor, image, once } = await onSim();
    const { answer } = await once(bootProbe({ image, flavor, network: 'none', activeLimit: '1s' }));
    expect(answer).toMatchObject({ error: expect.stringMatching(/^active: waited 1000 ms/) });
    expect(await everything()).toEqual([]);
  });

  test('an endpoint that hangs', async () => {
    const { everything, once, simulated } = await onSim();
    await once(listProbe({ of: 'volumes' }));
    simulated.fault({ match: { operation: 'volumes.create' }, reply: hang() });
    const { answer, report } = await once(volumeProbe({ createLimit: 50 }));
    expect(answer).toMatchObject({ error: expect.stringMatching(/^create: .*50 ms/) });
    expect(report.leftBehind).toEqual([]);
    expect(await everything()).toEqual([]);
  });

  test.each([
    ['volumes.create', 'create'],
    ['volumes.get', 'available'],
    ['volumeAttachments.create', 'attach'],
    ['volumeAttachments.delete', 'detach'],
    ['volumes.delete', 'delete'],
  ])('a volume: %s', async (operation, step) => {
    const { cloud, everything, flavor, image, once, simulated } = await onSim();
    const { id } = await cloud.compute
      .at('2.37')
      .servers.create({ name: 'stays', imageRef: image, flavorRef: flavor, networks: 'none' });
    await cloud.compute.servers.waitFor(id, 'ACTIVE');
    const fault = simulated.fault({ match: { operation }, first: 1, reply: status(500) });
    const { answer, report } = await once(volumeProbe({ attachTo: id }));
    expect(fault.struck).toBe(1);
    expect(answer).toMatchObject({ ok: false, error: expect.stringMatching(new RegExp(`^${step}: `)) });
    expect(report.leftBehind).toEqual([]);
    expect(await everything()).toEqual(['stays']);
  });

  test('no token, no list', async () => {
    const { once, simulated } = await onSim();
    await once(listProbe());
    simulated.fault({ match: { path: /auth\/tokens$/, method: 'POST' }, reply: status(401) });
    expect((await once(tokenProbe())).answer).toMatchObject({ error: expect.stringMatching(/^token: /) });
    simulated.heal();
    simulated.fault({ match: { operation: 'servers.listBrief' }, reply: status(503) });
    expect((await once(listProbe())).answer).toMatchObject({ error: expect.stringMatching(/^list: .*503/) });
  });
});

describe('what cannot be removed', () => {
  test('is told by the sample, and after three times nothing more is made until it is gone', async () => {
    const { cloud, everything, flavor, image, simulated } = await onSim();
    const reports: ProbeReport[] = [];
    const boot = probe(cloud, bootProbe({ image, flavor, network: 'none', deleteLimit: '5s' }), {
      cleanUpLimit: '10s',
      onReport: (report) => void reports.push(report),
    });
    simulated.fault({ match: { operation: 'servers.delete' }, reply: status(500) });
    const run = () => boot(new AbortController().signal);
    for (let count = 0; count < 3; count += 1)
      expect(await run()).toMatchObject({
        error: expect.stringMatching(/^delete: .*; left behind: server /),
      });
    expect(reports.map(({ leftBehind }) => leftBehind.length)).toEqual([1, 1, 1]);
    expect(await run()).toMatchObject({
      error: expect.stringMatching(/^not begun: left behind by earlier runs/),
    });
    expect(await everything()).toHaveLength(3);
    simulated.heal();
    expect(await run()).toEqual({ ok: true });
    expect(await everything()).toEqual([]);
  });

  test('where the list cannot be read after an answer was lost, it is not known, and that is told', async () => {
    const { everything, flavor, image, once, simulated } = await onSim();
    simulated.fault({ match: { operation: 'servers.create' }, first: 1, reply: reset('after') });
    simulated.fault({ match: { operation: 'servers.list' }, reply: status(403) });
    const { answer, report } = await once(bootProbe({ image, flavor, network: 'none' }));
    expect(report.leftBehind).toMatchObject([{ kind: 'server', id: undefined }]);
    expect(answer).toMatchObject({ error: expect.stringContaining('left behind: server groundcrew-probe-') });
    simulated.heal();
    expect(await everything()).toHaveLength(1);
  });
});

test('the meter drives it, and the objective judges its samples', async () => {
  const { cloud, everything, flavor, image, simulated } = await onSim();
  simulated.fault({ match: { operation: 'servers.create' }, first: 1, reply: status(503) });
  // The meter's own time, which is moved when a run has ended.
  const clock = virtualClock(Date.now(), { mode: 'hand' });
  const ended = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let runs = 0;
  const meter = startMeter({
    probe: probe(cloud, bootProbe({ image, flavor, network: 'none' })),
    interval: '10m',
    timeout: '9m',
    clock,
    onSample: () => ended[runs++]?.resolve(),
  });
  await ended[0]?.promise;
  await clock.advance('10m');
  await ended[1]?.promise;
  const samples = await meter.stop();
  const slo = defineSlo({ name: 'boot', target: 0.9, sli: probeSli({ interval: '10m' }) });
  expect(samples).toMatchObject([{ ok: false, error: expect.stringMatching(/^create: /) }, { ok: true }]);
  expect(slo.evaluate(samples, { at: clock.now() }).budget).toBe(1 - 0.5 / 0.1);
  expect(await everything()).toEqual([]);
});

test('a run that the meter has given up is cleaned up nevertheless', async () => {
  const { cloud, everything, flavor, image, simulated } = await onSim();
  const over = new AbortController();
  const reports: ProbeReport[] = [];
  cloud.events.on('wait', () => over.abort(new Error('given up')));
  const answer = await probe(cloud, bootProbe({ image, flavor, network: 'none' }), {
    onReport: (report) => void reports.push(report),
  })(over.signal);
  expect(answer).toMatchObject({ error: expect.stringMatching(/^active: given up/) });
  expect(reports).toMatchObject([{ ok: false, leftBehind: [] }]);
  expect(simulated.requests.count({ operation: 'servers.delete' })).toBe(1);
  expect(await everything()).toEqual([]);
});
