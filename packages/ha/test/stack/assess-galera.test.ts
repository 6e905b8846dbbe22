import { overall } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import { assess, only, spof, verdicts } from './assessed.ts';
import { galera, HISTORY, unseen } from './seen.ts';

describe('Galera', () => {
  const three = ['db-1', 'db-2', 'db-3'].map((host) => galera(host));

  test('three that agree pass, and one may fail', () => {
    const findings = assess({ galera: three }).filter((finding) => finding.id.startsWith('mariadb.'));
    expect(overall(findings)).toBe('pass');
    expect(only(findings, 'mariadb.quorum-margin')[0]?.title).toBe('1 node of 3 may fail at once');
    expect(spof(assess({ galera: three }), 'mariadb')?.verdict).toBe('pass');
  });

  test('two histories are a split brain, whatever the rest says', () => {
    const other = { clusterStateUuid: '0badcafe-0000-11ef-8000-000000000002', clusterSize: 1 };
    const findings = assess({ galera: [three[0], three[1], galera('db-3', other)] as typeof three });
    expect(only(findings, 'mariadb.split-brain')).toMatchObject([
      { verdict: 'fail', severity: 'critical', title: '2 clusters with different histories' },
    ]);
  });

  test('two primary components of one history are a split brain once all their members were seen', () => {
    const findings = assess({
      galera: [
        galera('db-1', { clusterSize: 2, configurationId: 7 }),
        galera('db-2', { clusterSize: 2, configurationId: 7 }),
        galera('db-3', { clusterSize: 1, configurationId: 9 }),
      ],
    });
    expect(only(findings, 'mariadb.split-brain')).toMatchObject([
      { verdict: 'fail', title: '2 primary components' },
    ]);
  });

  test('views that merely differ are a change caught in the middle: unknown', () => {
    const findings = assess({
      galera: [
        galera('db-1', { clusterSize: 3, configurationId: 8 }),
        galera('db-2', { clusterSize: 2, configurationId: 7 }),
      ],
    });
    expect(verdicts(findings, 'mariadb.split-brain')).toEqual(['unknown']);
  });

  test('weights count: without the heavy one of three it is half', () => {
    const findings = assess({ galera: [galera('db-1', { weight: 2 }), galera('db-2'), galera('db-3')] });
    expect(only(findings, 'mariadb.quorum-margin')).toMatchObject([
      { verdict: 'fail', title: 'No node of 3 may fail' },
    ]);
  });

  test('a node that is not seen leaves the split brain unknown, and is no node that is down', () => {
    const findings = assess({ galera: [galera('db-1'), galera('db-2'), unseen('galera db-3:3306')] });
    expect(verdicts(findings, 'mariadb.split-brain')).toEqual(['unknown']);
    expect(verdicts(findings, 'mariadb.unseen')).toEqual(['unknown']);
    expect(spof(findings, 'mariadb')).toMatchObject({ verdict: 'unknown' });
  });

  test('with none seen nothing is said of a cluster at all', () => {
    const findings = assess({ galera: [unseen('galera db-1:3306'), unseen('galera db-2:3306')] }).filter(
      (finding) => finding.id.startsWith('mariadb'),
    );
    expect(findings.map((finding) => finding.id)).toEqual(['mariadb.unseen', 'mariadb.unseen']);
  });

  test('a non-primary node, a donor, a read-only one, one that writes for itself: each by its name', () => {
    const findings = assess({
      galera: [
        galera('db-1', {
          clusterStatus: 'non-Primary',
          clusterSize: 1,
          localState: 'Initialized',
          ready: false,
        }),
        galera('db-2', { localState: 'Donor/Desynced', donor: true, on: false }),
        galera('db-3', { flowControlPaused: 0.4 }, { readOnly: true }),
      ],
    });
    const failed = (id: string): string[] =>
      only(findings, id)
        .filter((finding) => finding.verdict === 'fail')
        .map((finding) => finding.subject.id);
    expect(failed('mariadb.primary')).toEqual(['db-1:3306']);
    expect(failed('mariadb.synced')).toEqual(['db-1:3306', 'db-2:3306']);
    expect(failed('mariadb.wsrep-on')).toEqual(['db-2:3306']);
    expect(failed('mariadb.writable')).toEqual(['db-3:3306']);
    expect(failed('mariadb.flow-control')).toEqual(['db-3:3306']);
  });

  test('what a node does not tell is unknown, not wrong and not right', () => {
    const mute = {
      clusterStatus: undefined,
      localState: undefined,
      ready: undefined,
      clusterSize: undefined,
      flowControlPaused: undefined,
    };
    const findings = assess({ galera: [galera('db-1', mute)] });
    expect(verdicts(findings, 'mariadb.primary')).toEqual(['unknown']);
    expect(verdicts(findings, 'mariadb.synced')).toEqual(['unknown']);
    expect(verdicts(findings, 'mariadb.flow-control')).toEqual([]);
    expect(spof(findings, 'mariadb')).toMatchObject({ verdict: 'unknown' });
  });

  test('three nodes on one machine are one', () => {
    const nodes = [3306, 3307, 3308].map((port) => galera('db-1', {}, { port }));
    expect(spof(assess({ galera: nodes }), 'mariadb')).toMatchObject({
      verdict: 'fail',
      title: expect.stringContaining('db-1 only'),
    });
    const machineOf = (address: string): string => address;
    expect(spof(assess({ galera: nodes }, { machineOf }), 'mariadb')?.verdict).toBe('pass');
  });

  test('a database without Galera beside a cluster is critical, alone it is a single machine', () => {
    expect(only(assess({ galera: [galera('db-1', 'off')] }), 'mariadb.replicated')).toMatchObject([
      { severity: 'high' },
    ]);
    expect(
      only(assess({ galera: [galera('db-1', 'off'), galera('db-2')] }), 'mariadb.replicated'),
    ).toMatchObject([{ severity: 'critical' }]);
  });

  test('a fourth that the cluster has and nobody asked is unknown; one that it lacks is missing', () => {
    expect(
      verdicts(assess({ galera: [galera('db-1', { clusterSize: 4 })] }), 'mariadb.member-unknown'),
    ).toEqual(['unknown']);
    expect(
      only(
        assess({ galera: [galera('db-1', { clusterSize: 1 }), unseen('galera db-2:3306')] }),
        'mariadb.member-missing',
      ),
    ).toHaveLength(1);
  });

  test('the history stands in the evidence', () => {
    expect(only(assess({ galera: three }), 'mariadb.split-brain')[0]?.because[0]?.statement).toContain(
      HISTORY,
    );
  });
});
