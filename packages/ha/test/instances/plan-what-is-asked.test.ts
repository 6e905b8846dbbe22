import type { Step } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import { leftBehind } from '../../src/instances/left-behind.ts';
import type { PastRecovery } from '../../src/instances/history.ts';
import { planRecovery, type PlanRecoveryOptions, planReturn } from '../../src/instances/plan-recovery.ts';
import { haPolicy, type HaPolicy } from '../../src/instances/policy.ts';
import type { CloudView, ServerView } from '../../src/instances/situation.ts';
import { hostView, NOW, serverView, siteWithDead } from './situations.ts';

// A plan moves what it was asked to move, from the host that it fences, in an order that keeps a guest from running twice.

const DEAD = 'compute-2';
const view = (servers: readonly ServerView[] | undefined, differs: Partial<CloudView> = {}): CloudView => ({
  ...siteWithDead(4, [DEAD]).cloud,
  servers,
  ...differs,
});
const plan = (
  servers: readonly ServerView[] | undefined,
  wanted: readonly string[],
  policy: Partial<HaPolicy> = {},
  options: PlanRecoveryOptions = {},
) => planRecovery({ host: DEAD, servers: wanted }, view(servers), haPolicy(policy), options);
const steps = (...args: Parameters<typeof plan>): readonly Step[] => {
  const planned = plan(...args);
  if (!planned.ok) throw new Error(planned.refusals[0].reason);
  return planned.plan.steps;
};
const refusal = (planned: ReturnType<typeof planRecovery>): string | undefined =>
  planned.ok ? undefined : planned.refusals[0].code;
const moved = (all: readonly Step[]): string[] =>
  all.flatMap(({ id }) => (id.startsWith('evacuate-') ? [id.slice('evacuate-'.length)] : []));

const one = serverView('one', DEAD);
const two = serverView('two', DEAD);

describe('moved is', () => {
  test('what was asked for, and nothing else of the host', () => {
    expect(moved(steps([one, two], ['one']))).toEqual(['one']);
  });

  test('nothing that is on another host by now', () => {
    expect(moved(steps([one, serverView('two', 'compute-3')], ['one', 'two']))).toEqual(['one']);
  });

  test('no server that is not safe to move, though it was asked for', () => {
    const moving = serverView('two', DEAD, { task: 'migrating', moves: [] });
    expect(moved(steps([one, moving], ['one', 'two']))).toEqual(['one']);
    expect(moved(steps([one, serverView('two', DEAD, { state: 'deleted' })], ['one', 'two']))).toEqual([
      'one',
    ]);
  });

  test('one that opted out, if it was asked for by hand', () => {
    expect(moved(steps([serverView('two', DEAD, { haEnabled: false })], ['two']))).toEqual(['two']);
  });
});

describe('refused is a plan', () => {
  test('of a host that Nova does not have, or that could not be read', () => {
    const asked = { host: 'compute-9', servers: ['one'] };
    expect(refusal(planRecovery(asked, view([one]), haPolicy()))).toBe('ha.host-unknown');
    const unread = view([one], { hosts: undefined });
    expect(refusal(planRecovery({ host: DEAD, servers: ['one'] }, unread, haPolicy()))).toBe(
      'ha.host-unknown',
    );
  });

  test('of servers that could not be read', () => {
    expect(refusal(plan(undefined, ['one']))).toBe('ha.servers-unknown');
  });

  test('that moves nothing, unless a server elsewhere waits for the proof', () => {
    expect(refusal(plan([one], []))).toBe('ha.nothing-to-move');
    expect(steps([], [], {}, { waiting: ['elsewhere'] }).map(({ id }) => id)).toEqual([
      'fence',
      'declare-down',
      'close',
    ]);
  });

  test.each(['reserved_host', 'rh_priority', 'auto_priority'] as const)(
    'by the method %s, without a reserve',
    (method) => {
      expect(refusal(plan([one], ['one'], { method }))).toBe('ha.no-reserve');
    },
  );
});

