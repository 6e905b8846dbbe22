import type { Plan, Planned, Refusal } from '@groundcrew/runbook';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_HISTORY } from '../../src/components/galera/galera-files.ts';
import { type GaleraNodeState, isPrimary } from '../../src/components/galera/galera-state.ts';
import type { GaleraRecoveryOptions } from '../../src/components/galera/galera-steps.ts';
import { planGaleraRecovery } from '../../src/components/galera/plan-galera-recovery.ts';
import { anyNode, HISTORY, killed, OTHER, serving } from './galera-nodes.ts';

const codes = (answer: Planned): string[] => (answer.ok ? [] : answer.refusals.map(({ code }) => code));
const ids = (answer: Planned): string[] =>
  answer.ok ? answer.plan.steps.map(({ id }) => id) : codes(answer);
const plan = (nodes: readonly GaleraNodeState[], options?: GaleraRecoveryOptions) =>
  planGaleraRecovery(nodes, options);

describe('a total outage', () => {
  const three = [killed('a', 5), killed('b', 9), killed('c', 7)];

  test('begins with the most advanced node, and adds the others one by one', () => {
    const answer = plan(three);
    expect(ids(answer)).toEqual([
      'confirm-a',
      'confirm-b',
      'confirm-c',
      'clear-a',
      'clear-c',
      'mark-b',
      'bootstrap-b',
      'join-a',
      'join-c',
      'restart-b',
    ]);
    if (!answer.ok) return;
    const { steps, concurrency } = answer.plan;
    expect(concurrency.groups).toEqual({ galera: 1 });
    const step = (id: string) => steps.find((candidate) => candidate.id === id);
    expect(step('bootstrap-b')).toMatchObject({
      rollback: 'none',
      needs: ['mark-b'],
      input: { host: 'b', position: { uuid: HISTORY, seqno: 9 }, hosts: ['a', 'b', 'c'] },
    });
    expect(step('mark-b')?.needs).toEqual(['confirm-a', 'confirm-b', 'confirm-c', 'clear-a', 'clear-c']);
    expect(step('join-c')).toMatchObject({
      needs: ['bootstrap-b'],
      after: ['join-a'],
      onFailure: 'continue',
    });
    expect(step('restart-b')?.after).toEqual(['join-c', 'join-a'].toReversed());
  });

  test('the same nodes make the same plan', () => {
    const [first, second] = [plan(three), plan(structuredClone(three))];
    expect(first.ok && second.ok && first.plan.digest === second.plan.digest).toBe(true);
  });

  test('of one node alone is one bootstrap', () => {
    expect(ids(plan([killed('a', 5)]))).toEqual(['confirm-a', 'mark-a', 'bootstrap-a']);
  });

  test('a node that runs without a majority is stopped first', () => {
    const answer = plan([
      serving('a', { clusterStatus: 'non-Primary', lastCommitted: 9 }),
      killed('b', 8),
      killed('c', 8),
    ]);
    expect(ids(answer)).toEqual([
      'stop-a',
      'confirm-a',
      'confirm-b',
      'confirm-c',
      'clear-b',
      'clear-c',
      'mark-a',
      'bootstrap-a',
      'join-b',
      'join-c',
      'restart-a',
    ]);
  });

  const safe = { uuid: HISTORY, seqno: -1, safeToBootstrap: true };
  test.each<[string, GaleraNodeState[], GaleraRecoveryOptions, string[]]>([
    ['no node', [], {}, ['galera.not-a-cluster']],
    ['a host twice', [killed('a', 1), killed('a', 1)], {}, ['galera.not-a-cluster']],
    ['a misspelt host', three, { acceptLoss: ['z'] }, ['galera.unknown-host']],
    ['equal nodes', [killed('a', 9), killed('b', 9)], {}, ['galera.tie']],
    [
      'no history',
      [killed('a', 9), killed('b', -1, { recovered: { uuid: NO_HISTORY, seqno: -1 } })],
      {},
      ['galera.null-uuid'],
    ],
    [
      'no data',
      [killed('a', 9), killed('b', 0, { recovered: 'none', saved: 'none' })],
      {},
      ['galera.null-uuid'],
    ],
    ['seqno -1', [killed('a', 9), killed('b', -1)], {}, ['galera.position-unknown']],
    [
      'a failed recovery',
      [killed('a', 9), killed('b', 0, { recovered: 'unknown' })],
      {},
      ['galera.position-unknown'],
    ],
    [
      'two histories',
      [killed('a', 9), killed('b', 3, { recovered: { uuid: OTHER, seqno: 3 }, saved: 'none' })],
      {},
      ['galera.different-histories'],
    ],
    [
      'a file that contradicts InnoDB',
      [killed('a', 9), killed('b', 3, { saved: { uuid: HISTORY, seqno: 4, safeToBootstrap: false } })],
      {},
      ['galera.positions-disagree'],
    ],
    [
      'a file that cannot be read',
      [killed('a', 9), killed('b', 3, { saved: 'unknown' })],
      {},
      ['galera.position-unknown'],
    ],
    [
      'a node that was not seen',
      [killed('a', 9), killed('b', 3, { process: 'unknown' })],
      {},
      ['galera.unseen'],
    ],
    ['a frozen node', [killed('a', 9), killed('b', 3, { process: 'frozen' })], {}, ['galera.frozen']],
    [
      'a node that does not answer',
      [killed('a', 9), killed('b', 3, { process: 'running', live: 'unknown' })],
      {},
      ['galera.unseen'],
    ],
    [
      'a bootstrap under way',
      [killed('a', 9), killed('b', 3, { process: 'running', live: 'unknown', bootstrapping: true })],
      {},
      ['galera.bootstrap-underway'],
    ],
    [
      'a joiner',
      [killed('a', 9), killed('b', 3, { process: 'running', live: 'unknown', joiner: true })],
      {},
      ['galera.transfer-in-progress'],
    ],
    [
      'what is left of a joiner',
      [killed('a', 9), killed('b', 3, { process: 'alone' })],
      {},
      ['galera.transfer-in-progress'],
    ],
    [
      'two that are safe',
      [killed('a', 9, { saved: safe }), killed('b', 9, { saved: safe })],
      {},
      ['galera.two-bootstraps'],
    ],
    [
      'the wrong one that is safe',
      [killed('a', 9), killed('b', 3, { saved: safe })],
      {},
      ['galera.misleading-safe-to-bootstrap'],
    ],
    [
      'an empty one that is safe (mariadb-operator #1816)',
      [
        killed('a', 9),
        killed('b', -1, {
          recovered: { uuid: NO_HISTORY, seqno: -1 },
          saved: { uuid: NO_HISTORY, seqno: -1, safeToBootstrap: true },
        }),
      ],
      {},
      ['galera.null-uuid', 'galera.misleading-safe-to-bootstrap'],
    ],
    [
      'a member that was not given',
      [killed('a', 9, { view: { own: 'x', members: ['x', 'y', 'z'] } }), killed('b', 3)],
      {},
      ['galera.member-missing'],
    ],
    ['nothing left to begin with', three, { acceptLoss: ['a', 'b', 'c'] }, ['galera.no-candidate']],
  ])('%s is refused', (_, nodes, options, expected) => {
    expect(codes(plan(nodes, options))).toEqual(expected);
  });

  test('of equals the preferred one is taken, or the one that Galera marked', () => {
    const equal = [killed('a', 9), killed('b', 9), killed('c', 4)];
    expect(ids(plan(equal, { preferred: ['c', 'b'] }))).toContain('bootstrap-b');
    expect(ids(plan([killed('a', 9), killed('b', 9, { saved: safe })]))).toContain('bootstrap-b');
    // A preference is no reason to lose commits.
    expect(ids(plan(three, { preferred: ['a'] }))).toContain('bootstrap-b');
  });

  test('with its loss accepted a node is out of the comparison, and joins if it can', () => {
    const wiped = killed('c', -1, { recovered: { uuid: NO_HISTORY, seqno: -1 } });
    expect(ids(plan([killed('a', 5), killed('b', 9), wiped], { acceptLoss: ['c'] }))).toContain('join-c');
    const other = killed('c', 99, { saved: 'none', recovered: { uuid: OTHER, seqno: 99 } });
    const answer = plan([killed('a', 5), killed('b', 9), other], { acceptLoss: ['c'] });
    expect(ids(answer)).not.toContain('join-c');
    expect(answer.ok && answer.plan.warnings.join()).toContain('c is left out');
  });

  test('an unseen node whose loss is accepted must be said to be off', () => {
    const answer = plan([killed('a', 5), killed('b', 9), killed('c', 0, { process: 'unknown' })], {
      acceptLoss: ['c'],
    });
    expect(answer.ok && answer.plan.gates).toMatchObject([{ id: 'off-c', before: ['bootstrap-b'] }]);
    expect(ids(answer).some((id) => id.endsWith('-c'))).toBe(false);
  });
});

