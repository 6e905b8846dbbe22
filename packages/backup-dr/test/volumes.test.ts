import { describe, expect, test } from 'vitest';
import { copiesOf } from '../src/index.ts';
import { backup, cut, hoursAgo, judged, seen, statements, volume } from './snapshot.ts';

const volumes = seen([volume('v')]);
const volumeFindings = (backups: readonly ReturnType<typeof backup>[], parts = {}, policy = {}) =>
  judged('backup-dr.volume', { volumes, backups: seen(backups), ...parts }, policy);

describe('a volume', () => {
  test('with a backup within 24 hours can be restored', () => {
    expect(volumeFindings([backup('b', 'v', 23)])).toMatchObject([
      {
        verdict: 'pass',
        title: 'Volume name-v can be restored as it was 23 hours ago',
        subject: { id: 'v', name: 'name-v' },
      },
    ]);
  });

  test('with a backup older than the RPO fails, medium; the RPO is policy', () => {
    expect(volumeFindings([backup('b', 'v', 25)])).toMatchObject([
      {
        verdict: 'fail',
        severity: 'medium',
        title: 'Volume name-v has no copy newer than 25 hours; 24 hours is allowed',
      },
    ]);
    expect(volumeFindings([backup('b', 'v', 25)], {}, { rpo: 26 * 3_600_000 })).toMatchObject([
      { verdict: 'pass' },
    ]);
  });

  test('without a backup fails, high', () => {
    expect(volumeFindings([])).toMatchObject([
      { verdict: 'fail', severity: 'high', title: 'Volume name-v has no copy to restore' },
    ]);
    expect(volumeFindings([backup('b', 'other', 1)])).toMatchObject([{ verdict: 'fail', severity: 'high' }]);
  });

  test('with a snapshot only has no copy, and the evidence says why', () => {
    const findings = volumeFindings([], {
      snapshots: seen([{ id: 's', volume_id: 'v', status: 'available' }]),
    });
    expect(findings).toMatchObject([{ verdict: 'fail', severity: 'high' }]);
    expect(statements(findings)).toContain('1 snapshot of it: on the same storage, lost with it, so no copy');
  });

  test.each(['creating', 'error', 'deleting', 'error_deleting'])(
    'with a backup that is %s has no copy',
    (status) => {
      expect(volumeFindings([backup('b', 'v', 1, { status })])).toMatchObject([
        { verdict: 'fail', severity: 'high' },
      ]);
    },
  );

  test('keeps its copy while that is being restored', () => {
    expect(volumeFindings([backup('b', 'v', 1, { status: 'restoring' })])).toMatchObject([
      { verdict: 'pass' },
    ]);
  });

  test('backups in error are named, with their reason', () => {
    const findings = volumeFindings([
      backup('bad', 'v', 1, { status: 'error', fail_reason: 'Swift is full' }),
    ]);
    expect(statements(findings)).toContain('backup bad is in error: Swift is full');
  });

  test('age counts from the data, not from the writing of the backup', () => {
    expect(volumeFindings([backup('b', 'v', 1, { data_timestamp: hoursAgo(30) })])).toMatchObject([
      { verdict: 'fail', severity: 'medium' },
    ]);
    expect(volumeFindings([backup('b', 'v', 1, { data_timestamp: null })])).toMatchObject([
      { verdict: 'pass' },
    ]);
  });

  test('a copy from the future has no age', () => {
    expect(volumeFindings([backup('b', 'v', -1)])).toMatchObject([{ verdict: 'unknown' }]);
  });
});

describe('an incremental chain', () => {
  const full = backup('full', 'v', 40, { has_dependent_backups: true });
  const middle = backup('middle', 'v', 20, { is_incremental: true, has_dependent_backups: true });
  const last = backup('last', 'v', 2, { is_incremental: true });

  test('counts from its newest, and is needed as a whole', () => {
    const findings = volumeFindings([full, last, middle]);
    expect(findings).toMatchObject([
      { verdict: 'pass', title: 'Volume name-v can be restored as it was 2 hours ago' },
    ]);
    expect(statements(findings)).toContain(
      'all 3 backups of its chain are needed, down to the full one full',
    );
  });

  test('ends at the first full backup', () => {
    const older = backup('older', 'v', 90);
    expect(copiesOf([older, full, middle, last], []).chain.map((member) => member.id)).toEqual([
      'last',
      'middle',
      'full',
    ]);
  });

  test('without its full backup restores nothing', () => {
    const findings = volumeFindings([last, middle, { ...full, status: 'error' }]);
    expect(findings).toMatchObject([{ verdict: 'fail', severity: 'high' }]);
    expect(statements(findings)).toContain(
      '2 incremental backups of which the full one is not there: last, middle',
    );
  });
});

describe('what was not seen is not judged', () => {
  test.each(['denied', 'partial', 'failed', 'unsupported'] as const)(
    'backups %s: unknown',
    (completeness) => {
      const findings = judged('backup-dr.volume', { volumes, backups: cut('volume backups', completeness) });
      expect(findings).toMatchObject([{ verdict: 'unknown', remedy: 'Ask as an administrator.' }]);
      expect(statements(findings)).toContain('403 for volume backups');
    },
  );

  test('an old copy among some: there may be a newer one', () => {
    expect(
      judged('backup-dr.volume', {
        volumes,
        backups: cut('volume backups', 'partial', [backup('b', 'v', 99)]),
      }),
    ).toMatchObject([{ verdict: 'unknown' }]);
  });

  test('a fresh copy among some is enough', () => {
    expect(
      judged('backup-dr.volume', {
        volumes,
        backups: cut('volume backups', 'partial', [backup('b', 'v', 1)]),
      }),
    ).toMatchObject([{ verdict: 'pass' }]);
  });

  test('without cinder-backup: something else may make the copies', () => {
    expect(volumeFindings([], { services: seen([]) })).toMatchObject([
      { verdict: 'unknown', remedy: 'Run cinder-backup, or look at what else makes backups.' },
    ]);
  });
});
