import { InputError } from '@groundcrew/ground';

/** A piece of a format of Python's logging: text as it stands, or a field. */
export type FormatPart =
  | { readonly text: string }
  | {
      readonly field: string;
      /** Spaces may stand before the value (`right`) or after it (`left`), where the format gives it a width. */
      readonly aligned: 'left' | 'right' | undefined;
    };

const CONVERSION = /%(?:%|\((\w{1,64})\)([-#0 +]{0,5})(\d{0,4})(?:\.\d{1,4})?([sdfr]))/y;

/**
 * Takes a format string of Python's logging apart (`%(levelname)-8s`, `%%`).
 *
 * @throws InputError on a `%` that begins no conversion
 */
export function partsOf(option: string, format: string): FormatPart[] {
  const parts: FormatPart[] = [];
  let text = '';
  for (let at = 0; at < format.length;) {
    if (format[at] !== '%') {
      text += format[at];
      at += 1;
      continue;
    }
    CONVERSION.lastIndex = at;
    const match = CONVERSION.exec(format);
    if (match === null)
      throw new InputError(`osloFormat: ${option}: at ${at + 1} it has no conversion of Python's logging`, {
        field: option,
        operation: 'osloFormat',
        remedy: 'Conversions are %(NAME)s, %(NAME)d, %(NAME)f, %(NAME)r, and %% for a percent sign.',
      });
    at = CONVERSION.lastIndex;
    const [, field, flags = '', width = ''] = match;
    if (field === undefined) {
      text += '%';
      continue;
    }
    if (text !== '') parts.push({ text });
    text = '';
    // Zeros are part of a number.
    const isPadded = width !== '' && !flags.includes('0');
    parts.push({ field, aligned: isPadded ? (flags.includes('-') ? 'left' : 'right') : undefined });
  }
  if (text !== '') parts.push({ text });
  return parts;
}
