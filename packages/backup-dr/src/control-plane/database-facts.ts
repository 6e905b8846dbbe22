/** Where a database was when it was copied. */
export type DatabasePosition =
  /** Of a Galera cluster: its state and the number of the last write set. */
  | { readonly kind: 'galera'; readonly uuid: string; readonly seqno: number }
  /** Of a server with a binary log. */
  | { readonly kind: 'gtid'; readonly gtid: string }
  | { readonly kind: 'none'; readonly because: string };

/** What was found when a copy of the databases was unpacked, prepared and started. */
export interface DatabaseFacts {
  /** Of the server that was copied: `10.11.14-MariaDB-0+deb12u2`. */
  readonly version: string | undefined;
  readonly position: DatabasePosition;
  /** Tables by database. */
  readonly databases: Readonly<Record<string, number>>;
  /** `CHECKSUM TABLE` of each table of the copy, `database.table`: a restored one must have the same. */
  readonly checksums: Readonly<Record<string, string>>;
}

/**
 * Reads `xtrabackup_info` (`mariadb_backup_info` since 11.0), which mariadb-backup leaves beside the data: lines of `name = value`, of
 * which `binlog_pos` ends in the GTID.
 */
export function infoOf(text: string): {
  readonly version: string | undefined;
  readonly gtid: string | undefined;
} {
  const fields = new Map(
    text.split('\n').map((line) => {
      const at = line.indexOf(' = ');
      return [line.slice(0, Math.max(0, at)).trim(), line.slice(at + 3).trim()] as const;
    }),
  );
  const gtid = /GTID of the last change '([^']{1,2000})'/.exec(fields.get('binlog_pos') ?? '')?.[1];
  return { version: fields.get('server_version'), gtid };
}

/** Reads `xtrabackup_galera_info`: `uuid:seqno`; what may stand behind a blank is passed over. */
export function galeraOf(text: string): DatabasePosition | undefined {
  const found = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}):(-?\d{1,19})/.exec(text.trim());
  if (found === null) return undefined;
  const [, uuid = '', seqno = ''] = found;
  // A node that was not synced tells -1: no position at all.
  return Number(seqno) < 0
    ? { kind: 'none', because: `the node told ${uuid}:${seqno}: it was not part of its cluster` }
    : { kind: 'galera', uuid, seqno: Number(seqno) };
}
