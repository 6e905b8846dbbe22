import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileLease, type Lease, memoryJournal, memoryState, StateCorruptError } from '@groundcrew/runbook';
import { describe, expect, onTestFinished, test } from 'vitest';
import { assessSecurityGroups, observeSecurityGroups } from '../../src/security-groups.ts';
import {
  after,
  channel,
  editRules,
  lock,
  notify,
  responsePolicy,
  responseContext,
  stop,
  tag,
} from '../../src/response.ts';
import { openTrail, sqliteStore } from '../../src/trail.ts';
import { aServer, lockedOf, oneTermLease, stage, wrong } from './stage.ts';

const hour = 3_600_000;
const enforce = (...responses: Parameters<typeof responsePolicy>[0]['rules'][number]['do']) =>
  responsePolicy({ mode: 'enforce', rules: [{ finding: '*', do: responses }] });
const has = (text: string) => (told: readonly string[]) => told.some((line) => line.includes(text));

test('an open group: told at once, asked when the deadline is over, mended when somebody agreed, told in the trail', async () => {
  const site = await stage();
  const { cloud } = site;
  const { id: group } = await cloud.network.securityGroups.create({ name: 'open' });
  await cloud.network.securityGroupRules.create({
    security_group_id: group,
    direction: 'ingress',
    ethertype: 'IPv4',
  });
  const trail = await openTrail({ store: sqliteStore(':memory:') });
  const policy = responsePolicy({
    mode: 'enforce',
    rules: [{ finding: 'audit.allow-all', do: [notify('owner'), after('72h', editRules())] }],
  });
  const { told, until } = site.controller(policy, {
    interval: 20 * hour,
    trail,
    async look({ signal }) {
      const snapshot = await observeSecurityGroups(cloud, { signal });
      const findings = assessSecurityGroups(snapshot).filter(({ subject }) => subject.id.includes(group));
      return { findings, context: responseContext(snapshot) };
    },
  });
  await until(has('succeeded: edit-rules'));
  expect(told).toEqual([
    '0h started: notify-channel-owner by response-controller',
    '0h succeeded: notify-channel-owner',
    `72h asked: edit-rules-security-group-${group}`,
    `72h started: edit-rules-security-group-${group} by the officer`,
    `72h succeeded: edit-rules-security-group-${group}`,
  ]);
  expect(site.messages).toHaveLength(1);
  expect((await cloud.network.securityGroups.get({ id: group })).security_group_rules).not.toContainEqual(
    expect.objectContaining({ direction: 'ingress', remote_ip_prefix: null }),
  );
  const events = await Array.fromAsync(trail.find({ kind: 'groundcrew' }));
  expect(events.map(({ event }) => [event.action, event.who.user_name, event.outcome])).toEqual([
    ['audit.notify', 'response-controller', 'success'],
    ['audit.edit-rules', 'the officer', 'success'],
  ]);
  await trail.close();
});

describe('what was done', () => {
  test('is done once although it cures nothing; when somebody undoes it, it is asked again', async () => {
    const site = await stage();
    const id = await aServer(site);
    site.findings = [wrong('server', id)];
    let isLocked = false;
    site.context = { revisionOf: () => undefined, isInEffect: () => isLocked };
    const first = site.controller(enforce(lock()));
    await first.until((told, looks) => {
      isLocked ||= has('succeeded')(told);
      return looks === 10;
    });
    expect(first.asked).toHaveLength(1);
    await site.cloud.compute.at('2.26').servers.unlock({ id });
    isLocked = false;
    const second = site.controller(enforce(lock()));
    await second.until(has('succeeded'));
    expect(second.asked).toHaveLength(1);
    expect(await lockedOf(site, id)).toBe(true);
  });

  test('what no look can tell is remembered, by the next controller too', async () => {
    const site = await stage();
    const id = await aServer(site);
    site.findings = [wrong('server', id)];
    const policy = enforce(tag('bad'), lock());
    await site
      .controller(policy)
      .until((told) => told.filter((line) => line.includes('succeeded')).length === 2);
    const next = site.controller(policy);
    await next.until((_, looks) => looks === 10);
    expect(next.told).toEqual([]);
    expect(site.journals.size).toBe(2);
  });

  test('what failed is tried again later, and not sooner', async () => {
    const site = await stage();
    site.findings = [wrong('server', 'gone'), wrong('server', await aServer(site))];
    const { told, until } = site.controller(enforce(lock()), { interval: hour, retry: 3 * hour });
    await until((said) => said.filter((line) => line.includes('asked')).length === 2);
    expect(
      told.filter((message) => /asked|partially/.test(message)).map((line) => line.replace(/:.*/, '')),
    ).toEqual(['0h asked', '0h partially-succeeded', '3h asked']);
  });

  test('a channel that is down is tried again; the deadline begins when somebody was told', async () => {
    const site = await stage();
    site.findings = [wrong('server', await aServer(site))];
    let attempts = 0;
    const channels = [
      channel('owner', async () => {
        attempts += 1;
        if (attempts < 3) throw new Error('no route');
      }),
    ];
    const { told, until } = site.controller(enforce(notify('owner'), after('10h', stop())), {
      channels,
      interval: hour,
      retry: 2 * hour,
    });
    await until(has('asked'));
    expect(told.find((line) => line.includes('succeeded: notify'))).toMatch(/^4h/);
    expect(told.find((line) => line.includes('asked'))).toMatch(/^14h/);
  });

  test('what is mended, and breaks again in autumn, is told of again, and has its time again', async () => {
    const site = await stage();
    const id = await aServer(site);
    site.findings = [wrong('server', id)];
    const { told, until } = site.controller(enforce(notify('owner'), after('72h', stop())), {
      interval: 20 * hour,
    });
    await until((_, looks) => {
      if (looks === 3) site.findings = [wrong('server', id, 'pass')];
      if (looks === 50) site.findings = [wrong('server', id)];
      return looks === 53;
    });
    expect(told.filter((line) => line.includes('started'))).toHaveLength(2);
    expect(has('asked')(told)).toBe(false);
  });
});

