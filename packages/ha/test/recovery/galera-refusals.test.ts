import type { Planned } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import type { GaleraNodeState } from '../../src/components/galera/galera-state.ts';
import { planGaleraRecovery } from '../../src/components/galera/plan-galera-recovery.ts';
import { HISTORY, killed, OTHER, serving } from './galera-nodes.ts';

// One obstacle at a time, where another rule would not refuse as well.

const codes = (answer: Planned): string[] => (answer.ok ? [] : answer.refusals.map(({ code }) => code));
const plan = (...nodes: GaleraNodeState[]): string[] => codes(planGaleraRecovery(nodes));
const lost = (host: string, ...nodes: GaleraNodeState[]): Planned =>
  planGaleraRecovery(nodes, { acceptLoss: [host] });
const ids = (answer: Planned): string[] =>
  answer.ok ? answer.plan.steps.map(({ id }) => id) : codes(answer);

describe('a bootstrap is refused', () => {
  test('beside a node that answers over SQL, though no process of it is seen', () => {
    const answering = { ...serving('a', { clusterStatus: 'non-Primary' }), process: 'none' as const };
    const known = { ...answering, recovered: { uuid: HISTORY, seqno: 9 } };
    expect(plan(known, killed('b', 5))).toEqual(['galera.unseen']);
  });

  test('beside a node that does not tell whether it serves', () => {
    const mute = serving('a', { clusterStatus: undefined, lastCommitted: 9 });
    expect(plan(mute, killed('b', 5))).toEqual(['galera.unseen']);
  });

  test('beside a node that was told to begin a cluster, and is on its way', () => {
    const beginning = {
      ...serving('a', { clusterStatus: 'Disconnected', lastCommitted: 9 }),
      bootstrapping: true,
    };
    expect(plan(beginning, killed('b', 5))).toEqual(['galera.bootstrap-underway']);
    expect(plan({ ...beginning, bootstrapping: false }, killed('b', 5))).toEqual([]);
  });

  test('with a node whose grastate.dat is of another history than its InnoDB', () => {
    const saved = { uuid: OTHER, seqno: -1, safeToBootstrap: false };
    expect(plan(killed('a', 9, { saved }), killed('b', 5))).toEqual(['galera.positions-disagree']);
  });
});

describe('two components serve', () => {
  const two = (differs: object): string[] => plan(serving('a'), serving('b', differs), killed('c', 5));

  test('nodes of one component do not', () => {
    expect(two({})).toEqual([]);
  });

  test.each([
    ['histories', { clusterStateUuid: OTHER }],
    ['sizes', { clusterSize: 2 }],
    ['configurations', { configurationId: 8 }],
  ])('if their %s differ', (_, differs) => {
    expect(two(differs)).toEqual(['galera.two-components']);
  });

  test('if their component has fewer members than serve', () => {
    const small = { clusterSize: 1 };
    expect(plan(serving('a', small), serving('b', small), killed('c', 5))).toEqual(['galera.two-components']);
  });
});

describe('joining', () => {
  test('is refused while nobody who serves is known to be Synced', () => {
    expect(plan(serving('a', { localState: 'Donor/Desynced' }), killed('b', 5))).toEqual([
      'galera.transfer-in-progress',
    ]);
    const untold = { localStateUuid: undefined, lastCommitted: undefined };
    expect(plan(serving('a', untold), killed('b', 5))).toEqual(['galera.position-unknown']);
  });

  test('leaves out a node that could not be seen, whose loss was accepted', () => {
    const unseen = killed('c', 5, { process: 'unknown', recovered: 'unknown' });
    expect(ids(lost('c', serving('a'), killed('b', 5), unseen))).toEqual(['join-b']);
  });

  test('leaves out a node whose data contradict the cluster, and whose loss was accepted: it would serve them', () => {
    const ahead = killed('c', 500);
    const answer = lost('c', serving('a'), killed('b', 5), ahead);
    expect(ids(answer)).toEqual(['join-b']);
    expect(answer.ok && answer.plan.warnings.join()).toContain('c is left out');
  });
});

test('a node is confirmed at the very position that was compared: it may have been started meanwhile', () => {
  const answer = planGaleraRecovery([killed('a', 5), killed('b', 9)]);
  const step = answer.ok ? answer.plan.steps.find(({ id }) => id === 'confirm-a') : undefined;
  expect(step?.input).toEqual({ host: 'a', position: { uuid: HISTORY, seqno: 5 } });
});
