/** Reads what may be anything: a field that is not what it should be is left out. */
export type Loose = Readonly<Record<string, unknown>>;

export const objectIn = (value: unknown): Loose | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : undefined;

/** The text of a value, if it says something: services write `-`, `None` and nothing at all for "not told". */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' || text === '-' || text === 'None' ? undefined : text;
}

/** A time in any of the forms that services write, as ISO 8601 UTC; field without a zone means UTC. */
export function timeIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const match =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(value.trim()) ??
    [];
  const [, day, time, fraction = '', zone = 'Z'] = match;
  if (day === undefined || time === undefined) return undefined;
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const at = new Date(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
