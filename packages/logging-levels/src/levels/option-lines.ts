import { LevelError } from './level-error.ts';

/** An option of a file that oslo.config (iniparser.py) or Python's `logging.config.fileConfig` reads. */
export interface OptionPlace {
  readonly section: string;
  /** Its names: `log_config_append` and `log-config-append` are one. The first is written. */
  readonly names: readonly string[];
}

/** Where an option is in a file: the last of its name in its section counts. */
interface Found {
  /** Index of its first line; of a missing one, that of the line before which it goes. */
  readonly at: number;
  readonly lines: readonly string[];
}

/** The names of the sections of a file, in order. */
export const sectionsOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => sectionIn(line) ?? []);

/** The value of an option; `undefined` if the file does not set it. */
export function optionIn(text: string, place: OptionPlace): string | undefined {
  const [first] = find(text.split('\n'), place).lines;
  return first === undefined ? undefined : split(first)?.value;
}

/** The lines of an option as they are, to be told; none if the file does not set it. */
export const optionLines = (text: string, place: OptionPlace): readonly string[] =>
  find(text.split('\n'), place).lines;

/**
 * The text with the option set, and all else as it was. What is put there is enclosed in two lines with the mark, and tells what was
 * there: whoever reads the file sees why, and `PUT_BACK` (host-scripts.ts) undoes it by the mark alone.
 */
export function lend(text: string, place: OptionPlace, value: string, mark: string): string {
  const lines = text.split('\n');
  const { at, lines: was } = find(lines, place);
  const hasSection = lines.some((line) => sectionIn(line) === place.section);
  const block = [
    `${BEGIN}${mark}`,
    ...was.map((line) => `${WAS}${line}`),
    ...(hasSection ? [] : [`[${place.section}]`]),
    `${place.names[0]} = ${value}`,
    `${END}${mark}`,
  ];
  lines.splice(at, was.length, ...block);
  return lines.join('\n');
}

/** The marks of levels that are lent in a file. */
export const marksIn = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.startsWith(BEGIN) ? [line.slice(BEGIN.length).trimEnd()] : []));

export const BEGIN = '# groundcrew-levels begin ';
export const WAS = '#| ';
export const END = '# groundcrew-levels end ';

function find(lines: readonly string[], { section, names }: OptionPlace): Found {
  let inside = false;
  let header: number | undefined;
  let found: number | undefined;
  for (const [at, line] of lines.entries()) {
    const began = sectionIn(line);
    if (began !== undefined) {
      inside = began === section;
      if (inside) header ??= at;
    } else if (inside && names.includes(split(line)?.name ?? '')) found = at;
  }
  // Without its section the option comes first, with it: a section at the end would follow a line that is not ended.
  if (found === undefined) return { at: header === undefined ? 0 : header + 1, lines: [] };
  if (/^[ \t]+\S/.test(lines[found + 1] ?? ''))
    throw new LevelError('levels.file', `${names[0]} has a value of several lines`, {
      remedy: 'Write it in one.',
    });
  return { at: found, lines: lines.slice(found, found + 1) };
}

const sectionIn = (line: string): string | undefined => {
  const text = line.trimEnd();
  return text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : undefined;
};

/** An assignment: `=` or `:`, whichever comes first. A line that begins with a blank goes on with the one before. */
function split(line: string): { readonly name: string; readonly value: string } | undefined {
  if (/^[\s#;[]/.test(line)) return undefined;
  const at = line.search(/[=:]/);
  if (at === -1) return undefined;
  return { name: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
}