describe('a partial failure', () => {
  const two = [serving('a', { clusterSize: 2 }), serving('b', { clusterSize: 2 })];

  test('starts what is down, one by one, and begins nothing', () => {
    expect(ids(plan([...two, killed('c', 90), killed('d', 95)]))).toEqual(['join-c', 'join-d']);
    const marked = killed('c', 90, { saved: { uuid: HISTORY, seqno: -1, safeToBootstrap: true } });
    expect(ids(plan([...two, marked]))).toEqual(['clear-c', 'join-c']);
  });

  test('a frozen node goes on, or is ended, as the caller says', () => {
    const nodes = [...two, killed('c', -1, { process: 'frozen', live: 'unknown', recovered: 'unknown' })];
    expect(ids(plan(nodes))).toEqual(['thaw-c']);
    expect(ids(plan(nodes, { frozen: 'kill' }))).toEqual(['kill-c', 'join-c']);
  });

  test.each<[string, GaleraNodeState[], string[]]>([
    ['all well', [...two], ['galera.healthy']],
    ['a node ahead of those that serve', [...two, killed('c', 101)], ['galera.ahead-of-primary']],
    [
      'another history',
      [...two, killed('c', 1, { recovered: { uuid: OTHER, seqno: 1 } })],
      ['galera.different-histories'],
    ],
    ['a node that was not recovered', [...two, killed('c', -1)], ['galera.position-unknown']],
    ['a node outside', [...two, serving('c', { clusterStatus: 'non-Primary' })], ['galera.partitioned']],
    [
      'a donor',
      [...two, { ...serving('c'), donor: true }],
      ['galera.transfer-in-progress', 'galera.two-components'],
    ],
    [
      'a member that is not Synced',
      [serving('a', { localState: 'Joined' }), killed('c', 1)],
      ['galera.transfer-in-progress'],
    ],
    // After two bootstraps from one history: the ids are equal, sizes and configurations tell.
    [
      'two components',
      [serving('a', { clusterSize: 1 }), serving('b', { clusterSize: 1 })],
      ['galera.two-components'],
    ],
    [
      'two histories that serve',
      [serving('a', { clusterSize: 2 }), serving('b', { clusterSize: 2, clusterStateUuid: OTHER })],
      ['galera.two-components'],
    ],
  ])('%s is refused', (_, nodes, expected) => {
    expect(codes(plan(nodes))).toEqual(expected);
  });
});

