import { describe, expect, test } from 'vitest';
import type { VolumeBackup } from '../../src/index.ts';
import { backup, cut, hoursAgo, judged, seen, statements, volume } from '../snapshot.ts';

const volumes = seen([volume('v')]);
const volumeFindings = (...backups: readonly VolumeBackup[]) =>
  judged('backup-dr.volume', { volumes, backups: seen(backups) });

// `cinder/backup/api.py`, `create`: the parent is the newest of the same project, so that another project's backup stands
// between; `delete` refuses a parent, but it can be in `error` (`os-reset_status`, a lost container).
test.each(['error', 'error_deleting', 'deleting'])(
  'an incremental backup is no copy where one that others build on is %s, though an older full one is whole',
  (status) => {
    const findings = volumeFindings(
      backup('last', 'v', 2, { is_incremental: true }),
      backup('between', 'v', 20, { status, has_dependent_backups: true }),
      backup('old', 'v', 90, { has_dependent_backups: true }),
    );
    expect(findings).toMatchObject([{ verdict: 'unknown' }]);
    expect(statements(findings)).toContain(
      'backup last is available: the backup that it builds on may be one that is not available',
    );
  },
);

// `cinder/backup/manager.py`, `import_record`: the record of an incremental backup is imported by itself.
test('a full backup on which nothing builds is in no chain', () => {
  expect(
    volumeFindings(backup('imported', 'v', 2, { is_incremental: true }), backup('other', 'v', 90)),
  ).toMatchObject([
    { verdict: 'fail', title: 'Volume name-v has no copy newer than 3 days; 24 hours is allowed' },
  ]);
});

test('what is certain passes beside what is not', () => {
  expect(
    volumeFindings(
      backup('last', 'v', 2, { is_incremental: true }),
      backup('full', 'v', 5),
      backup('parent', 'v', 20, { status: 'error', has_dependent_backups: true }),
      backup('old', 'v', 90, { has_dependent_backups: true }),
    ),
  ).toMatchObject([{ verdict: 'pass', title: 'Volume name-v can be restored as it was 5 hours ago' }]);
});

// `cinder/backup/api.py`, `get_all`: a user who is no administrator is shown the backups of the own project.
test('an incremental backup among some that could be seen: the parent may be hidden, or in error', () => {
  const backups = cut('volume backups', 'partial', [
    backup('last', 'v', 2, { is_incremental: true }),
    backup('full', 'v', 40, { has_dependent_backups: true }),
  ]);
  expect(judged('backup-dr.volume', { volumes, backups })).toMatchObject([{ verdict: 'unknown' }]);
});

// `cinder/objects/fields.py`, `BackupStatus`, has seven; a patched cloud or a later release has more.
test('a status that Cinder does not give is neither a copy nor none', () => {
  const findings = volumeFindings(backup('b', 'v', 2, { status: 'paused' }));
  expect(findings).toMatchObject([{ verdict: 'unknown' }]);
  expect(statements(findings)).toContain('backup b is paused: `paused` is no status that Cinder gives');
});

describe('the age of the data', () => {
  // `cinder/backup/api.py`, `create`: of a snapshot it is the snapshot's own; `data_timestamp` came with Mitaka.
  test('of a backup of a snapshot without `data_timestamp` is not that of the backup', () => {
    const findings = volumeFindings(backup('b', 'v', 1, { data_timestamp: null, snapshot_id: 's' }));
    expect(findings).toMatchObject([{ verdict: 'unknown' }]);
    expect(statements(findings)).toContain('it was made of snapshot s, and when that was taken is not told');
  });

  test('of a backup of a volume is that of the backup', () => {
    expect(
      volumeFindings(backup('b', 'v', 1, { data_timestamp: undefined, snapshot_id: null })),
    ).toMatchObject([{ verdict: 'pass' }]);
  });

  // `cinder/api/views/backups.py`: both are copied from the row as they are.
  test.each(['', 'None', '0000-00-00T00:00:00.000000'])('that is told as %j is not known', (moment) => {
    const findings = volumeFindings(
      backup('old', 'v', 99),
      backup('undated', 'v', 1, { data_timestamp: moment, created_at: moment }),
      backup('older', 'v', 200),
    );
    expect(findings).toMatchObject([{ verdict: 'unknown' }]);
    expect(statements(findings)).toContain('backup undated is available: when its data were so is not told');
  });
});

describe('a backup whose volume is in no list', () => {
  const goneOf = (given: VolumeBackup) =>
    judged('backup-dr.volume-gone', { volumes, backups: seen([given]) });

  // `cinder/backup/api.py`, `IMPORT_VOLUME_ID`: the volume of a record until its import has ended.
  test('is not of a volume that is gone while its record is imported', () => {
    expect(goneOf(backup('b', '00000000-0000-0000-0000-000000000000', 5, { status: 'error' }))).toEqual([]);
  });

  // `cinder/api/common.py`, `get_sort_params`: newest first, so that a later page does not have what came since.
  test('is not of a volume that is gone if it was made while the volumes were read', () => {
    expect(goneOf(backup('b', 'new', 0, { created_at: hoursAgo(-0.01) }))).toEqual([]);
    expect(goneOf(backup('b', 'gone', 1))).toHaveLength(1);
  });

  test('is counted as one of those that could be seen', () => {
    const backups = cut('volume backups', 'partial', [backup('b', 'gone', 5)]);
    expect(judged('backup-dr.volume-gone', { volumes, backups })).toMatchObject([
      { title: '1 backup that could be seen of a volume that is gone' },
    ]);
  });
});

// `cinder/backup/api.py`, `_list_backup_services`: `disabled=False`, and `is_up`. `cinder/api/contrib/services.py`: the words.
describe('a cinder-backup', () => {
  const service = (state: string, status: string) =>
    judged('backup-dr.service', { services: seen([{ binary: 'cinder-backup', host: 'c1', state, status }]) });

  test('that is up and disabled is given no work', () => {
    expect(service('up', 'disabled')).toMatchObject([{ verdict: 'fail' }]);
  });

  test.each([
    ['', 'enabled'],
    ['unknown', 'enabled'],
    ['up', ''],
  ])('in state %j and status %j is not known to work, nor not to', (state, status) => {
    expect(service(state, status)).toMatchObject([{ verdict: 'unknown' }]);
  });

  test('that is up passes by what was counted', () => {
    expect(service('up', 'enabled')).toMatchObject([
      { verdict: 'pass', title: '1 of 1 cinder-backup service up and enabled' },
    ]);
  });
});

// `cinder/volume/api.py`, `get_all`: a user who is no administrator is answered with the volumes of the own project, and no word of others.
test.each(['partial', 'denied', 'unsupported', 'failed'] as const)(
  'a list of no volumes that is %s does not say that there are none',
  (completeness) => {
    const [coverage] = judged('backup-dr.coverage', { volumes: cut('volumes', completeness) });
    expect(coverage).toMatchObject({
      verdict: 'unknown',
      title: 'How many volumes have a copy is not known',
    });
  },
);
