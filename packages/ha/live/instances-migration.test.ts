import { execFile } from 'node:child_process';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { waitUntil } from '@groundcrew/lab';
import { type Journal, memoryJournal, memoryState } from '@groundcrew/runbook';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { haController } from '../src/instances/controller.ts';
import { evacuate } from '../src/instances/evacuate.ts';
import { NOVA } from '../src/instances/cloud-view.ts';
import { novaServiceObserver } from '../src/instances/observers/nova-service.ts';
import { haPolicy } from '../src/instances/policy.ts';
import { labCommand, openRack, type Rack } from './compute-rack.ts';

let rack: Rack;
beforeAll(async () => {
  rack = await openRack();
  await rack.repair();
}, 900_000);
afterAll(async () => {
  // `lab up` wants all hosts to be there.
  await rack.repair();
  await startWith('FakeDriver', 'compute-2');
  await rack[Symbol.asyncDispose]();
}, 700_000);

const heartbeatOf = async (host: string): Promise<number> => {
  const listed = rack.cloud.compute.at(NOVA).services.list({ host, binary: 'nova-compute' });
  for await (const { updated_at, state } of listed)
    return state === 'up' ? Date.parse(updated_at ?? '') : NaN;
  return NaN;
};

/** Starts a host anew with another of Nova's own fake drivers (`nova.virt.fake`); `lab up` starts what is missing. */
async function startWith(driver: string, host: string): Promise<void> {
  const { executable, directory } = labCommand(rack.lab);
  await rack.lab.stop(host);
  const before = Date.now();
  const given = { ...env, LAB_DIR: directory, LAB_FAKE_DRIVER: driver };
  await promisify(execFile)(executable, ['up', '--wait', '300'], { env: given });
  // Of the process that was started, not of the one before; Nova counts whole seconds.
  await waitUntil(async () => (await heartbeatOf(host)) > before + 1_000, {
    within: 120_000,
    what: `a heartbeat of ${host}`,
  });
}

test('a server whose live migration was under way when its source died waits for the proof that its destination is off', async () => {
  // Its live migrations last until somebody ends them, or five seconds.
  await startWith('FakeLiveMigrateDriver', 'compute-2');
  const [moving = '', other = ''] = await rack.fill('compute-2', 2);
  const nova = rack.cloud.compute.at(NOVA);
  const evacuations = (id: string) =>
    Array.fromAsync(nova.migrations.list({ instance_uuid: id, migration_type: 'evacuation' }));

  const journals = new Map<string, Journal>();
  const controller = haController({
    cloud: rack.cloud,
    fencer: rack.fence,
    observers: [novaServiceObserver(rack.cloud), rack.agent],
    policy: haPolicy({ observers: ['nova-service', 'agent'], returning: 'never', retryAfter: '2s' }),
    state: memoryState(),
    journal: (name) => journals.get(name) ?? journals.set(name, memoryJournal()).get(name) ?? memoryJournal(),
    interval: '2s',
  });
  const stop = new AbortController();
  const told: string[] = [];
  const waiting = new Set<string>();
  controller.events.on('trouble', ({ error }) => console.log('trouble', error));
  controller.events.on('left-behind', ({ hosts }) => {
    for (const { servers } of hosts)
      for (const { server, code, waitsFor } of servers) waiting.add(`${server} ${code} ${waitsFor.join()}`);
  });
  controller.events.on('ended', ({ host, purpose, outcome }) => {
    told.push(`${purpose} ${host}: ${outcome.status}`);
    if (outcome.status !== 'succeeded') console.log(host, JSON.stringify(outcome));
  });

  await nova.servers.liveMigrate({ id: moving, host: 'compute-3', block_migration: 'auto' });
  await waitUntil(
    async () => {
      const all = await Array.fromAsync(nova.migrations.list({ instance_uuid: moving }));
      return all.some(({ status, dest_compute }) => status === 'running' && dest_compute === 'compute-3');
    },
    { within: 30_000, what: 'a live migration that runs' },
  );
  await rack.crash('compute-2');
  const running = controller.run({ signal: AbortSignal.any([stop.signal, AbortSignal.timeout(600_000)]) });
  const has =
    (said: string): (() => Promise<boolean>) =>
    async () =>
      told.includes(said);
  await waitUntil(has('recover compute-2: succeeded'), {
    within: 300_000,
    what: 'the recovery of compute-2',
  });

  // The other one runs elsewhere; this one is where it was, in the same task, and nobody ordered anything.
  const [here, there] = await rack.where([moving, other]);
  expect(here).toMatchObject({ host: 'compute-2', status: 'MIGRATING' });
  expect(there?.host).not.toBe('compute-2');
  expect(await evacuations(moving)).toEqual([]);
  await waitUntil(async () => waiting.has(`${moving} may-run-elsewhere compute-3`), {
    within: 60_000,
    what: 'the word that it waits for compute-3',
  });
  const proof = await rack.fence.confirmOff('compute-2');
  await expect(evacuate(rack.cloud, moving, proof)).rejects.toMatchObject({
    code: 'evacuation-without-proof',
    host: 'compute-3',
  });

  // Its destination dies, too, is proven off, and then it is recovered.
  await rack.crash('compute-3');
  await waitUntil(async () => told.filter((line) => line === 'recover compute-2: succeeded').length > 1, {
    within: 400_000,
    what: 'the second recovery of compute-2',
  });
  stop.abort();
  await running;
  expect(told).toContain('recover compute-3: succeeded');
  for (const { host, status } of await rack.where([moving, other])) {
    expect(host).toBe('compute-1');
    expect(status).toBe('ACTIVE');
  }
  expect(await evacuations(moving)).toHaveLength(1);
}, 900_000);
