/** Options of an oslo.config file, by section: each with all its values, in order. */
export type OsloConfig = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/**
 * Reads a file as oslo.config does (oslo_config/iniparser.py): `=` or `:`, whichever comes first; a line that begins with a
 * blank goes on with the value before; comments fill a line of their own; an option may be there several times. What is
 * no line of such a file is left out: a service with it would not have started.
 */
export function parseOsloConfig(text: string): OsloConfig {
  const sections = new Map<string, Map<string, string[]>>();
  let section: Map<string, string[]> | undefined;
  let values: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') {
      values = undefined;
      continue;
    }
    if (/^\s/.test(line)) {
      const last = values?.pop();
      if (last !== undefined) values?.push(`${last} ${line.trim()}`);
      continue;
    }
    if (/^[#;]/.test(line)) continue;
    const name = /^\[(.*)\]/.exec(line)?.[1];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map<string, string[]>();
      sections.set(name, section);
      values = undefined;
      continue;
    }
    const at = line.search(/[=:]/);
    if (at <= 0 || section === undefined) continue;
    const key = line.slice(0, at).trim();
    values = section.get(key) ?? [];
    values.push(unquoted(line.slice(at + 1).trim()));
    section.set(key, values);
  }
  return sections;
}

const unquoted = (value: string): string =>
  value.length > 1 && value.at(0) === value.at(-1) && /^["']/.test(value) ? value.slice(1, -1) : value;

/** The value that counts of an option that has one: the last. */
export const optionOf = (config: OsloConfig, section: string, name: string): string | undefined =>
  config.get(section)?.get(name)?.at(-1);

/** Reads a value as oslo.config does; `undefined` if oslo.config would refuse it. */
export function booleanOf(value: string): boolean | undefined {
  if (/^(true|1|on|yes)$/i.test(value)) return true;
  return /^(false|0|off|no)$/i.test(value) ? false : undefined;
}
