import { status } from '@groundcrew/sim';
import { InputError } from '@groundcrew/ground';
import { expect, test } from 'vitest';
import { probe, sweepLeftovers, volumeProbe } from '../../src/probes.ts';
import { type OnSim, onSim } from './on-sim.ts';

const mark = 'probe-eu1';
const marked = (run: string, of = mark) => ({
  name: `${of}-${run}`,
  metadata: { 'groundcrew:probe': of, 'groundcrew:probe-run': run },
});

/** A server as a killed probe leaves it, or as somebody else has one. */
async function server(
  { flavor, image }: OnSim,
  cloud: OnSim['cloud'],
  facts: { name: string; metadata: Record<string, string> },
): Promise<string> {
  const { servers } = cloud.compute.at('2.37');
  const { id } = await servers.create({ ...facts, imageRef: image, flavorRef: flavor, networks: 'none' });
  await servers.waitFor(id, 'ACTIVE');
  return id;
}

async function volume(cloud: OnSim['cloud'], facts: { name: string; metadata: Record<string, string> }) {
  const { volumes } = cloud.blockStorage;
  const { id } = await volumes.create({ ...facts, size: 1 });
  await volumes.waitFor(id, 'available');
  return id;
}

test('what a killed probe left is removed, the volume taken off its server first', async () => {
  const sim = await onSim();
  const { cloud, everything } = sim;
  const stays = await server(sim, cloud, { name: 'stays', metadata: {} });
  await server(sim, cloud, marked('a'));
  const id = await volume(cloud, marked('b'));
  await cloud.compute.volumeAttachments.create({ server_id: stays, volumeId: id });
  await cloud.blockStorage.volumes.waitFor(id, 'in-use');
  const { failed, gaps, kept, removed } = await sweepLeftovers(cloud, { mark, olderThan: 0 });
  expect(removed.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'server probe-eu1-a',
    'volume probe-eu1-b',
  ]);
  expect([failed, kept, gaps]).toEqual([[], [], []]);
  expect(await everything()).toEqual(['stays']);
});

test('what a probe makes carries the mark from its first request on: killed at any moment, it is swept', async () => {
  const sim = await onSim();
  const { cloud, everything, simulated } = sim;
  // The process ends: no request of it is answered any more, those of its clean-up neither.
  const over = new AbortController();
  simulated.fault({ match: { operation: 'volumes.get' }, reply: status(503) });
  simulated.fault({ match: { operation: 'volumes.list' }, reply: status(503) });
  await probe(cloud, volumeProbe(), { mark, cleanUpLimit: '1s' })(over.signal);
  expect(await everything().catch(() => 'not known')).toBe('not known');
  simulated.heal();
  expect(await everything()).toHaveLength(1);
  expect((await sweepLeftovers(cloud, { mark, olderThan: '1h' })).kept).toMatchObject([
    { because: 'it is too young' },
  ]);
  await simulated.clock.advance('2h');
  expect((await sweepLeftovers(cloud, { mark, olderThan: '1h' })).removed).toHaveLength(1);
  expect(await everything()).toEqual([]);
});

test('nothing is deleted by half a proof: name alone, metadata alone, another mark, another run', async () => {
  const sim = await onSim();
  const { cloud, everything, simulated } = sim;
  const { metadata } = marked('a');
  await server(sim, cloud, { name: 'probe-eu1-web', metadata: {} });
  await server(sim, cloud, { name: 'database', metadata });
  await server(sim, cloud, { name: 'probe-eu1-b', metadata });
  await server(sim, cloud, { name: 'probe-eu1-a', metadata: { 'groundcrew:probe': mark } });
  await server(sim, cloud, marked('a', 'probe-eu10'));
  await server(sim, cloud, marked('a', 'my-probe-eu1'));
  await volume(cloud, { name: 'probe-eu1-web', metadata: {} });
  await volume(cloud, { name: 'probe-eu1-b', metadata });
  const before = await everything();
  const { failed, kept, removed } = await sweepLeftovers(cloud, { mark, olderThan: 0 });
  expect(removed).toEqual([]);
  expect(failed).toEqual([]);
  expect(kept.map(({ name, because }) => `${name}: ${because}`).toSorted()).toEqual([
    'probe-eu1-a: its metadata do not have the mark',
    'probe-eu1-b: its name is not the one that the probe gave',
    'probe-eu1-b: its name is not the one that the probe gave',
    'probe-eu1-web: its metadata do not have the mark',
    'probe-eu1-web: its metadata do not have the mark',
  ]);
  expect(await everything()).toEqual(before);
  simulated.requests.expectNone({ method: 'DELETE' });
});

