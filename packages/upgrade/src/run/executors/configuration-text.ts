/** An option in the text of a file that oslo.config reads; the last of its name in its section counts. */
interface OptionIn {
  readonly section: string;
  readonly option: string;
}

/** The value that is set, of several lines where it has several; `undefined` if none is. */
export const valueIn = (text: string, place: OptionIn): string | undefined =>
  linesOf(text, place).findLast(({ value }) => value !== undefined)?.value;

/**
 * The text with the option set once, or not at all, and all else as it was. It goes to the place of the old one, else right below the head
 * of its section, else into a new section at the end.
 */
export function withValue(text: string, place: OptionIn, value: string | null): string {
  const lines = linesOf(text, place);
  const at = lines.findLastIndex((line) => line.value !== undefined);
  const head = lines.findIndex(({ isHead }) => isHead);
  const line = value === null ? [] : [`${place.option} = ${value}`];
  const kept = lines.flatMap(({ text: was, value: old }, index) => {
    if (index === at) return line;
    if (old !== undefined) return [];
    return index === head && at === -1 ? [was, ...line] : [was];
  });
  if (at !== -1 || head !== -1 || value === null) return kept.join('\n');
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${text}${end}[${place.section}]\n${line.join('\n')}\n`;
}

/** A line; of the option that is looked for, with those by which it goes on. */
interface Line {
  text: string;
  /** Of the option, in its section. */
  value: string | undefined;
  readonly isHead: boolean;
}

function linesOf(text: string, { section, option }: OptionIn): Line[] {
  const lines: Line[] = [];
  let isInside = false;
  for (const line of text.split('\n')) {
    const last = lines.at(-1);
    // A line that begins with a blank goes on with the one before (oslo_config/iniparser.py).
    if (last?.value !== undefined && /^[ \t]+\S/.test(line)) {
      last.text += `\n${line}`;
      last.value += `\n${line.trim()}`;
      continue;
    }
    const begun = /^\[([^\]]{1,200})\]\s*$/.exec(line)?.[1];
    if (begun !== undefined) isInside = begun === section;
    const isHead = begun === section;
    const value = isInside && !isHead ? valueOf(line, option) : undefined;
    lines.push({ text: line, value, isHead });
  }
  return lines;
}

/** An assignment: `=` or `:`, whichever comes first; dashes in its name are underscores. */
function valueOf(line: string, option: string): string | undefined {
  if (/^[\s#;]/.test(line)) return undefined;
  const at = line.search(/[=:]/);
  if (at === -1 || line.slice(0, at).trim().replaceAll('-', '_') !== option) return undefined;
  return line.slice(at + 1).trim();
}
