import { overall } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import type { RabbitQueue } from '../../src/stack.ts';
import { quorumQueue } from '../recovery/rabbit-nodes.ts';
import { assess, only, spof, verdicts } from './assessed.ts';
import { rabbit, unseen } from './seen.ts';

describe('RabbitMQ', () => {
  const three = ['rabbit-1', 'rabbit-2', 'rabbit-3'];
  const queue = (name: string, parts: Partial<RabbitQueue>): RabbitQueue => ({
    ...quorumQueue(name, three),
    ...parts,
  });

  test('three that see each other, with quorum queues, pass', () => {
    const findings = assess({ rabbit: three.map((name) => rabbit(name, { queues: [queue('q', {})] })) });
    expect(overall(findings.filter((finding) => finding.id.startsWith('rabbitmq')))).toBe('pass');
    expect(spof(findings, 'rabbitmq')?.verdict).toBe('pass');
  });

  test('a partition that any of them sees fails; so do two that do not know each other', () => {
    expect(
      verdicts(
        assess({ rabbit: [rabbit('rabbit-1', {}, { 'rabbit-2': { partitions: ['rabbit-3'] } })] }),
        'rabbitmq.split-brain',
      ),
    ).toEqual(['fail']);
    const unseenPeers = [
      rabbit('rabbit-1', {}, { 'rabbit-2': { running: false } }),
      rabbit('rabbit-2', {}, { 'rabbit-1': { running: false } }),
    ];
    expect(only(assess({ rabbit: unseenPeers }), 'rabbitmq.split-brain')).toMatchObject([
      { verdict: 'fail' },
    ]);
    expect(
      verdicts(assess({ rabbit: [rabbit('rabbit-1'), unseen('rabbitmq rabbit-2')] }), 'rabbitmq.split-brain'),
    ).toEqual(['unknown']);
  });

  test('an alarm on any node blocks all; a check that did not answer is unknown', () => {
    expect(
      only(
        assess({ rabbit: [rabbit('rabbit-1', {}, { 'rabbit-3': { memoryAlarm: true } })] }),
        'rabbitmq.alarms',
      ),
    ).toMatchObject([{ verdict: 'fail', severity: 'critical' }]);
    expect(
      verdicts(assess({ rabbit: [rabbit('rabbit-1', { alarms: undefined })] }), 'rabbitmq.alarms'),
    ).toEqual(['unknown']);
  });

  test('margin: two of three leave none, one of three has lost', () => {
    const down = { running: false };
    expect(
      only(assess({ rabbit: [rabbit('rabbit-1', {}, { 'rabbit-2': down })] }), 'rabbitmq.quorum-margin'),
    ).toMatchObject([{ verdict: 'fail', severity: 'high' }]);
    expect(
      only(
        assess({ rabbit: [rabbit('rabbit-1', {}, { 'rabbit-2': down, 'rabbit-3': down })] }),
        'rabbitmq.quorum-margin',
      ),
    ).toMatchObject([{ verdict: 'fail', severity: 'critical' }]);
  });

  test('queues: classic ones on one node, mirrored ones, quorum ones without majority; exclusive ones do not count', () => {
    const queues = [
      queue('reply', { type: 'classic', members: ['rabbit-1'], online: undefined, exclusive: true }),
      queue('conductor', { type: 'classic', members: ['rabbit-1'], online: undefined }),
      queue('old', { type: 'classic', members: ['rabbit-1', 'rabbit-2'], online: undefined }),
      queue('stuck', { online: ['rabbit-1'] }),
      queue('thin', { online: ['rabbit-1', 'rabbit-2'] }),
    ];
    const findings = assess({ rabbit: [rabbit('rabbit-1', { queues })] });
    expect(only(findings, 'rabbitmq.classic-queues')[0]?.title).toBe('1 classic queue of 4 on one node only');
    expect(only(findings, 'rabbitmq.mirrored-queues')[0]?.title).toContain('1 mirrored classic queue');
    expect(only(findings, 'rabbitmq.quorum-queues')).toMatchObject([
      { severity: 'critical', title: expect.stringContaining('1 quorum queue without a majority') },
    ]);
  });

  test('queues that could not be listed are no queues that are fine', () => {
    const findings = assess({ rabbit: [rabbit('rabbit-1', { queues: undefined })] });
    expect(findings.filter((finding) => finding.id.includes('queues'))).toEqual([]);
  });
});
