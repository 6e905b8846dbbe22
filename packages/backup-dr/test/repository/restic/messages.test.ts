import { expect, test } from 'vitest';
import { plainText, streamsIn, summaryIn, unreadableIn } from '../../../src/repository/restic/messages.ts';

const ID = 'a'.repeat(64);

// The fields are those that the sources of each release write: internal/ui/backup/json.go.
test('the summary of 0.14 has a part of the id, that of 0.18 all of it and what is stored', () => {
  const old =
    '{"message_type":"summary","files_new":1,"files_changed":0,"files_unmodified":0,"dirs_new":0,"dirs_changed":0,"dirs_unmodified":0,"data_blobs":4,"tree_blobs":1,"data_added":3146200,"total_files_processed":1,"total_bytes_processed":3145735,"total_duration":0.4,"snapshot_id":"4fe91ee3"}';
  expect(summaryIn(old)).toEqual({ snapshot: '4fe91ee3', bytes: 3_145_735, added: 3_146_200 });
  const young = `{"message_type":"summary","files_new":1,"data_added":3146200,"data_added_packed":120400,"total_bytes_processed":3145735,"backup_start":"2026-11-30T11:00:00Z","backup_end":"2026-11-30T11:00:01Z","total_duration":1,"snapshot_id":"${ID}"}`;
  expect(summaryIn(young)).toEqual({ snapshot: ID, bytes: 3_145_735, added: 120_400 });
});

test.each([
  '{"message_type":"status","percent_done":0,"total_files":1,"bytes_done":3145735}',
  // 0.17 and later leave the id out where no snapshot was made.
  '{"message_type":"summary","total_bytes_processed":0}',
  'Fatal: unable to save snapshot',
  '',
  'null',
  '[]',
])('%s is no summary', (line) => {
  expect(summaryIn(line)).toBeUndefined();
});

const snapshot = (more: object): object => ({
  time: '2026-11-30T11:12:13.123456789+01:00',
  tree: 'b'.repeat(64),
  paths: ['/volume%2Fdb'],
  hostname: 'groundcrew',
  username: 'root',
  tags: ['groundcrew=1', 'groundcrew-stored=x', 'kind=stream'],
  id: ID,
  short_id: 'aaaaaaaa',
  ...more,
});

test('a list of 0.14 has no sizes, one of 0.18 has', () => {
  expect(streamsIn(JSON.stringify([snapshot({})]), '')).toEqual({
    streams: [
      {
        id: ID,
        name: 'volume/db',
        tags: { kind: 'stream' },
        path: '/volume%2Fdb',
        at: '2026-11-30T10:12:13.123Z',
      },
    ],
    unreadable: [],
  });
  const young = snapshot({ program_version: 'restic 0.18.0', summary: { total_bytes_processed: 7 } });
  expect(streamsIn(JSON.stringify([young]), '')?.streams[0]?.size).toBe(7);
});

test('an empty stream has no bytes, though restic has one', () => {
  const empty = snapshot({
    tags: ['groundcrew=1', 'groundcrew-empty=1'],
    summary: { total_bytes_processed: 1 },
  });
  expect(streamsIn(JSON.stringify([empty]), '')?.streams[0]).toMatchObject({ size: 0, tags: {} });
});

test("others' snapshots are passed over; one of ours that is not understood is said", () => {
  const others = [snapshot({ tags: ['daily'] }), snapshot({ tags: undefined })];
  expect(streamsIn(JSON.stringify(others), '')).toEqual({ streams: [], unreadable: [] });
  for (const odd of [snapshot({ paths: ['/etc', '/home'] }), snapshot({ paths: [] }), { id: 'short' }, 7])
    expect(streamsIn(JSON.stringify([odd]), '')).toMatchObject({
      streams: [],
      unreadable: [expect.any(String)],
    });
});

test('an empty list, and what is none', () => {
  expect(streamsIn('[]\n', '')).toEqual({ streams: [], unreadable: [] });
  expect(streamsIn('null\n', '')).toEqual({ streams: [], unreadable: [] });
  expect(streamsIn('', '')).toBeUndefined();
  expect(streamsIn('{"message_type":"exit_error"}', '')).toBeUndefined();
});

test('what restic could not load is told on standard error alone, with exit code 0', () => {
  // cmd/restic/find.go of 0.18, internal/restic/snapshot_find.go of 0.14.
  const stderr =
    'could not load snapshot 1a2b3c4d: load <snapshot/1a2b3c4d5e>: invalid data returned\nIgnoring "5e6f7a8b": decrypting failed\nopening repository';
  expect(unreadableIn(stderr)).toHaveLength(2);
  expect(streamsIn('[]', stderr)?.unreadable).toHaveLength(2);
});

test('messages in JSON become text, among lines that are none', () => {
  const stderr = [
    'repository 1234 opened',
    '{"message_type":"error","error":{"message":"read /x: no data read"},"during":"archival","item":"/x"}',
    // Up to 0.16 an error was written as what Go makes of it.
    '{"message_type":"error","error":{"Op":"read","Path":"/x","Err":{}},"during":"archival","item":"/x"}',
    '{"message_type":"exit_error","code":12,"message":"Fatal: wrong password or no key found"}',
    '{not json',
  ].join('\n');
  expect(plainText(stderr).split('\n')).toEqual([
    'repository 1234 opened',
    'read /x: no data read',
    '{"Op":"read","Path":"/x","Err":{}}',
    'Fatal: wrong password or no key found',
    '{not json',
  ]);
});
