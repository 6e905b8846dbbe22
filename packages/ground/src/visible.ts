export interface VisibleOptions {
  /** Leaves line feeds and tabs as they are, for outputs that have lines of their own. @default false */
  readonly multiline?: boolean;
}

/**
 * Other people's text, with every character that acts instead of being seen shown as its escape: control characters
 * (which move the cursor, set titles, or end a line of a log), marks that turn the direction of reading (CVE-2021-42574),
 * invisible ones that make two names look alike, and halves of surrogate pairs, which no UTF-8 can hold.
 *
 * @example
 * visible('web\u001B[2J');  // 'web\\x1b[2J'
 * visible('a\u202Eb');      // 'a\\u202eb'
 */
export function visible(text: string, options: VisibleOptions = {}): string {
  // Nearly all text has nothing to be shown: looking is cheaper than replacing.
  if (!ACTING.test(text)) return text;
  const { multiline = false } = options;
  return text.replaceAll(ALL_ACTING, (found) =>
    multiline && (found === '\n' || found === '\t') ? found : escapeOf(found),
  );
}

function escapeOf(found: string): string {
  const named = NAMED[found];
  if (named !== undefined) return named;
  const code = found.codePointAt(0) ?? 0;
  if (code > 0xff_ff) return String.raw`\u{${code.toString(16)}}`;
  return code > 0xff
    ? String.raw`\u${code.toString(16).padStart(4, '0')}`
    : String.raw`\x${code.toString(16).padStart(2, '0')}`;
}

const NAMED: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/**
 * Unicode's categories Cc (controls), Cs (surrogates; with the flag `u` only unpaired ones match), Zl and Zp (separators of
 * lines and paragraphs), and of Cf (format) all but the two joiners, which scripts and emoji need.
 */
const SOURCE = String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200C\u200D])\p{Cf}`;
const ACTING = new RegExp(SOURCE, 'u');
const ALL_ACTING = new RegExp(SOURCE, 'gu');
