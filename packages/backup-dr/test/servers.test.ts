import { describe, expect, test } from 'vitest';
import type { BackupSnapshot, SourceServer } from '../src/index.ts';
import { backup, cut, image, judged, seen, server, statements, volume } from './snapshot.ts';

const serverFindings = (given: SourceServer, parts: Partial<BackupSnapshot> = {}) =>
  judged('backup-dr.server', {
    volumes: seen([volume('fresh'), volume('old'), volume('none')]),
    backups: seen([backup('b1', 'fresh', 3), backup('b2', 'old', 100)]),
    servers: seen([given]),
    ...parts,
  });

describe('a server that boots from a volume', () => {
  test.each([
    [['fresh'], 'pass', 'high'],
    [['fresh', 'old'], 'fail', 'medium'],
    [['fresh', 'old', 'none'], 'fail', 'high'],
    [['fresh', 'stranger'], 'unknown', 'high'],
    [[], 'unknown', 'high'],
  ])('with the volumes %j: %s, %s', (volumes, verdict, severity) => {
    expect(serverFindings(server('s', '', volumes))).toMatchObject([{ verdict, severity }]);
  });

  test('needs no image', () => {
    expect(serverFindings(server('s', '', ['fresh']), { images: cut('images', 'denied') })).toMatchObject([
      { verdict: 'pass' },
    ]);
  });

  test('whose volumes were not seen is unknown', () => {
    expect(serverFindings(server('s', '', ['fresh']), { volumes: cut('volumes', 'denied') })).toMatchObject([
      { verdict: 'unknown', remedy: 'Ask as an administrator.' },
    ]);
  });
});

describe('a server that boots from an image', () => {
  const booted = server('s', { id: 'debian' }, []);

  test('with a young image made of it can be restored', () => {
    const findings = serverFindings(booted, { images: seen([image('i', 's', 5), image('older', 's', 90)]) });
    expect(findings).toMatchObject([
      { verdict: 'pass', title: 'Server name-s can be restored; its oldest part as it was 5 hours ago' },
    ]);
    expect(statements(findings)).toContain('image i of its root disk is active');
  });

  test('with an old one fails, medium', () => {
    expect(serverFindings(booted, { images: seen([image('i', 's', 25)]) })).toMatchObject([
      { verdict: 'fail', severity: 'medium' },
    ]);
  });

  test.each([
    ['of another server', image('i', 't', 1)],
    ['that is still being made', image('i', 's', 1, { status: 'queued' })],
    ['that is not made of a server', image('i', 's', 1, { image_type: undefined })],
    ['it was booted from', image('debian', 's', 1, { instance_uuid: undefined })],
  ])('an image %s is no copy', (_, other) => {
    expect(serverFindings(booted, { images: seen([other]) })).toMatchObject([
      { verdict: 'fail', severity: 'high' },
    ]);
  });

  test('images that were not seen: unknown', () => {
    expect(serverFindings(booted, { images: cut('images', 'partial') })).toMatchObject([
      { verdict: 'unknown' },
    ]);
  });

  test('needs copies of its volumes as well, and is as old as the oldest', () => {
    const images = seen([image('i', 's', 1)]);
    expect(serverFindings(server('s', { id: 'debian' }, ['fresh']), { images })).toMatchObject([
      { verdict: 'pass', title: expect.stringContaining('3 hours ago') },
    ]);
    expect(serverFindings(server('s', { id: 'debian' }, ['none']), { images })).toMatchObject([
      { verdict: 'fail', severity: 'high' },
    ]);
  });

  test('while it is shelved its disk is an image, which is no copy', () => {
    const shelf = image('i', 's', 1, { name: 'name-s-shelved' });
    expect(
      serverFindings({ ...booted, status: 'SHELVED_OFFLOADED' }, { images: seen([shelf]) }),
    ).toMatchObject([{ verdict: 'fail', severity: 'high' }]);
  });
});

test('an ephemeral disk is said to be lost', () => {
  const flavors = seen([{ id: 'small', 'OS-FLV-EXT-DATA:ephemeral': 20 }]);
  expect(statements(serverFindings(server('s', '', ['fresh']), { flavors }))).toContain(
    'its ephemeral disk of 20 GiB is in no image and no backup',
  );
  expect(statements(serverFindings(server('s', '', ['fresh']), { flavors: seen([]) }))).toContain(
    'whether it has an ephemeral disk is not known',
  );
});

test('a server in a cell that is down is unknown', () => {
  const { image: _image, ...hidden } = server('s', '', ['fresh'], { status: 'UNKNOWN' });
  expect(serverFindings(hidden as SourceServer)).toMatchObject([
    { verdict: 'unknown', title: 'Server name-s may not be restorable: compute does not tell its disks' },
  ]);
});
