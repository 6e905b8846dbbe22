import { expect, test } from 'vitest';
import type { RepositoryErrorCode } from '../../../src/repository.ts';
import { failureOf } from '../../../src/repository/restic/failures.ts';

/** What restic really said, to whom, with which exit code; `undefined`: a signal ended it. */
const REPORTS: readonly (readonly [RepositoryErrorCode, number | undefined, string, string])[] = [
  ['wrong-password', 1, 'NethServer/dev#6137', 'Fatal: wrong password or no key found\nBackup failed'],
  [
    'wrong-password',
    12,
    'nicotsx/zerobyte#373',
    '{"message_type":"exit_error","code":12,"message":"Fatal: wrong password or no key found"}',
  ],
  [
    'repository-exists',
    1,
    'NethServer/dev#6137',
    'Fatal: create repository at /mnt/backup-daily-backup-restic failed: config file already exists\n',
  ],
  [
    'no-repository',
    1,
    'restic/restic#1167',
    'unable to open config file: Stat: stat /mnt/bacup/restic/config: no such file or directory\nIs there a repository at the following location?\n/mnt/bacup/restic',
  ],
  [
    'no-repository',
    1,
    'djmaze/resticker#106',
    'Fatal: unable to open config file: <config/> does not exist\nIs there a repository at the following location?\nrest:http://test:***@testrest:8000/test/',
  ],
  [
    'no-repository',
    10,
    'nicotsx/zerobyte#211',
    String.raw`{"message_type":"exit_error","code":10,"message":"Fatal: repository does not exist: unable to open config file: stat /localrepo/venUP/config: no such file or directory\nIs there a repository at the following location?\n/localrepo/venUP"}`,
  ],
  // The same beginning, and yet there may be one: it was not let in, or the clocks differ.
  [
    'repository-unreachable',
    1,
    'restic/restic#4631',
    'Fatal: unable to open config file: Stat: 401 \nIs there a repository at the following location?\ns3:https://s3.us-west-002.backblazeb2.com/dp-backups',
  ],
  [
    'repository-unreachable',
    1,
    'lhns/restic-android#212',
    "Fatal: unable to open config file: Stat The difference between the request time and the server's time is too large.\nIs there a repository at the following location?\ns3:http://172.18.100.77:9000/android-test",
  ],
  [
    'repository-locked',
    1,
    'restic/restic#4323',
    'repository d40db62f opened (version 2, compression level auto)\nFatal: unable to create lock in backend: repository is already locked by PID 38397 on vla010000191063 by root (UID 0, GID 0)\nlock was created at 2023-04-28 10:30:46 (165h32m5.88133994s ago)\nstorage ID 8ba25ed5',
  ],
  [
    'repository-locked',
    11,
    'nicotsx/zerobyte#81',
    String.raw`{"message_type":"exit_error","code":11,"message":"unable to create lock in backend: repository is already locked by PID 9454 on 975f84afb80e by root (UID 0, GID 0)\nlock was created at 2025-11-28 01:00:01 (12.480720222s ago)\nstorage ID 05b36c59\nthe ${'`unlock`'} command can be used to remove stale locks"}`,
  ],
  [
    'workspace-full',
    1,
    'garethgeorge/backrest#881',
    String.raw`{"message_type":"exit_error","code":1,"message":"Fatal: unable to save snapshot: failed to save blob from file \"/x/.git/objects/05\": Write: write /tmp/restic-temp-pack-1403529651: no space left on device"}`,
  ],
  [
    'workspace-full',
    1,
    'restic/restic#4558',
    'check snapshots, trees and blobs\nLoad(<data/e9135e72b2>, 0, 0) returned error, retrying after 685.855528ms: Copy: write /tmp/restic-check-cache-1115144068/8319f755b24bb716efbe3eebf650617403f1275ccdccdc77a50807a3631ff8eb/data/e9/tmp-1265412558: no space left on device',
  ],
  [
    'repository-full',
    2,
    'restic/restic#593',
    'panic: write /home/fd0/mnt/temp/tmp/temp-987810174: no space left on device',
  ],
  [
    'repository-newer',
    1,
    'restic/restic#3817',
    'Fatal: Fatal: config cannot be loaded: unsupported repository version',
  ],
  [
    'repository-damaged',
    1,
    'restic/restic#2323',
    'Fatal: config cannot be loaded: ciphertext verification failed',
  ],
  [
    'repository-damaged',
    1,
    'restic/restic#2325',
    'pack 4f5837c1 contains 1 errors: [blob 2: ciphertext verification failed]\nPack ID does not match, want 23d05a7c, got 136d21c3\nFatal: repository contains errors',
  ],
  [
    'repository-damaged',
    1,
    'restic/restic#5220',
    'pack 21d3e3203ab1dd9c987f2ce7a327422d567fd24f2e4a9311483ce9c34fdd92d6 contains 1 errors: [blob 637f7c61402503596ced050e78621f6759fb27dd5f680af74f84ca16ecf5da82: read blob <data/637f7c61> from 21d3e320: wrong data returned, hash is 9f959b90]',
  ],
  [
    'repository-damaged',
    1,
    'restic/restic#5766',
    '[0:01] 68.53%  577 / 842 index files loaded\nLoadRaw(<index/6a6533c7ed>): invalid data returned',
  ],
  [
    'repository-damaged',
    1,
    'restic/restic#4143',
    'Load(<key/b377918087>, 0, 0) returned error, retrying after 414.199625ms: <key/b377918087> does not exist',
  ],
  // cmd/restic/cmd_dump.go of 0.14 and of 0.18.
  ['stream-missing', 1, 'restic v0.14.0', 'invalid id "aaaa": no matching ID found for prefix "aaaa"'],
  [
    'stream-missing',
    1,
    'restic v0.18.0',
    'Fatal: failed to find snapshot: no matching ID found for prefix "aaaa"',
  ],
  ['engine-too-old', 1, 'spf13/pflag', 'unknown flag: --no-scan\n'],
  ['engine-missing', 127, 'dash', 'sh: 8: exec: restic: not found'],
  ['engine-killed', 130, 'restic v0.18.0', 'signal interrupt received, cleaning up'],
  ['engine-killed', undefined, 'the kernel', ''],
  ['engine-failed', 1, 'nobody', 'Fatal: something quite new'],
  ['engine-failed', 1, 'nobody', ''],
];

