/** One entry of a journal: its fields by name, as text. */
export type JournalEntry = ReadonlyMap<string, string>;

/** The fields that are looked at (systemd.journal-fields(7); the ones of oslo.log: `oslo_log/handlers.py`, `OSJournalHandler`). */
export const JOURNAL_FIELDS = [
  'MESSAGE',
  'PRIORITY',
  'SYSLOG_IDENTIFIER',
  '_SYSTEMD_UNIT',
  '_PID',
  '_HOSTNAME',
  'LOGGER_NAME',
  'LOGGER_LEVEL',
  'REQUEST_ID',
  'EXCEPTION_TEXT',
] as const;

/**
 * An entry as `journalctl -o json` prints it; `undefined` if it is none. What is no UTF-8 is a list of bytes there, and a field
 * that was given more than once a list: the first counts.
 */
export function entryOfJson(line: string): JournalEntry | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return undefined;
  const entry = new Map<string, string>();
  for (const [name, value] of Object.entries(fields)) {
    const told = textOf(value);
    if (told !== undefined) entry.set(name, told);
  }
  return entry.has('__REALTIME_TIMESTAMP') ? entry : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  if (value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256))
    return Buffer.from(value as number[]).toString('utf8');
  return textOf(value[0]);
}