describe('modes and limits', () => {
  test.each([
    ['off', []],
    ['audit', ['0h declined: audit.mode-audit']],
    [
      'warn',
      ['0h started: notify-channel-owner by response-controller', '0h succeeded: notify-channel-owner'],
    ],
  ] as const)('%s', async (mode, expected) => {
    const site = await stage();
    site.findings = [wrong('server', 'a')];
    const policy = responsePolicy({ mode, rules: [{ finding: '*', do: [notify('owner'), lock()] }] });
    const { told, until } = site.controller(policy);
    await until((_, looks) => looks === 5);
    expect(told).toEqual(expected);
  });

  test('too many at once: somebody is told, nobody is asked, nothing is touched', async () => {
    const site = await stage();
    site.findings = Array.from({ length: 21 }, (_, at) => wrong('server', `s${at}`));
    const { told, until } = site.controller(enforce(notify('owner'), tag('bad'), lock()));
    await until((_, looks) => looks === 5);
    expect(told).toEqual([
      '0h declined: audit.too-many-targets',
      '0h started: notify-channel-owner by response-controller',
      '0h succeeded: notify-channel-owner',
    ]);
    expect(site.messages[0]?.findings).toHaveLength(21);
  });
});

describe('several controllers', () => {
  test('of two one acts; when it stops, the other one leads and knows what was done', async () => {
    const site = await stage();
    const id = await aServer(site);
    site.findings = [wrong('server', id)];
    const folder = await mkdtemp(join(tmpdir(), 'groundcrew-lease-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const lease = fileLease(join(folder, 'lease'));
    const first = site.controller(enforce(lock()), { lease, holder: 'a' });
    const second = site.controller(enforce(lock()), { lease, holder: 'b', interval: 1 });
    const end = new AbortController();
    const following = second.controller.run({ signal: end.signal });
    let rounds = 0;
    second.controller.events.on('decided', () => {
      rounds += 1;
      if (rounds === 5) end.abort();
    });
    await Promise.all([first.until((told) => has('succeeded')(told) || rounds > 0), following]);
    const acted = [...first.told, ...second.told].filter((line) => line.includes('started'));
    expect(acted).toHaveLength(1);
    expect(await lockedOf(site, id)).toBe(true);
  });

  test('the lease is lost while somebody is asked: withdrawn; a yes does nothing, and nothing is remembered', async () => {
    const site = await stage();
    const id = await aServer(site);
    site.findings = [wrong('server', id)];
    const { lost, lease } = oneTermLease();
    const saved: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<{ by: string }>();
    const { told, until, controller } = site.controller(enforce(lock()), {
      lease,
      approve: () => promise,
      state: { load: async () => undefined, save: async (value) => void saved.push(value) },
    });
    controller.events.on('following', () => resolve({ by: 'somebody' }));
    await until((said, looks) => {
      if (looks === 3) lost.abort(new Error('somebody else has it'));
      return has('following')(said);
    });
    expect(told.map((line) => line.replace(/^\d+h /, ''))).toEqual([
      `asked: lock-server-${id}`,
      `withdrawn: lock-server-${id}`,
      'following',
    ]);
    expect(saved).toEqual([]);
    expect(await lockedOf(site, id)).toBe(false);
  });
});

test('a policy that tells a channel which is not there is refused at once', async () => {
  const site = await stage();
  const policy = enforce(notify('owner'), after('1h', notify('president')));
  expect(() => site.controller(policy)).toThrow(
    'rules[0].do[1]: tells president; of channels there are owner',
  );
  expect(() => site.controller(policy, { channels: [] })).toThrow('rules[0].do[0]: tells owner');
});

test('the lease is lost while a plan is at work: it ends, and the next one goes on from its journal', async () => {
  const site = await stage();
  const id = await aServer(site);
  site.findings = [wrong('server', id)];
  const { lost, lease } = oneTermLease();
  const state = memoryState();
  let late = 0;
  const counted = {
    load: () => state.load(),
    save: async (value: unknown) => {
      if (lost.signal.aborted) late += 1;
      await state.save(value);
    },
  };
  const first = site.controller(enforce(lock()), { lease, state: counted });
  first.controller.events.on('record', ({ record }) => {
    if (record.event.type === 'step-started') lost.abort(new Error('somebody else has it'));
  });
  await first.until(has('following'));
  expect(late).toBe(0);
  expect(await state.load()).toMatchObject({ running: [{ by: 'the officer' }] });
  const next = site.controller(enforce(lock()), { state });
  await next.until(has('succeeded'));
  expect(next.asked).toEqual([]);
  expect(await lockedOf(site, id)).toBe(true);
});

describe('bad luck', () => {
  test('a look that fails decides nothing, and is not the last one', async () => {
    const site = await stage();
    const id = await aServer(site);
    let looks = 0;
    const { told, until } = site.controller(enforce(lock()), {
      look: async () => {
        looks += 1;
        if (looks < 4) throw new Error('503');
        return { findings: [wrong('server', id)], context: site.context };
      },
    });
    await until(has('succeeded'));
    expect(told.slice(0, 4)).toEqual([
      ...Array.from({ length: 3 }, () => '0h trouble: 503'),
      `0h asked: lock-server-${id}`,
    ]);
  });

  test('a flood of events is one look a second', async () => {
    const site = await stage();
    const { controller, until } = site.controller(enforce(lock()), { interval: hour });
    const start = site.simulated.clock.now();
    controller.events.on('decided', () => {
      for (let at = 0; at < 100; at += 1) controller.wake();
    });
    await until((_, looks) => looks === 10);
    expect(site.simulated.clock.now() - start).toBe(9_000);
  });

  test('one journal that cannot be read keeps its own thing from being touched, and no other', async () => {
    const site = await stage();
    const [held, free] = [await aServer(site), await aServer(site)];
    const state = { running: [{ journal: 'broken', by: 'x', deeds: [remembered(held)] }], left: [] };
    site.findings = [wrong('server', held), wrong('server', free)];
    const broken = { ...memoryJournal(), read: () => Promise.reject(new Error('I/O error')) };
    const { told, until } = site.controller(enforce(lock()), {
      state: memoryState(state),
      journal: (name) => (name === 'broken' ? broken : memoryJournal()),
    });
    await until(has('succeeded'));
    expect(told[0]).toBe('0h trouble: I/O error');
    expect([await lockedOf(site, held), await lockedOf(site, free)]).toEqual([false, true]);
  });

  test('a state that is none is not taken for an empty one: it makes way for one who can read it', async () => {
    const site = await stage();
    site.findings = [wrong('server', await aServer(site))];
    const state = memoryState({ recoveries: [] });
    const alone = site.controller(enforce(lock()), { state });
    await expect(alone.until(() => true)).rejects.toBeInstanceOf(StateCorruptError);
    expect(alone.told).toEqual([]);
    let released = 0;
    const lease: Lease = {
      acquire: async ({ holder }) => ({
        holder,
        token: 1,
        lost: new AbortController().signal,
        release: async () => void (released += 1),
      }),
    };
    const one = site.controller(enforce(lock()), { state, lease });
    await one.until((said) => said.length === 3);
    expect(new Set(one.told)).toEqual(
      new Set(['0h trouble: what is kept is no state of a response controller']),
    );
    expect(released).toBe(3);
    expect(await state.load()).toEqual({ recoveries: [] });
  });

  test('a trail that is away is told when it is back, once', async () => {
    const site = await stage();
    site.findings = [wrong('server', await aServer(site))];
    const trail = await openTrail({ store: sqliteStore(':memory:') });
    let tries = 0;
    const { told, until } = site.controller(enforce(lock()), {
      trail: {
        append: async (events) => {
          tries += 1;
          if (tries < 3) throw new Error('the trail is away');
          return trail.append(events);
        },
      },
    });
    await until((_, looks) => looks === 8);
    expect(told.filter((line) => line.includes('asked'))).toHaveLength(1);
    expect(tries).toBe(3);
    expect(await Array.fromAsync(trail.find({ kind: 'groundcrew' }))).toHaveLength(1);
    await trail.close();
  });
});

const remembered = (id: string) => ({ do: 'lock', target: { kind: 'server', id }, keys: [] });
