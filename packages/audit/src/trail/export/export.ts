import type { AuditEvent } from '../event.ts';
import { checkFormat } from '../options.ts';
import type { TrailRecord } from '../query.ts';
import { toCadf } from './cadf.ts';
import { toOcsf } from './ocsf.ts';

/**
 * The format of an export. `json`: an event a line, which comes back through `fileSource`. `cadf`, `ocsf`: likewise.
 * `csv`: a table.
 */
export type ExportFormat = 'json' | 'cadf' | 'ocsf' | 'csv';

const columns: Readonly<Record<string, (record: TrailRecord) => string | undefined>> = {
  seq: ({ seq }) => String(seq),
  at: ({ event }) => event.at,
  recorded: ({ recorded }) => recorded,
  action: ({ event }) => event.action,
  outcome: ({ event }) => event.outcome,
  service: ({ event }) => event.target.service,
  target_type: ({ event }) => event.target.type,
  target_id: ({ event }) => event.target.id,
  target_name: ({ event }) => event.target.name,
  user_id: ({ event }) => event.who.user_id,
  user_name: ({ event }) => event.who.user_name,
  project_id: ({ event }) => event.who.project_id,
  address: ({ event }) => event.who.address,
  request_id: ({ event }) => event.request_ids[0],
  reason_code: ({ event }) => event.reason?.code,
  reason: ({ event }) => event.reason?.text,
  redacted: ({ redacted }) => redacted.join(' '),
  id: ({ event }) => event.id,
  source: ({ event }) => event.source,
};

const lines: Readonly<Record<Exclude<ExportFormat, 'csv'>, (event: AuditEvent) => object>> = {
  json: (event) => event,
  cadf: toCadf,
  ocsf: toOcsf,
};

/**
 * Writes records as text, a line at a time, with constant memory. Write it to a file with `stream.pipeline`.
 *
 * @throws InputError if the format is none
 * @example
 * await pipeline(Readable.from(exportTrail(trail.find({ from: '2026-11-01' }), 'ocsf')), createWriteStream('november'));
 */
export async function* exportTrail(
  records: AsyncIterable<TrailRecord>,
  format: ExportFormat,
): AsyncGenerator<string, void, undefined> {
  checkFormat(format);
  if (format === 'csv') {
    yield `${Object.keys(columns).join(',')}\r\n`;
    for await (const record of records)
      yield `${Object.values(columns)
        .map((read) => cell(read(record)))
        .join(',')}\r\n`;
    return;
  }
  const line = lines[format];
  for await (const { event } of records) yield `${JSON.stringify(line(event))}\n`;
}

/** RFC 4180. What a spreadsheet would take for a formula is text. */
function cell(text: string | undefined): string {
  if (text === undefined) return '';
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
