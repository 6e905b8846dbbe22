/** A JSON object whose fields are not known. */
export type Json = { [field: string]: unknown };

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object, or an empty one. */
export const record = (value: unknown): Json => (isRecord(value) ? value : {});

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const texts = (value: unknown): string[] => list(value).filter((item) => typeof item === 'string');

/** OpenStack takes `true`, `1`, `"True"`, `"yes"`, `"on"` and the like (oslo.utils `strutils.bool_from_string`). */
export const flag = (value: unknown): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return undefined;
  if (/^(true|t|1|yes|y|on)$/i.test(value)) return true;
  return /^(false|f|0|no|n|off)$/i.test(value) ? false : undefined;
};

/** The text of any value; for an object, its JSON. */
export const str = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? JSON.stringify(value)
    : `${value as string | number | boolean | null | undefined}`;

export const number = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
};

/** Reads metadata: texts by name. */
export const metadata = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(record(value)).map(([name, item]) => [name, String(item)]));

/** A value as Python prints it, and as services put it into their messages. */
export function python(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (isRecord(value)) {
    return `{${Object.entries(value)
      .map(([name, item]) => `${python(name)}: ${python(item)}`)
      .join(', ')}}`;
  }
  return str(value);
}

/** `2026-01-01T00:00:00Z`, as Nova, Neutron, Glance and Keystone write moments. */
export const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
/** `2026-01-01T00:00:00.000000`, without a zone, as Nova and Cinder write other moments. */
export const micros = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}.000000`;
/** `2026-01-01 00:00:00`, as Neutron writes those of agents. */
export const spaced = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