describe('the order', () => {
  test('no evacuation before the host is fenced, and Nova knows it to be down', () => {
    const all = steps([one], ['one']);
    const needs = new Map(all.map((step) => [step.id, step.needs]));
    expect(needs.get('declare-down')).toEqual(['fence']);
    expect(needs.get('evacuate-one')).toEqual(['fence', 'declare-down']);
  });

  test('what must run first is moved first, and what fails stops nobody', () => {
    const later = serverView('two', DEAD, { restartAfter: ['one'] });
    const step = steps([one, later], ['two', 'one']).find(({ id }) => id === 'evacuate-two');
    expect(step).toMatchObject({ after: ['evacuate-one'], onFailure: 'continue' });
  });

  test('no more at a time than the policy says', () => {
    const planned = plan([one, two], ['one', 'two'], { concurrency: 1 });
    expect(planned.ok && planned.plan.concurrency).toMatchObject({ groups: { evacuations: 1 } });
  });

  test('a host is enabled after its service is back, and turned on before that', () => {
    const back = planReturn(DEAD, view([]), haPolicy());
    const needs = back.ok ? back.plan.steps.map(({ id, needs: before }) => [id, before]) : [];
    expect(needs).toEqual([
      ['power-on', []],
      ['await-service', ['power-on']],
      ['enable', ['await-service']],
    ]);
  });
});

test('a host that may run it, too, must be proven off at the moment of its evacuation', () => {
  const moves = [{ type: 'live-migration', status: 'running', source: DEAD, dest: 'compute-3' }];
  const moving = serverView('one', DEAD, { task: 'migrating', moves });
  const [step] = steps([moving], ['one'], {}, { heldOff: new Set(['compute-3']) }).filter(
    ({ id }) => id === 'evacuate-one',
  );
  expect(step?.input).toMatchObject({ host: DEAD, alsoOff: ['compute-3'] });
});

test('the plan remembers when the host was last heard of: a later heartbeat spares it', () => {
  const [fence] = steps([one], ['one']);
  expect(fence?.input).toEqual({ host: DEAD, lastHeard: new Date(NOW).toISOString() });
});

test('who stays is named in the plan, with the reason', () => {
  const paused = serverView('two', DEAD, { state: 'paused' });
  const close = steps([one, paused], ['one']).find(({ id }) => id === 'close');
  expect(close?.input).toMatchObject({ notMoved: [{ server: 'two', code: 'state' }] });
});

describe('left behind, in every round, is a server', () => {
  const past = (state: PastRecovery['state']): PastRecovery => ({
    host: DEAD,
    state,
    startedAt: NOW - 60_000,
  });
  interface Told {
    readonly judged?: 'up' | 'down' | 'suspected' | 'unknown';
    readonly recoveries?: readonly PastRecovery[];
    readonly marked?: boolean;
    readonly up?: boolean;
    readonly begun?: boolean;
    readonly server?: ServerView;
  }
  const left = ({
    judged = 'unknown',
    recoveries = [],
    marked = false,
    up = false,
    begun = false,
    server = one,
  }: Told) => {
    const site = siteWithDead(4, [DEAD]);
    const disabledReason = marked ? 'groundcrew: evacuating (run-1)' : undefined;
    const hosts = site.cloud.hosts?.map((each) =>
      each.host === DEAD ? hostView(DEAD, { up, enabled: !marked, disabledReason }) : each,
    );
    const situation = {
      ...site,
      cloud: { ...site.cloud, hosts, servers: [server] },
      history: { observations: [], recoveries },
    };
    const judgements = [{ host: DEAD, state: judged, because: ['looked'] }];
    return leftBehind(situation, judgements, begun ? [{ host: DEAD, servers: ['one'] }] : []).flatMap(
      ({ servers }) => servers.map(({ server: id, code }) => `${id}: ${code}`),
    );
  };

  test.each(['recovered', 'half-done', 'failed'] as const)(
    'of a host that is not judged down again, after a recovery that is %s',
    (state) => {
      expect(left({ recoveries: [past(state)] })).toEqual(['one: host-not-judged']);
    },
  );

  test('of a host that bears our mark, though the history has nothing of it', () => {
    expect(left({ marked: true })).toEqual(['one: host-not-judged']);
    expect(left({ marked: true, up: true })).toEqual([]);
    expect(left({})).toEqual([]);
  });

  test('not of a host that is up, nor of one whose recovery runs', () => {
    expect(left({ judged: 'up', recoveries: [past('recovered')] })).toEqual([]);
    expect(
      left({
        judged: 'down',
        recoveries: [past('running')],
        server: serverView('p', DEAD, { state: 'paused' }),
      }),
    ).toEqual([]);
  });

  test('that waits for the next attempt, until that begins', () => {
    expect(left({ judged: 'down', recoveries: [past('recovered')] })).toEqual(['one: next-attempt']);
    expect(left({ judged: 'down', recoveries: [past('recovered')], begun: true })).toEqual([]);
    expect(left({ judged: 'down' })).toEqual([]);
  });
});
