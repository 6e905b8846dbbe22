import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '@groundcrew/core';
import { fileLease, memoryState, StateCorruptError } from '@groundcrew/runbook';
import { status } from '@groundcrew/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { backupController, type BackupSource, protect } from '../../src/backup.ts';
import { RepositoryError } from '../../src/repository.ts';
import { readers } from '../backup/readers.ts';
import { stage } from './stage.ts';

const HOUR = 3_600_000;
const times = (told: readonly string[], text: string): number => told.filter((each) => each === text).length;

test('what is due is stored, and stored again in time, project by project', async () => {
  const made = await stage();
  for (const project of ['shop', 'mail']) await made.project(project);
  const before = [await made.count('shop'), await made.count('mail')];
  const { told, until } = made.controller([
    protect({ project: 'shop', rpo: '4h' }),
    protect({ project: 'mail', rpo: '12h' }),
  ]);
  await until((all) => times(all, 'ended back-up shop: succeeded') === 3);
  expect(told.filter((text) => text.startsWith('trouble') || text.startsWith('declined'))).toEqual([]);
  expect(times(told, 'ended back-up mail: succeeded')).toBe(1);
  const { points } = await made.repository.points();
  const ages = points
    .filter(({ labels }) => labels['project'] === 'shop')
    .map(({ at }) => Date.parse(at))
    .toSorted((a, b) => a - b);
  for (const [earlier, later] of [ages.slice(0, 2), ages.slice(1)]) {
    expect((later ?? 0) - (earlier ?? 0)).toBeLessThanOrEqual(4 * HOUR);
    expect((later ?? 0) - (earlier ?? 0)).toBeGreaterThan(3 * HOUR);
  }
  expect([await made.count('shop'), await made.count('mail')]).toEqual(before);
});

describe('retention after a backup', () => {
  const threeOf = async (forgetAtMost: number) => {
    const made = await stage();
    await made.project('shop');
    const policy = protect({ project: 'shop', rpo: '4h', keep: { last: 1 }, forgetAtMost });
    const watched = made.controller([policy]);
    await watched.until((told) => times(told, 'ended back-up shop: succeeded') === 3);
    return { made, policy, ...watched };
  };

  test('points that no rule keeps go, as the policy has approved', async () => {
    const { made, told, until } = await threeOf(1);
    await until((all) => times(all, 'ended retention shop: succeeded') === 2);
    const { points } = await made.repository.points();
    expect(points).toHaveLength(1);
    expect(told).not.toContain(expect.stringContaining('declined'));
    // There was nothing to forget after the first one, and no run for it.
    expect(times(told, 'started retention shop')).toBe(2);
  });

  test('without an approval nothing goes', async () => {
    const { made, told } = await threeOf(0);
    expect((await made.repository.points()).points).toHaveLength(3);
    expect(told.filter((text) => text.includes('retention'))).toEqual([]);
  });

  test('more than was approved does not go, and is told', async () => {
    const { made } = await threeOf(0);
    const strict = protect({ project: 'shop', rpo: '4h', keep: { last: 1 }, forgetAtMost: 1 });
    const { told, until } = made.controller([strict]);
    await until((all) => all.some((text) => text.startsWith('declined')));
    expect(told.filter((text) => text.startsWith('declined'))).toEqual([
      'declined retention shop: backup.too-many-points',
    ]);
    expect((await made.repository.points()).points).toHaveLength(4);
  });

  test('what was proven stays, and a ledger that cannot be read lets nothing go', async () => {
    const { made, policy } = await threeOf(0);
    const [, second] = (await made.repository.points()).points;
    const ledger = { read: () => Promise.reject(new TypeError('the ledger is away')) };
    const retaining = protect({
      project: 'shop',
      rpo: policy.rpoMs,
      keep: { last: 1 },
      forgetAtMost: 9,
    });
    const blind = made.controller([retaining], { ledger });
    await blind.until((told) => told.includes('trouble the ledger is away'));
    expect((await made.repository.points()).points.length).toBeGreaterThanOrEqual(4);
    const at = new Date(made.now()).toISOString();
    made.proofs.push({ at, project: 'shop', point: second?.id ?? '', kind: 'read-back', ok: true });
    const seeing = made.controller([retaining]);
    await seeing.until((told) => told.includes('ended retention shop: succeeded'));
    const left = (await made.repository.points()).points.map(({ id }) => id);
    expect(left).toHaveLength(2);
    expect(left).toContain(second?.id);
  });
});

