import { InputError } from '@groundcrew/ground';
import { literal } from './literal.ts';

/** Directives of `time.strftime` whose width or letters are known. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  Y: String.raw`\d{4}`,
  y: String.raw`\d\d`,
  m: String.raw`\d\d`,
  d: String.raw`\d\d`,
  H: String.raw`\d\d`,
  I: String.raw`\d\d`,
  M: String.raw`\d\d`,
  S: String.raw`\d\d`,
  j: String.raw`\d{3}`,
  b: String.raw`[A-Z][a-z]{2}`,
  a: String.raw`[A-Z][a-z]{2}`,
  p: '[AP]M',
  z: String.raw`[+-]\d{4}`,
  Z: '[A-Z]{3,5}',
  s: String.raw`\d{9,11}`,
  T: String.raw`\d\d:\d\d:\d\d`,
  F: String.raw`\d{4}-\d\d-\d\d`,
  '%': '%',
};

/**
 * The pattern of a `log_date_format`.
 *
 * @throws InputError on a directive whose text is not known: one of the locale's
 */
export function datePattern(format: string): string {
  let pattern = '';
  for (let at = 0; at < format.length; at += 1) {
    const letter = format[at] ?? '';
    if (letter !== '%') {
      pattern += literal(letter);
      continue;
    }
    at += 1;
    const directive = DIRECTIVES[format[at] ?? ''];
    if (directive === undefined)
      throw new InputError(`osloFormat: date: %${format[at] ?? ''} is not read`, {
        field: 'date',
        operation: 'osloFormat',
        remedy: `These are: ${Object.keys(DIRECTIVES)
          .map((each) => `%${each}`)
          .join(' ')}.`,
      });
    pattern += directive;
  }
  return pattern;
}
