import {
  type PacemakerCluster,
  type PacemakerClusterNode,
  startPacemakerCluster,
  waitUntil,
} from '@groundcrew/lab';
import type { Finding } from '@groundcrew/runbook';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  assessStack,
  emptySnapshot,
  observePacemaker,
  type PacemakerStatus,
  type Seen,
  unsafeNow,
} from '../src/stack.ts';
import { commandHost } from './stack-hosts.ts';

let cluster: PacemakerCluster | undefined;

beforeAll(async () => {
  cluster = await startPacemakerCluster({ nodes: 3 });
});
afterAll(() => cluster?.stop());

const nodes = (): readonly PacemakerClusterNode[] => cluster?.nodes ?? [];
const look = (these = nodes()): Promise<Seen<PacemakerStatus>[]> =>
  Promise.all(
    these.map((node) => observePacemaker({ host: commandHost(node.name, node.prefix) }, { timeout: 15_000 })),
  );
const judge = (pacemaker: readonly Seen<PacemakerStatus>[]): Finding[] =>
  assessStack({ ...emptySnapshot, pacemaker });
const find = (findings: readonly Finding[], id: string, of = ''): Finding | undefined =>
  findings.find((finding) => finding.id === id && finding.subject.id.includes(of));

describe('Pacemaker, three nodes', () => {
  test('whole: quorum, one to spare, one coordinator; fencing that has no device fails', async () => {
    const seen = await look();
    expect(seen.map((observed) => observed.completeness)).toEqual(['complete', 'complete', 'complete']);
    expect(new Set(seen.map((observed) => observed.value?.coordinator)).size).toBe(1);
    expect(seen[0]?.value).toMatchObject({
      quorum: true,
      stonith: true,
      failures: [],
      version: expect.stringMatching(/^2\./),
    });
    const findings = judge(seen);
    for (const id of [
      'pacemaker.quorum',
      'pacemaker.quorum-margin',
      'pacemaker.nodes',
      'pacemaker.split-brain',
    ])
      expect(find(findings, id)?.verdict, id).toBe('pass');
    expect(find(findings, 'pacemaker.stonith')).toMatchObject({
      verdict: 'fail',
      title: expect.stringContaining('no device'),
    });
    expect(unsafeNow('corosync', { ...emptySnapshot, pacemaker: seen })).toEqual([]);
  });

  test('an action that fails; fencing switched off', async () => {
    const [first] = nodes();
    await first?.run(['crm_attribute', '--name', 'stonith-enabled', '--update', 'false']);
    await first?.run([
      'cibadmin',
      '--create',
      '--scope',
      'resources',
      '--xml-text',
      '<primitive id="broken" class="ocf" provider="pacemaker" type="Dummy"><instance_attributes id="b-a"><nvpair id="b-s" name="state" value="/proc/nowhere/state"/></instance_attributes></primitive>',
    ]);
    const failed = async (): Promise<boolean> => ((await look())[0]?.value?.failures.length ?? 0) > 0;
    await waitUntil(failed, { within: 60_000, what: 'the failure' });
    const findings = judge(await look());
    expect(find(findings, 'pacemaker.failures')).toMatchObject({ verdict: 'fail' });
    expect(find(findings, 'pacemaker.failures')?.because[0]?.statement).toMatch(
      /^broken_(start|stop|monitor)_0 on ctl-/,
    );
    expect(find(findings, 'pacemaker.stonith')?.title).toContain('switched off');
    await first?.run([
      'cibadmin',
      '--delete',
      '--scope',
      'resources',
      '--xml-text',
      '<primitive id="broken"/>',
    ]);
  });

  test('one cut off: it has no quorum and knows it, the others have none to spare', async () => {
    const [, , third] = nodes();
    if (third === undefined) throw new Error('three were started');
    await third.cut();
    const parted = async (): Promise<boolean> => {
      const [a, , c] = await look();
      return (
        c?.value?.quorum === false &&
        a?.value?.nodes.some((node) => node.name === third.name && !node.online) === true &&
        a.value.quorum === true
      );
    };
    await waitUntil(parted, { within: 60_000, what: 'the partition' });
    const seen = await look();
    const findings = judge(seen);
    expect(find(findings, 'pacemaker.quorum', 'ctl-3')).toMatchObject({
      verdict: 'fail',
      severity: 'critical',
    });
    expect(find(findings, 'pacemaker.quorum', 'ctl-1')?.verdict).toBe('pass');
    expect(find(findings, 'pacemaker.split-brain')?.verdict).toBe('pass');
    expect(find(findings, 'pacemaker.quorum-margin', 'ctl-1')).toMatchObject({
      verdict: 'fail',
      severity: 'high',
    });
    const codes = unsafeNow('pacemaker', { ...emptySnapshot, pacemaker: seen }, { move: 'restart' }).map(
      (refusal) => refusal.code,
    );
    expect(codes).toEqual(expect.arrayContaining(['pacemaker.no-quorum', 'pacemaker.no-margin']));
    await third.mend();
    const healed = async (): Promise<boolean> =>
      (await look()).every(
        (observed) =>
          observed.value?.nodes.every((node) => node.online) === true && observed.value.quorum === true,
      );
    await waitUntil(healed, { within: 90_000, what: 'the cluster to heal' });
  });

  test('a node that is dead is a gap, and no partition is ruled out', async () => {
    const [first, second, third] = nodes();
    await third?.kill();
    const without = async (): Promise<boolean> =>
      (await look([first, second].filter((node) => node !== undefined))).every(
        (observed) => observed.value?.quorum === true && observed.value.nodes.some((node) => !node.online),
      );
    await waitUntil(without, { within: 60_000, what: 'the loss to be seen' });
    const seen = await look();
    expect(seen[2]).toMatchObject({ completeness: 'failed', value: undefined });
    expect(find(judge(seen), 'pacemaker.split-brain')?.verdict).toBe('unknown');
  });
});
