import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileLease, type Json, memoryJournal, type State, StateCorruptError } from '@groundcrew/runbook';
import { expect, onTestFinished, test } from 'vitest';
import { type ControllerOptions, haController, haPolicy, novaServiceObserver } from '../../src/instances.ts';
import { readHistory } from '../../src/instances/read-history.ts';
import { siteWithServers } from './site.ts';

/** What a database would keep, and by which lease. */
function kept(value?: Json): State & { tokens: (number | undefined)[]; value: Json | undefined } {
  return {
    value,
    tokens: [],
    async load() {
      return this.value;
    },
    async save(next, token) {
      this.value = next as Json;
      this.tokens.push(token);
    },
  };
}

test('what is kept is read as what it is, and nothing else is taken for an empty history', () => {
  const recoveries = [{ host: 'compute-2', startedAt: 1, state: 'running', journal: 'j' }];
  expect(readHistory(undefined)).toEqual({ observations: [], recoveries: [] });
  expect(readHistory({ observations: [], recoveries })).toEqual({ observations: [], recoveries });
  expect(() => readHistory({ recoveries: [] })).toThrow('no history');
  expect(() => readHistory(7)).toThrow('no history');
});

/** What a controller needs that keeps its memory there, and a lease on this machine. */
async function siteThatKeeps(state: State) {
  const { cloud, fence } = await siteWithServers(1);
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-history-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const options: ControllerOptions = {
    cloud,
    fencer: fence,
    observers: [novaServiceObserver(cloud)],
    policy: haPolicy({ observers: ['nova-service'] }),
    state,
    journal: () => memoryJournal(),
  };
  return { options, lease: fileLease(join(folder, 'lease')) };
}

test('one that cannot read it gives the lease back, and tries again; without a lease it fails', async () => {
  const state = kept({ running: [] });
  const { options, lease } = await siteThatKeeps(state);
  const { signal } = new AbortController();
  await expect(haController(options).run({ signal })).rejects.toBeInstanceOf(StateCorruptError);
  const controller = haController({ ...options, lease });
  const stop = new AbortController();
  const tokens: number[] = [];
  const troubles: unknown[] = [];
  controller.events.on('leading', ({ token }) => tokens.push(token));
  controller.events.on('trouble', ({ error }) => {
    troubles.push(error);
    // Somebody put back what was there before.
    if (troubles.length === 2) state.value = { observations: [], recoveries: [] };
  });
  controller.events.on('decided', () => stop.abort());
  await controller.run({ signal: stop.signal });
  expect(troubles).toMatchObject([{ code: 'state-corrupt' }, { code: 'state-corrupt' }]);
  expect(tokens).toEqual([1, 2, 3]);
});

test('a controller writes it under the token of its lease', async () => {
  const state = kept();
  const { options, lease } = await siteThatKeeps(state);
  await (await lease.acquire({ holder: 'before' })).release();
  const controller = haController({ ...options, lease });
  const stop = new AbortController();
  const tokens: number[] = [];
  let rounds = 0;
  controller.events.on('leading', ({ token }) => tokens.push(token));
  controller.events.on('decided', () => {
    rounds += 1;
    if (rounds === 3) stop.abort();
  });
  await controller.run({ signal: stop.signal });
  expect(tokens).toEqual([2]);
  expect(new Set(state.tokens)).toEqual(new Set([2]));
  expect(state.value).toMatchObject({ recoveries: [] });
});