test.each(REPORTS)('%s (exit code %s, %s)', (code, exitCode, _source, stderr) => {
  expect(failureOf('backup', { exitCode, stderr })).toMatchObject({
    code,
    message: expect.stringMatching(/^restic backup: \S/),
  });
});

test('a lock is told with its holder, also of a name with blanks and of none', () => {
  const of = (stderr: string): unknown => failureOf('prune', { exitCode: 1, stderr }).lock;
  // restic/restic#1450: a container has neither a name for its user nor one that is easily read.
  expect(
    of(
      'Fatal: unable to create lock in backend: repository is already locked exclusively by PID 13 on ??-backup-?????-node1 by  (UID 0, GID 0)\nlock was created at 2021-11-15 01:42:14 (1295h59m38.012342811s ago)',
    ),
  ).toEqual({ host: '??-backup-?????-node1', pid: 13, user: '', exclusive: true });
  // garethgeorge/backrest#543
  expect(
    of(
      'unable to create lock in backend: repository is already locked by PID 69387 on mac by amar (UID 501, GID 20)',
    ),
  ).toEqual({ host: 'mac', pid: 69_387, user: 'amar', exclusive: false });
  expect(of('repository is already locked')).toBeUndefined();
});

test('the message has the line that tells the cause, and the last one, and no control characters', () => {
  const stderr = `noise\npack 4f5837c1 contains 1 errors: [blob 2: ciphertext verification failed]\nmore\u001B[2J\nFatal: repository contains errors\n`;
  expect(failureOf('check', { exitCode: 1, stderr }).message).toBe(
    'restic check: pack 4f5837c1 contains 1 errors: [blob 2: ciphertext verification failed]; Fatal: repository contains errors',
  );
  expect(failureOf('check', { exitCode: 1, stderr: 'bad\u001B[2J' }).message).not.toContain('\u001B');
});

test('a long story is looked through in time that is linear in its length', () => {
  const long = `${'Load(<data/aa> '.repeat(20_000)}\n${'/data/'.repeat(20_000)}\n`;
  const begun = performance.now();
  expect(failureOf('check', { exitCode: 1, stderr: long }).code).toBe('engine-failed');
  expect(performance.now() - begun).toBeLessThan(3_000);
});
