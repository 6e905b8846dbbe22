import { overall } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import type { StackSnapshot, VipStatus } from '../../src/stack.ts';
import { assess, only, spof, verdicts } from './assessed.ts';
import { seen } from './seen.ts';

describe('virtual addresses', () => {
  const host = (
    name: string,
    owns: boolean,
    keepalived: boolean | 'mute' = true,
  ): VipStatus['hosts'][number] => ({
    host: name,
    owns,
    interface: owns ? 'eth0' : undefined,
    keepalived: keepalived === 'mute' ? undefined : keepalived,
  });
  const vip = (
    hosts: VipStatus['hosts'],
    candidates = hosts.map((each) => each.host),
  ): Partial<StackSnapshot> => ({
    vips: [
      seen({
        address: '10.0.0.10',
        candidates,
        hosts,
        owners: hosts.filter((each) => each.owns).map((each) => each.host),
      }),
    ],
  });

  test('one owner and a spare pass; two owners are critical; none is, too', () => {
    expect(
      overall(
        assess(vip([host('a', true), host('b', false)])).filter((finding) =>
          finding.id.startsWith('keepalived'),
        ),
      ),
    ).toBe('pass');
    expect(only(assess(vip([host('a', true), host('b', true)])), 'keepalived.double-master')).toMatchObject([
      { verdict: 'fail', severity: 'critical' },
    ]);
    expect(only(assess(vip([host('a', false), host('b', false)])), 'keepalived.owner')).toMatchObject([
      { verdict: 'fail', severity: 'critical' },
    ]);
  });

  test('with a host that was not seen, neither a second owner nor its absence is claimed', () => {
    const findings = assess(vip([host('a', true)], ['a', 'b']));
    expect(verdicts(findings, 'keepalived.double-master')).toEqual(['unknown']);
    expect(verdicts(findings, 'keepalived.owner')).toEqual(['pass']);
    expect(verdicts(assess(vip([host('a', false)], ['a', 'b'])), 'keepalived.owner')).toEqual(['unknown']);
    expect(verdicts(assess(vip([], ['a', 'b'])), 'keepalived.owner')).toEqual(['unknown']);
  });

  test('a spare without keepalived is none; one that does not tell is unknown', () => {
    expect(verdicts(assess(vip([host('a', true), host('b', false, false)])), 'keepalived.spare')).toEqual([
      'fail',
    ]);
    expect(verdicts(assess(vip([host('a', true), host('b', false, 'mute')])), 'keepalived.spare')).toEqual([
      'unknown',
    ]);
  });
});

test('an address that Pacemaker moves has its spares there, and lacks no keepalived', () => {
  const node = (name: string, standby = false) => ({
    name,
    online: true,
    standby,
    maintenance: false,
    unclean: false,
    pending: false,
    type: 'member',
    resources: 1,
  });
  const pacemaker = (...nodes: ReturnType<typeof node>[]) => [
    seen({
      host: 'a',
      version: '2.1.5',
      coordinator: 'a',
      quorum: true,
      stonith: true,
      noQuorumPolicy: 'stop',
      maintenance: false,
      nodes,
      resources: [
        {
          id: 'vip',
          agent: 'ocf:heartbeat:IPaddr2',
          role: 'Started',
          active: true,
          managed: true,
          failed: false,
          blocked: false,
          nodes: ['a'],
          within: undefined,
        },
      ],
      failures: [],
    }),
  ];
  const hosts = ['a', 'b'].map((host) => ({
    host,
    owns: host === 'a',
    interface: undefined,
    keepalived: false,
  }));
  const vips = [seen({ address: '10.0.0.10', candidates: ['a', 'b'], hosts, owners: ['a'] })];
  const moved = assess({ vips, pacemaker: pacemaker(node('a'), node('b')) });
  expect(verdicts(moved, 'keepalived.spare')).toEqual(['pass']);
  expect(spof(moved, 'keepalived')).toBeUndefined();
  expect(
    verdicts(assess({ vips, pacemaker: pacemaker(node('a'), node('b', true)) }), 'keepalived.spare'),
  ).toEqual(['fail']);
  expect(spof(assess({ vips }), 'keepalived')?.verdict).toBe('fail');
});