test('an administrator sweeps the own project only: others are not even read', async () => {
  const sim = await onSim();
  const { admin, cloud, everything, simulated } = sim;
  await server(sim, cloud, marked('theirs'));
  await volume(cloud, marked('theirs'));
  await server(sim, admin, marked('own'));
  simulated.requests.clear();
  const { removed } = await sweepLeftovers(admin, { mark, olderThan: 0 });
  expect(removed.map(({ name }) => name)).toEqual(['probe-eu1-own']);
  expect(simulated.requests.all.filter(({ path }) => path.includes('all_tenants'))).toEqual([]);
  expect(await everything()).toEqual(['probe-eu1-theirs', 'probe-eu1-theirs']);
});

test('between list and deletion the proof is looked at once more', async () => {
  const sim = await onSim();
  const { cloud, everything } = sim;
  const id = await server(sim, cloud, marked('a'));
  // Somebody takes it over while the sweep is at work.
  let taken = false;
  cloud.events.on('response', ({ operation }) => {
    if (operation !== 'servers.list' || taken) return;
    taken = true;
    const kept = sim.simulated.state.compute.servers.get(id);
    if (kept !== undefined) kept.metadata = {};
  });
  const { failed, removed } = await sweepLeftovers(cloud, { mark, olderThan: 0 });
  expect(removed).toEqual([]);
  expect(failed).toMatchObject([{ id, because: 'its metadata do not have the mark' }]);
  expect(await everything()).toEqual(['probe-eu1-a']);
});

test('a deletion that fails and a list that cannot be read are told, and the rest is swept', async () => {
  const sim = await onSim();
  const { cloud, everything, simulated } = sim;
  await server(sim, cloud, marked('a'));
  await server(sim, cloud, marked('b'));
  await volume(cloud, marked('c'));
  simulated.fault({ match: { operation: 'servers.delete' }, first: 1, reply: status(409) });
  const first = await sweepLeftovers(cloud, { mark, olderThan: 0 });
  expect(first.failed).toMatchObject([{ kind: 'server', because: expect.stringContaining('409') }]);
  expect(first.removed).toHaveLength(2);
  simulated.fault({ match: { operation: 'volumes.list' }, reply: status(403) });
  const second = await sweepLeftovers(cloud, { mark, olderThan: 0 });
  expect(second.removed).toHaveLength(1);
  expect(second.gaps).toMatchObject([{ what: 'volumes' }]);
  simulated.heal();
  expect(await everything()).toEqual([]);
});

test('without a project of its own nothing is swept', async () => {
  const { cloud } = await onSim();
  const unscoped = cloud.scoped({ unscoped: true });
  await expect(sweepLeftovers(unscoped, { mark, olderThan: 0 })).rejects.toThrow(InputError);
});

test.each(['', 'ab', 'Probe', 'a b', 'a.*', '-abc', 'x'.repeat(41)])(
  'the mark %j is refused',
  async (wrong) => {
    const { cloud } = await onSim();
    await expect(sweepLeftovers(cloud, { mark: wrong, olderThan: 0 })).rejects.toMatchObject({
      field: 'mark',
    });
    expect(() => probe(cloud, volumeProbe(), { mark: wrong })).toThrow(InputError);
  },
);