test('of two controllers one writes; when it has ended the other one goes on', async () => {
  const made = await stage();
  await made.project('shop');
  const folder = await mkdtemp(path.join(tmpdir(), 'schedule-lease-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const policies = [protect({ project: 'shop', rpo: '4h' })];
  const [one, other] = ['a', 'b'].map((holder) =>
    made.controller(policies, { holder, lease: fileLease(path.join(folder, 'lease')) }),
  );
  if (one === undefined || other === undefined) throw new TypeError('there are two');
  const both = () => [...one.told, ...other.told];
  const ends = Promise.all(
    [one, other].map(({ until }) => until(() => times(both(), 'ended back-up shop: succeeded') >= 2)),
  );
  await ends;
  const stored = (await made.repository.points()).points.length;
  expect(stored).toBe(times(both(), 'stored shop partial') + times(both(), 'stored shop complete'));
  expect([one, other].filter(({ told }) => told.includes('started back-up shop'))).toHaveLength(1);
  expect(both()).toContain('following');
});

test('a project whose cloud denies is told of and tried again, and keeps no other one from being stored', async () => {
  const made = await stage();
  for (const project of ['shop', 'mail']) await made.project(project);
  const policies = ['shop', 'mail'].map((project) => protect({ project, rpo: '4h' }));
  let isDenied = true;
  await using stranger = connect({
    auth: {
      auth_url: 'http://sim.test/identity/v3',
      username: 'admin',
      password: 'another',
      project_name: 'mail',
      user_domain_name: 'Default',
      project_domain_name: 'Default',
    },
    clock: made.site.simulated.clock,
    fetch: (input, init) => made.site.simulated.handle(new Request(input, init)),
  });
  const source = (project: string): BackupSource =>
    project === 'mail' && isDenied
      ? { cloud: stranger, reader: readers.attachment(stranger) }
      : made.sourceOf(project);
  const { told, until } = made.controller(policies, { source });
  await until((all) => times(all, 'declined back-up mail: auth') === 4);
  expect(times(told, 'ended back-up shop: succeeded')).toBe(1);
  // Every quarter of an hour, and not all the time.
  expect(times(told, 'decided')).toBeLessThan(20);
  expect(told).toContainEqual(
    expect.stringMatching(/^held back-up mail: it was tried at .*15 min after that$/),
  );
  isDenied = false;
  const next = made.controller(policies, { source });
  await next.until((all) => all.includes('ended back-up mail: succeeded'));
});

test('volumes that may not be listed make a partial point, and it is told', async () => {
  const made = await stage();
  await made.project('shop');
  made.site.simulated.fault({
    match: { service: 'blockStorage', method: 'GET' },
    reply: status(403),
  });
  const { told, until } = made.controller([protect({ project: 'shop', rpo: '4h' })]);
  await until((all) => all.includes('ended back-up shop: succeeded'));
  expect(told).toContain('stored shop partial');
});

test('a repository that is full stores no point of nothing, leaves nothing in the cloud, and is tried again', async () => {
  const made = await stage();
  await made.project('shop');
  const before = await made.count('shop');
  let puts = 0;
  made.engine.before = (method) => {
    if (method !== 'put') return;
    puts += 1;
    // What is small would still fit.
    if (puts % 2 === 1) throw new RepositoryError('repository-full', 'no space left');
  };
  const { told, until } = made.controller([protect({ project: 'shop', rpo: '4h' })]);
  await until((all) => times(all, 'ended back-up shop: failed') === 2);
  expect((await made.repository.points()).points).toEqual([]);
  expect(await made.count('shop')).toEqual(before);
  expect(times(told, 'decided')).toBeLessThan(20);
  made.engine.before = () => undefined;
  await until((all) => all.includes('ended back-up shop: succeeded'));
  expect((await made.repository.points()).points).toHaveLength(1);
});

test('a repository that does not answer is trouble, and no reason to end', async () => {
  const made = await stage();
  await made.project('shop');
  let looks = 0;
  made.engine.before = (method) => {
    if (method !== 'list') return;
    looks += 1;
    if (looks < 3) throw new RepositoryError('repository-unreachable', 'no route to it');
  };
  const { told, until } = made.controller([protect({ project: 'shop', rpo: '4h' })]);
  await until((all) => all.includes('ended back-up shop: succeeded'));
  expect(told.slice(0, 2)).toEqual(['trouble no route to it', 'trouble no route to it']);
});

test('a clock that jumps a day ahead and back puts nothing off and pushes nothing out', async () => {
  const made = await stage();
  await made.project('shop');
  const policy = protect({ project: 'shop', rpo: '4h', keep: { last: 2 }, forgetAtMost: 5 });
  const { told, until } = made.controller([policy]);
  await until((all) => all.includes('ended back-up shop: succeeded'));
  const [real] = (await made.repository.points()).points;
  made.ahead = 24 * HOUR;
  await until((all) => times(all, 'ended back-up shop: succeeded') === 2);
  made.ahead = 0;
  // The point of tomorrow is passed over: the next one comes four hours after the first.
  await until((all) => times(all, 'ended back-up shop: succeeded') === 3);
  await until((_, rounds) => rounds === 3);
  const { points } = await made.repository.points();
  expect(points).toHaveLength(3);
  expect(points.map(({ id }) => id)).toContain(real?.id);
  const past = points.filter(({ at }) => Date.parse(at) <= made.now());
  expect(past).toHaveLength(2);
  const [newest, first] = past.map(({ at }) => Date.parse(at));
  expect((newest ?? 0) - (first ?? 0)).toBeLessThanOrEqual(4 * HOUR);
  expect(told.filter((text) => text.startsWith('trouble'))).toEqual([]);
});

test('told to end in mid-stream it ends at once and leaves nothing in the cloud; the next one writes the same point', async () => {
  const made = await stage();
  await made.project('shop');
  const before = await made.count('shop');
  const state = memoryState();
  const policies = [protect({ project: 'shop', rpo: '4h' })];
  const first = made.controller(policies, { state });
  const stop = new AbortController();
  made.repository.events.once('progress', () => stop.abort());
  await first.controller.run({ signal: stop.signal });
  expect(first.told).toEqual(['decided', 'started back-up shop', 'ended back-up shop: cancelled']);
  expect(await made.count('shop')).toEqual(before);
  expect(await state.load()).toMatchObject({ running: [{ about: { project: 'shop', purpose: 'back-up' } }] });
  const second = made.controller(policies, { state });
  await second.until((told) => told.includes('ended back-up shop: succeeded'));
  expect(second.told[0]).toBe('started back-up shop');
  expect((await made.repository.points()).points).toHaveLength(1);
  expect(await state.load()).toMatchObject({ running: [], attempts: [{ project: 'shop' }] });
});

test('a run of a project that has no policy any more is ended, and no other one is begun', async () => {
  const made = await stage();
  for (const project of ['shop', 'mail']) await made.project(project);
  const state = memoryState();
  const stop = new AbortController();
  made.repository.events.once('progress', () => stop.abort());
  await made
    .controller([protect({ project: 'shop', rpo: '4h' })], { state })
    .controller.run({ signal: stop.signal });
  const second = made.controller([protect({ project: 'mail', rpo: '4h' })], { state });
  await second.until(
    (told) =>
      told.includes('ended back-up shop: succeeded') && told.includes('ended back-up mail: succeeded'),
  );
  expect(times(second.told, 'started back-up shop')).toBe(1);
});

test('a state that is somebody else’s is not taken for an empty one', async () => {
  const made = await stage();
  await made.project('shop');
  const state = memoryState({ recoveries: [] });
  const { controller } = made.controller([protect({ project: 'shop', rpo: '4h' })], { state });
  await expect(controller.run({ signal: AbortSignal.abort() })).rejects.toThrow(StateCorruptError);
});

test('what is missing or misspelt is refused by its name', async () => {
  const { repository } = await stage();
  const policies = [protect({ project: 'shop', rpo: '4h', keep: { last: 1 }, forgetAtMost: 1 })];
  const given = {
    policies,
    repository,
    source: () => {
      throw new TypeError('it is not asked');
    },
    state: memoryState(),
    journal: () => {
      throw new TypeError('it is not asked');
    },
    ledger: { read: async () => ({ entries: [], unreadable: [] }) },
  };
  const refused = (differs: object, field: string) =>
    expect(() => backupController({ ...given, ...differs })).toThrow(
      expect.objectContaining({ code: 'input', field }),
    );
  refused({ ledger: undefined }, 'ledger');
  refused({ policies: [] }, 'policies');
  refused({ policies: [...policies, ...policies] }, 'policies.1.project');
  refused({ interval: 0 }, 'interval');
  refused({ misspelt: 1 }, 'misspelt');
  expect(() => protect({ project: 'shop', rpo: '4h', forgetAtMost: 1 })).toThrow(
    expect.objectContaining({ field: 'forgetAtMost' }),
  );
});
