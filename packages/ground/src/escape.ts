import { visible } from './visible.ts';

/**
 * Text as the content of an HTML or XML element, or of a quoted attribute. What acts on a reader without being seen is
 * shown (`visible`); line feeds and tabs stay, as both formats fold them.
 *
 * @example escapeHtml('<b>"web"\u0000</b>'); // '&lt;b&gt;&quot;web&quot;\\x00&lt;/b&gt;'
 */
export function escapeHtml(text: string): string {
  return visible(text, { multiline: true }).replaceAll(
    /[&<>"']/g,
    (character) => ENTITIES[character] ?? character,
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text as one run of words in Markdown: nothing in it becomes a link, an image, a table or HTML.
 *
 * @example escapeMarkdown('[here](http://x)'); // '\\[here\\]\\(http://x\\)'
 */
export function escapeMarkdown(text: string): string {
  return visible(text).replaceAll(/[\\`*_{}[\]()<>#+!|~&]/g, String.raw`\$&`);
}

/**
 * Text as one cell of a CSV file (RFC 4180). A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a
 * formula, and would run other people's (OWASP, CSV injection): such a cell gets an apostrophe, unless it is a number.
 *
 * @example csvCell('=cmd|x'); // "'=cmd|x"
 */
export function csvCell(text: string): string {
  const shown = visible(text);
  const harmless = /^[=+\-@]/.test(shown) && !/^[+-]?\d+(\.\d+)?$/.test(shown) ? `'${shown}` : shown;
  return /[",;]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
