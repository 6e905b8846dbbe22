import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { galeraOf, infoOf } from '../../src/control-plane/database-facts.ts';

const INFO = `uuid = 5d05f629-cdd0-11f0-9a0e-0242ac110002
name = 
tool_name = mariadb-backup
tool_version = 10.11.14-MariaDB
server_version = 10.11.14-MariaDB-0+deb12u2
start_time = 2026-11-30 03:12:00
binlog_pos = filename 'mysql-bin.000002', position '330', GTID of the last change '0-1-1'
innodb_from_lsn = 0
`;

describe('where a copy is', () => {
  test('of a server with a binary log, and of one without', () => {
    expect(infoOf(INFO)).toEqual({ version: '10.11.14-MariaDB-0+deb12u2', gtid: '0-1-1' });
    expect(infoOf(INFO.replace(/^binlog_pos.*$/m, 'binlog_pos = '))).toMatchObject({ gtid: undefined });
    expect(infoOf('')).toEqual({ version: undefined, gtid: undefined });
  });

  test('of a node of Galera; one that was not synced has no position', () => {
    const uuid = '9f3b0a54-c0a1-11f0-b1d7-1a2b3c4d5e6f';
    expect(galeraOf(`${uuid}:4711\n`)).toEqual({ kind: 'galera', uuid, seqno: 4711 });
    expect(galeraOf(`${uuid}:4711 0-1-9`)).toMatchObject({ kind: 'galera', seqno: 4711 });
    expect(galeraOf(`${uuid}:-1`)).toMatchObject({ kind: 'none' });
    expect(galeraOf('')).toBeUndefined();
  });

  test('whatever stands there', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => [infoOf(text), galeraOf(text)]).not.toThrow();
      }),
    );
  });
});
