// A user's probes on a real cloud, once each; and the sweep of what one left that was killed with SIGKILL while it was at work.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Cloud, connect } from '@groundcrew/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  bootProbe,
  listProbe,
  probe,
  type ProbeReport,
  sweepLeftovers,
  tokenProbe,
  volumeProbe,
} from '../src/probes.ts';

const mark = `probe-${process.pid}`;
let cloud: Cloud;
let image = '';
let flavor = '';
let standing = '';

beforeAll(async () => {
  cloud = connect({ cloud: 'lab-member' });
  const { images } = cloud.image;
  ({ id: image } = await images.create({ name: mark, disk_format: 'raw', container_format: 'bare' }));
  await cloud.image.data.upload({ id: image }, new Uint8Array(65_536));
  const flavors = await Array.fromAsync(cloud.compute.flavors.list());
  flavor = flavors.toSorted((a, b) => a.ram - b.ram)[0]?.id ?? '';
  const { servers } = cloud.compute.at('2.37');
  // By its name one of the probe's, and by its metadata not: the sweep must leave it alone.
  ({ id: standing } = await servers.create({
    name: `${mark}-standing`,
    imageRef: image,
    flavorRef: flavor,
    networks: 'none',
  }));
  await servers.waitFor(standing, 'ACTIVE');
});

afterAll(async () => {
  await sweepLeftovers(cloud, { mark, olderThan: 0 });
  await cloud.compute.servers.delete({ id: standing }, { missingOk: true });
  await cloud.compute.servers.waitGone(standing);
  await cloud.image.images.delete({ id: image }, { missingOk: true });
  await cloud.close();
});

test('token, list, boot and volume: served, each step measured, and nothing left', async () => {
  const reports: ProbeReport[] = [];
  for (const what of [
    tokenProbe(),
    listProbe(),
    bootProbe({ image, flavor, network: 'none' }),
    volumeProbe({ attachTo: standing }),
  ]) {
    const onReport = (report: ProbeReport): void => void reports.push(report);
    const answer = await probe(cloud, what, { mark, onReport })(new AbortController().signal);
    expect(answer).toEqual({ ok: true });
  }
  for (const { probe: name, steps } of reports)
    console.log(name, steps.map(({ durationMs, step }) => `${step} ${Math.round(durationMs)} ms`).join(', '));
  expect(reports.map(({ steps }) => steps.map(({ step }) => step))).toEqual([
    ['token'],
    ['list'],
    ['create', 'active', 'delete'],
    ['create', 'available', 'attach', 'detach', 'delete'],
  ]);
  const { failed, kept, removed } = await sweepLeftovers(cloud, { mark, olderThan: 0 });
  expect([failed, removed]).toEqual([[], []]);
  expect(kept).toMatchObject([{ id: standing, because: 'its metadata do not have the mark' }]);
});

test('a boot that fails says which step, and why, under an id that the logs have', async () => {
  const answer = await probe(cloud, bootProbe({ image, flavor: 'no-such-flavor', network: 'none' }), {
    mark,
  })(new AbortController().signal);
  expect(answer).toMatchObject({ ok: false, error: expect.stringMatching(/^create: .*40[04].*\(.*req-/) });
});

test('a probe that is killed leaves a server and an attached volume, and the sweep removes both', async () => {
  for (const [kind, until] of [
    ['boot', 'BUILD'],
    ['volume', 'in-use'],
  ] as const)
    await killedAt(kind, until);
  const young = await sweepLeftovers(cloud, { mark, olderThan: '1h' });
  expect(young.removed).toEqual([]);
  expect(young.kept.map(({ because, kind }) => `${kind}: ${because}`).toSorted()).toEqual([
    'server: it is too young',
    'server: its metadata do not have the mark',
    'volume: it is too young',
  ]);
  const { failed, gaps, kept, removed } = await sweepLeftovers(cloud, { mark, olderThan: 0 });
  expect([failed, gaps]).toEqual([[], []]);
  expect(removed.map(({ kind }) => kind)).toEqual(['server', 'volume']);
  expect(kept).toMatchObject([{ id: standing }]);
  expect(await cloud.compute.servers.get({ id: standing })).toMatchObject({ status: 'ACTIVE' });
});

/** Runs a probe in a process of its own, and kills that when it has seen a state. */
async function killedAt(kind: 'boot' | 'volume', state: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@groundcrew/source',
      fileURLToPath(new URL('killed-probe.ts', import.meta.url)),
      JSON.stringify({ kind, mark, image, flavor, attachTo: standing }),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  try {
    for await (const line of createInterface({ input: child.stdout })) if (line === state) break;
  } finally {
    child.kill('SIGKILL');
  }
  expect((await exited)[1]).toBe('SIGKILL');
}
