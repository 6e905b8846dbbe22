import { visible } from '@groundcrew/ground';

/** Printable ASCII without what a format has to escape: nearly every label value, told by one look. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * A label's value as it may be handed to anybody. A line feed stays, since both formats can tell it; what no UTF-8 can hold
 * (halves of surrogate pairs), what ends Prometheus' parser (NUL) and what turns a reader's line around is shown as its escape.
 */
export const labelValue = (text: string): string =>
  PLAIN.test(text) ? text : visible(text, { multiline: true });

/** The values, with each that is not plain replaced; mostly the same array. */
export const labelValues = (texts: readonly string[]): readonly string[] =>
  texts.every((text) => PLAIN.test(text)) ? texts : texts.map(labelValue);

/** A value between its quotes; both formats have the same three escapes. */
export const quotable = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