describe('whatever is read', () => {
  const hosts = ['a', 'b', 'c'];
  const cluster = fc.tuple(...hosts.map(anyNode));
  const options = fc.record({
    acceptLoss: fc.subarray(hosts),
    preferred: fc.shuffledSubarray(hosts),
    frozen: fc.constantFrom('thaw' as const, 'kill' as const),
  });

  test('there is a plan or a reason, at most one bootstrap, and none of a node that is not provably the furthest', () => {
    const made = { outage: 0, partial: 0, refused: 0 };
    fc.assert(
      fc.property(cluster, options, (nodes, chosen) => {
        const answer = plan(nodes, chosen);
        made[!answer.ok ? 'refused' : nodes.some(isPrimary) ? 'partial' : 'outage'] += 1;
        expect(answer.ok ? broken(nodes, chosen, answer.plan) : unexplained(answer.refusals)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
    // It is no test if it makes no plans.
    expect(made.outage).toBeGreaterThan(100);
    expect(made.partial).toBeGreaterThan(100);
  });
});

const unexplained = (refusals: readonly Refusal[]): string[] =>
  refusals.filter(({ reason, remedy }) => reason === '' || !remedy).map(({ code }) => code);

/** The rules that a plan breaks. */
function broken(
  nodes: readonly GaleraNodeState[],
  { acceptLoss }: { readonly acceptLoss: readonly string[] },
  { steps }: Plan,
): string[] {
  const begun = steps.filter(({ action }) => action === 'ha.galera-bootstrap');
  const marked = steps.filter(
    ({ action, input }) => action === 'ha.galera-mark-bootstrap' && (input as { safe: boolean }).safe,
  );
  if (nodes.some(isPrimary))
    return begun.length + marked.length === 0 ? [] : ['a cluster serves, and another one is begun'];
  const [first] = begun;
  if (first === undefined || begun.length > 1 || marked.length !== 1) return [`${begun.length} bootstraps`];
  const { host, position } = first.input as { host: string; position: { uuid: string; seqno: number } };
  const rules: [string, boolean][] = [
    ['begins with a node whose loss was accepted', acceptLoss.includes(host)],
    ['begins with a node without history', position.uuid === NO_HISTORY || position.seqno < 0],
    [
      'somebody starts before',
      steps.some(({ action, needs }) => action === 'ha.galera-join' && !needs.includes(first.id)),
    ],
  ];
  for (const node of nodes.filter((listed) => !acceptLoss.includes(listed.host))) {
    const known = knownPosition(node);
    rules.push(
      [`${node.host} is not known`, known === undefined],
      [`${node.host} has another history`, known?.uuid !== position.uuid],
      [`${node.host} is further`, (known?.seqno ?? -1) > position.seqno],
    );
  }
  return rules.filter(([, isBroken]) => isBroken).map(([rule]) => rule);
}

function knownPosition({
  process,
  recovered,
  live,
}: GaleraNodeState): { uuid?: string; seqno?: number } | undefined {
  if (process === 'none')
    return typeof recovered === 'object' && recovered.seqno >= 0 ? recovered : undefined;
  if (process !== 'running' || typeof live !== 'object') return undefined;
  const { localStateUuid: uuid, lastCommitted: seqno } = live;
  return uuid === undefined || seqno === undefined || seqno < 0 ? undefined : { uuid, seqno };
}
