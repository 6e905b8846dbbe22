import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileJournal, fileState } from '@groundcrew/runbook';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { haController } from '../src/instances/controller.ts';
import { readCloudView } from '../src/instances/cloud-view.ts';
import { novaServiceObserver } from '../src/instances/observers/nova-service.ts';
import { haPolicy } from '../src/instances/policy.ts';
import { openRack, type Rack } from './compute-rack.ts';

let rack: Rack;
let folder = '';
beforeAll(async () => {
  rack = await openRack();
  await rack.repair();
  folder = await mkdtemp(path.join(tmpdir(), 'ha-'));
}, 900_000);
afterAll(async () => {
  await rack[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
}, 700_000);

test('30 servers on a host that is killed: fenced, evacuated, verified, returned', async () => {
  const servers = await rack.fill('compute-2', 30);
  const journals = path.join(folder, 'journals');
  await mkdir(journals);
  const controller = haController({
    cloud: rack.cloud,
    fencer: rack.fence,
    observers: [novaServiceObserver(rack.cloud), rack.agent],
    policy: haPolicy({ observers: ['nova-service', 'agent'] }),
    state: fileState(path.join(folder, 'state.json')),
    journal: (name) => fileJournal(path.join(journals, name)),
    interval: '2s',
  });
  const times: Record<string, number> = {};
  const stop = new AbortController();
  controller.events.on('trouble', ({ error }) => console.log('trouble', error));
  controller.events.on('started', ({ purpose }) => (times[`${purpose} started`] ??= Date.now()));
  controller.events.on('record', ({ record: { event } }) => {
    if (event.type === 'step-succeeded' && event.step === 'fence') times['fenced'] = Date.now();
  });
  controller.events.on('ended', ({ purpose, outcome }) => {
    times[`${purpose} ended`] = Date.now();
    if (outcome.status !== 'succeeded') console.log(purpose, outcome);
    if (purpose === 'return' || outcome.status !== 'succeeded') stop.abort();
  });
  const running = controller.run({ signal: AbortSignal.any([stop.signal, AbortSignal.timeout(600_000)]) });
  times['killed'] = Date.now();
  await rack.crash('compute-2');
  await running;

  for (const { host, status } of await rack.where(servers)) {
    expect(['compute-1', 'compute-3']).toContain(host);
    expect(status).toBe('ACTIVE');
  }
  const back = (await readCloudView(rack.cloud)).hosts?.find(({ host }) => host === 'compute-2');
  expect(back).toMatchObject({ up: true, enabled: true, forcedDown: false });
  expect(await rack.ipmi.board('compute-2').power()).toBe('on');
  expect((await readdir(journals)).filter((name) => name.startsWith('recover-compute-2'))).not.toEqual([]);

  const seconds = (from: string, to: string): string =>
    (((times[to] ?? NaN) - (times[from] ?? NaN)) / 1000).toFixed(1);
  console.log(
    `kill to decision ${seconds('killed', 'recover started')} s; decision to proof of off ${seconds('recover started', 'fenced')} s; ` +
      `decision to all 30 ACTIVE and verified ${seconds('recover started', 'recover ended')} s; return ${seconds('return started', 'return ended')} s`,
  );
}, 700_000);
