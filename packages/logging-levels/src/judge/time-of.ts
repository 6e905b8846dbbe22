/**
 * Milliseconds of a time as oslo.log writes it, to be compared with others of the same file only: it has no zone. `undefined`:
 * the file has times of another form.
 */
export function timeOf(at: string): number | undefined {
  const match = WRITTEN.exec(at);
  if (match === null) return undefined;
  const time = Date.parse(`${match[1]}T${match[2]}.${(match[3] ?? '0').slice(0, 3)}Z`);
  return Number.isNaN(time) ? undefined : time;
}

const WRITTEN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?$/;
