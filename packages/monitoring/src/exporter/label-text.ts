import { visible } from '@groundcrew/ground';

/** Printable ASCII without what a format has to escape: nearly every label value, told by one look. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * A label's value as it may be handed to anybody. A line feed stays, since both formats can tell it; what no UTF-8 can hold
 * (halves of surrogate pairs), what ends Prometheus' parser (NUL) and what turns a reader's line around is shown as its escape.
 */
export const labelValue = (text: string): string =>
  PLAIN.test(text) ? text : visible(text, { multiline: true });

/** Whether a value is shown as it is. */
export const isPlain = (text: string): boolean => PLAIN.test(text);

/** A label's value as it stands between its quotes; both formats have the same three escapes. */
export const quotable = (text: string): string =>
  labelValue(text)
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
