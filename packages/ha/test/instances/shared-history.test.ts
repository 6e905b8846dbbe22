import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileLease, type Json, memoryJournal } from '@groundcrew/runbook';
import { expect, onTestFinished, test } from 'vitest';
import {
  haController,
  haPolicy,
  novaServiceObserver,
  sharedHistory,
  type SharedHistoryState,
} from '../../src/index.ts';
import { siteWithServers } from './site.ts';

/** What a database would keep, and by which lease. */
function kept(value?: Json): SharedHistoryState & { tokens: number[]; value: Json | undefined } {
  return {
    value,
    tokens: [],
    async load() {
      return this.value;
    },
    async save(next, token) {
      this.value = next;
      this.tokens.push(token);
    },
  };
}

test('what is kept is read as what it is, and nothing else is taken for an empty history', async () => {
  const recoveries = [{ host: 'compute-2', startedAt: 1, state: 'running', journal: 'j' }];
  expect(await sharedHistory(kept()).load()).toBeUndefined();
  expect(await sharedHistory(kept({ observations: [], recoveries })).load()).toEqual({
    observations: [],
    recoveries,
  });
  await expect(sharedHistory(kept({ recoveries: [] })).load()).rejects.toThrow('no history');
  await expect(sharedHistory(kept(7)).load()).rejects.toThrow('no history');
});

test('without a lease nobody writes it', async () => {
  const state = kept();
  await expect(sharedHistory(state).save({ observations: [], recoveries: [] })).rejects.toThrow('lease');
  expect(state.value).toBeUndefined();
});

test('a controller writes it under the token of its lease', async () => {
  const { cloud, fence } = await siteWithServers(1);
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-history-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const lease = fileLease(join(folder, 'lease'));
  await (await lease.acquire({ holder: 'before' })).release();
  const state = kept();
  const controller = haController({
    cloud,
    fencer: fence,
    observers: [novaServiceObserver(cloud)],
    policy: haPolicy({ observers: ['nova-service'] }),
    history: sharedHistory(state),
    journal: () => memoryJournal(),
    lease,
  });
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
