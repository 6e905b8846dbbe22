import { describe, expect, test } from 'vitest';
import { assess } from '../src/index.ts';
import {
  backup,
  cut,
  hoursAgo,
  judged,
  NOW,
  seen,
  server,
  snapshot,
  statements,
  volume,
} from './snapshot.ts';

describe('how many', () => {
  const volumes = seen([volume('a'), volume('b')]);

  test('all of them', () => {
    const findings = judged('backup-dr.coverage', {
      volumes,
      backups: seen([backup('1', 'a', 1), backup('2', 'b', 1)]),
    });
    expect(findings).toMatchObject([
      { verdict: 'pass', title: '2 of 2 volumes have a copy within 24 hours' },
    ]);
  });

  test('some of them', () => {
    expect(judged('backup-dr.coverage', { volumes, backups: seen([backup('1', 'a', 1)]) })).toMatchObject([
      { verdict: 'fail', title: '1 of 2 volumes have a copy within 24 hours' },
    ]);
  });

  test('all of those that were seen is not all', () => {
    const some = cut('volumes', 'partial', [volume('a')]);
    expect(
      judged('backup-dr.coverage', { volumes: some, backups: seen([backup('1', 'a', 1)]) }),
    ).toMatchObject([
      { verdict: 'unknown', title: '1 of 1 volumes that could be seen have a copy within 24 hours' },
    ]);
  });

  test('volumes denied are not no volumes; servers neither', () => {
    expect(judged('backup-dr.coverage', { volumes: cut('volumes', 'denied') })).toMatchObject([
      { verdict: 'unknown', title: 'How many volumes have a copy is not known' },
    ]);
    expect(statements(judged('backup-dr.coverage', { servers: cut('servers', 'denied') }))).toContain(
      'how many servers can be restored could not be seen',
    );
  });

  test('none at all', () => {
    expect(judged('backup-dr.coverage', {})).toMatchObject([
      { verdict: 'pass', title: 'There are no volumes' },
    ]);
  });
});

describe('the backup service', () => {
  const service = (host: string, state: string) => ({
    binary: 'cinder-backup',
    host,
    state,
    status: 'enabled',
  });
  test.each([
    [seen([service('c1', 'up'), service('c2', 'down')]), 'pass', 'high'],
    [seen([service('c1', 'down')]), 'fail', 'high'],
    [seen([{ binary: 'cinder-volume', host: 'c1', state: 'up', status: 'enabled' }]), 'unknown', 'high'],
    [cut<ReturnType<typeof service>>('services', 'denied'), 'unknown', 'medium'],
  ])('%#', (services, verdict, severity) => {
    expect(judged('backup-dr.service', { services })).toMatchObject([{ verdict, severity }]);
  });

  test('a cloud without block storage: unknown, with a remedy', () => {
    expect(judged('backup-dr.service', { backups: cut('volume backups', 'unsupported') })).toMatchObject([
      {
        verdict: 'unknown',
        title: 'This cloud has no API for backups of volumes',
        remedy: expect.stringContaining('cinder-backup'),
      },
    ]);
  });
});

describe('backups of volumes that are gone', () => {
  test('are told, by volume', () => {
    const backups = seen([
      backup('1', 'x', 1),
      backup('2', 'x', 2, { status: 'error', fail_reason: 'lost' }),
      backup('3', 'a', 1),
    ]);
    const findings = judged('backup-dr.volume-gone', { volumes: seen([volume('a')]), backups });
    expect(findings).toMatchObject([
      { severity: 'info', subject: { id: 'x' }, title: '2 backups of a volume that is gone' },
    ]);
    expect(statements(findings)).toContain('backup 2 is in error: lost');
  });

  test('are not told where volumes may be hidden', () => {
    expect(
      judged('backup-dr.volume-gone', {
        volumes: cut('volumes', 'partial'),
        backups: seen([backup('1', 'x', 1)]),
      }),
    ).toEqual([]);
  });
});

test('a restore is not proven', () => {
  expect(judged('backup-dr.proven', {})).toMatchObject([{ verdict: 'unknown' }]);
});

test('what is denied is unknown, and nothing about it passes', () => {
  const findings = assess(
    snapshot({
      volumes: cut('volumes', 'denied'),
      backups: cut('volume backups', 'denied'),
      snapshots: cut('volume snapshots', 'denied'),
      servers: cut('servers', 'denied'),
      images: cut('images', 'denied'),
      flavors: cut('flavors', 'denied'),
      services: cut('block storage services', 'denied'),
    }),
  );
  expect(new Set(findings.map((finding) => finding.verdict))).toEqual(new Set(['unknown']));
  expect(findings.filter((finding) => finding.id === 'backup-dr.unseen')).toHaveLength(6);
});

test('judged at the time of reading, unless told otherwise', () => {
  const read = snapshot({
    volumes: seen([volume('a')]),
    backups: seen([backup('1', 'a', 0, { data_timestamp: hoursAgo(20) })]),
    servers: seen([server('s', '', ['a'])]),
  });
  const verdicts = (now?: number) =>
    assess(read, { now })
      .filter((finding) => /volume$|server$/.test(finding.id))
      .map((finding) => finding.verdict);
  expect(verdicts()).toEqual(['pass', 'pass']);
  expect(verdicts(NOW + 5 * 3_600_000)).toEqual(['fail', 'fail']);
});
