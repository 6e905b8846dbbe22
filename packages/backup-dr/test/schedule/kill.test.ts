import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Cloud, connect, type ConnectOptions } from '@groundcrew/core';
import { fileJournal, fileLease } from '@groundcrew/runbook';
import { simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import { verifyPoint } from '../../src/prove.ts';
import type { VolumeReader } from '../../src/volume-bytes.ts';
import { readers } from '../backup/readers.ts';
import { controllerOnDisk } from './fixtures/controller-on-disk.ts';
import type { ProcessSetup } from './fixtures/controller-process.ts';

/** A project with a volume on a cloud that is reached by HTTP, and a folder for all that controllers keep. */
async function scene(way: VolumeReader['way']) {
  const folder = await mkdtemp(path.join(tmpdir(), 'schedule-kill-'));
  const simulated = simulateCloud({ scenario: 'small' });
  // Things take their time: what is killed leaves some that are being made.
  const { connectOptions: admin } = await simulated.listen({ speed: 100 });
  const connectOptions: ConnectOptions = {
    ...admin,
    auth: { ...admin.auth, username: 'demo', project_name: 'demo' },
  };
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  onTestFinished(async () => {
    await cloud[Symbol.asyncDispose]();
    await simulated.close();
    await rm(folder, { recursive: true });
  });
  const { id } = await cloud.blockStorage.volumes.create({ name: 'data', size: 1 });
  await cloud.blockStorage.volumes.waitFor(id, 'available');
  return { cloud, folder, way, connectOptions, before: await countsIn(cloud) };
}

type Scene = Awaited<ReturnType<typeof scene>>;

async function countsIn(cloud: Cloud): Promise<readonly number[]> {
  const { volumes, snapshots, attachments } = cloud.blockStorage;
  const lists = [volumes.list(), snapshots.list(), cloud.image.images.list(), attachments.listBrief()];
  return Promise.all(
    lists.map(async (list) => (await Array.fromAsync(list as AsyncIterable<unknown>)).length),
  );
}

/** A process that makes a backup: what it printed, and the signal that ended it. */
const live = ({ connectOptions, folder, way }: Scene, killAt?: number) =>
  new Promise<{ readonly stdout: string; readonly signal: NodeJS.Signals | null }>((resolve, reject) => {
    const setup: ProcessSetup = { connectOptions, folder, way, killAt };
    const program = path.join(import.meta.dirname, 'fixtures/controller-process.ts');
    const child = execFile(
      process.execPath,
      ['--conditions=@groundcrew/source', program, JSON.stringify(setup)],
      { env: process.env, timeout: 120_000 },
      (error, stdout, stderr) => {
        if (error === null || child.signalCode === 'SIGKILL') resolve({ stdout, signal: child.signalCode });
        else reject(new Error(stderr, { cause: error }));
      },
    );
  });

/** Another controller, in this process, on what the first one left, until nothing is left to do. */
async function succeed({ cloud, folder, way }: Scene) {
  // It reads what is quick to read: what the first one left by its own way must go all the same.
  const reader: VolumeReader = { ...readers.attachment(cloud), way };
  const { controller, repository } = await controllerOnDisk(folder, { cloud, reader, holder: 'heir' });
  const stop = new AbortController();
  const told: string[] = [];
  controller.events.on('started', ({ purpose }) => told.push(`started ${purpose}`));
  controller.events.on('trouble', ({ error }) => told.push(`trouble ${String(error)}`));
  controller.events.on('ended', ({ outcome }) => {
    told.push(outcome.status);
    stop.abort();
  });
  controller.events.on('decided', ({ decision }) => {
    if (decision.begin.length === 0 && told.length === 0) stop.abort();
  });
  await controller.run({ signal: stop.signal });
  return { repository, told };
}

/** Whether everything that the first one held can be had at once, and every journal has an end. */
async function leftovers(folder: string): Promise<readonly string[]> {
  const left: string[] = [];
  const leases = (await readdir(path.join(folder, 'leases'))).map((name) => name.replace(/\.\d+$/, ''));
  for (const file of ['controller', ...leases.map((name) => path.join('leases', name))]) {
    const held = await fileLease(path.join(folder, file))
      .acquire({ holder: 'somebody else' })
      .catch(() => undefined);
    if (held === undefined) left.push(`lease ${file}`);
    await held?.release();
  }
  const journals = path.join(folder, 'journals');
  for (const name of (await readdir(journals)).filter((one) => !one.includes('.lock'))) {
    const records = await fileJournal(path.join(journals, name)).read();
    if (records.at(-1)?.event.type !== 'run-ended') left.push(`journal ${name}`);
  }
  const state = JSON.parse(await readFile(path.join(folder, 'state.json'), 'utf8')) as { running: unknown[] };
  if (state.running.length > 0) left.push('a run in the state');
  return left;
}

// By image each reading copies a gibibyte: it is killed where it leaves something in the cloud that the other way does not.
test.each([
  ['attachment', ['cloud', 'bytes', 'repository', 'state', 'journal']],
  ['image', ['cloud']],
] as const)(
  'kill -9 of a backup by %s behind every trace: one point, nothing left in the cloud, no lease that is held',
  async (way, kinds) => {
    const calm = await scene(way);
    const traces = JSON.parse((await live(calm)).stdout) as string[];
    expect(new Set(traces)).toEqual(new Set(['cloud', 'bytes', 'repository', 'state', 'journal']));
    expect(await countsIn(calm.cloud)).toEqual(calm.before);
    const wrong: unknown[] = [];
    for (const [index, trace] of traces.entries()) {
      if (!kinds.some((kind) => kind === trace)) continue;
      const killed = await scene(way);
      const { signal } = await live(killed, index + 1);
      const { repository, told } = await succeed(killed);
      const { points } = await repository.points();
      const [point] = points;
      const bad = point?.streams.length === 1 ? (await verifyPoint(repository, point)).bad : ['no bytes'];
      const [is, left] = [await countsIn(killed.cloud), await leftovers(killed.folder)];
      const isGood =
        signal === 'SIGKILL' &&
        points.length === 1 &&
        bad.length + left.length === 0 &&
        is.join() === killed.before.join();
      if (!isGood) wrong.push({ index, trace, signal, told, points, bad, is, was: killed.before, left });
    }
    expect(wrong).toEqual([]);
  },
  600_000,
);
