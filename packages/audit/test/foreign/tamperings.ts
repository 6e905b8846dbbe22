// The kinds are those by which journald's sealed logs were changed unseen (CVE-2023-31437 to 31439, systemd/systemd pull requests
// 28885 and 28886): entries changed or hidden, the end cut off, seals taken off and made anew; and `DELETE … WHERE seq <= N` of
// Groundcrew's issue 9.
/**
 * An attack on a trail of 30 records, signed after the 10th and the 20th, by somebody with the store and without the
 * keys.
 */
export interface Tampering {
  readonly name: string;
  readonly sql: string;
}

const at = (name: string, sql: string): Tampering => ({ name, sql });
const column = (name: string, value: string): Tampering =>
  at(`column ${name} is changed`, `UPDATE trail_record SET ${name} = ${value} WHERE seq = 7`);

/** In words that SQLite and PostgreSQL share. */
export const tamperings: readonly Tampering[] = [
  at('the beginning goes, up to a checkpoint', cut('<= 10')),
  at('the beginning goes, up to the last checkpoint', cut('<= 20')),
  at('the beginning goes, up to no checkpoint', cut('<= 7')),
  at('the end goes, with what is signed', cut('> 15')),
  at('the first record goes', cut('= 1')),
  at('one in the middle goes', cut('= 12')),
  at('all goes', cut('> 0')),
  at('only records go at the end', 'DELETE FROM trail_record WHERE seq > 25'),
  column('recorded', 'recorded - 1'),
  column('id', "'other'"),
  column('at', 'at + 1'),
  column('kind', "'audit.http'"),
  column('action', "'delete'"),
  column('outcome', "'failure'"),
  column('service', "'compute'"),
  column('service', 'NULL'),
  column('target_type', "'server'"),
  column('target_id', "'rule-8'"),
  column('target_id', 'NULL'),
  column('user_id', "'mallory'"),
  column('user_name', "'Mallory'"),
  column('project_id', 'NULL'),
  column('address', "'198.51.100.1'"),
  column('core', "replace(core, 'create', 'delete')"),
  column('core', "'null'"),
  column('core', "'garbage'"),
  column('parts', "replace(parts, 'alice', 'mallory')"),
  column('parts', "'null'"),
  column('parts', "'[]'"),
  column('parts', `'{"person":null}'`),
  column('parts', `'{"person":{"commitment":1}}'`),
  column('parts', "parts || ' '"),
  column('hash', "'0'"),
  at('a record gets another number', 'UPDATE trail_record SET seq = 99 WHERE seq = 7'),
  at('a record gets a number below all', 'UPDATE trail_record SET seq = -9 WHERE seq = 1'),
  at('a number beyond 2^53', 'UPDATE trail_record SET seq = 9007199254740995 WHERE seq = 30'),
  at('a time beyond 2^53', 'UPDATE trail_record SET recorded = 9007199254740995 WHERE seq = 7'),
  at('a forged record stands before the first', forged('0')),
  at('a forged record stands far before the first', forged('-9007199254740999')),
  at('a forged record is the next', forged('31')),
  at('a request is taken from its record', 'DELETE FROM trail_request WHERE seq = 7'),
  at('a request is given to another record', "UPDATE trail_request SET request_id = 'req-1' WHERE seq = 7"),
  at('a request is added to a record', "INSERT INTO trail_request (seq, request_id) VALUES (7, 'req-1')"),
  at('a request is added to no record', "INSERT INTO trail_request (seq, request_id) VALUES (77, 'req-1')"),
  at('a thing is added to a record', "INSERT INTO trail_thing (seq, target_id) VALUES (7, 'rule-8')"),
  at('a thing of a bulk request is taken from it', "DELETE FROM trail_thing WHERE target_id = 'bulk-2'"),
  at('a checkpoint is garbage', "UPDATE trail_checkpoint SET checkpoint = 'garbage' WHERE seq = 1"),
  at('a checkpoint is null', "UPDATE trail_checkpoint SET checkpoint = 'null' WHERE seq = 2"),
  at(
    'a checkpoint has parts of null',
    `UPDATE trail_checkpoint SET checkpoint = '{"seq":null}' WHERE seq = 2`,
  ),
  at(
    'a checkpoint signs another number',
    `UPDATE trail_checkpoint SET checkpoint = replace(checkpoint, '"seq":20', '"seq":19') WHERE seq = 2`,
  ),
  at('the first checkpoint goes', 'DELETE FROM trail_checkpoint WHERE seq = 1'),
  at('the last checkpoint goes', 'DELETE FROM trail_checkpoint WHERE seq = 2'),
  at('all checkpoints go', 'DELETE FROM trail_checkpoint'),
  at('the trail gets another name', "UPDATE trail_meta SET value = 'other'"),
  at('the trail loses its name', 'DELETE FROM trail_meta'),
  at('the table of records goes', 'DROP TABLE trail_record'),
  at('the table of requests goes', 'DROP TABLE trail_request'),
  at('the table of checkpoints goes', 'DROP TABLE trail_checkpoint'),
];

function cut(which: string): string {
  return ['trail_record', 'trail_request', 'trail_thing']
    .map((table) => `DELETE FROM ${table} WHERE seq ${which}`)
    .join('; ');
}

function forged(seq: string): string {
  return `INSERT INTO trail_record (seq, recorded, id, at, kind, action, outcome, service, target_type, target_id, user_id, core, parts, hash)
    SELECT ${seq}, recorded, 'forged', at, kind, action, outcome, service, target_type, target_id, 'mallory', core, parts, hash
    FROM trail_record WHERE seq = 7`;
}
