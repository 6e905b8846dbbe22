import { ShapeScanner } from './templates/shape.ts';
import { withoutSecrets } from './templates/without-secrets.ts';

/**
 * A message with `<*>` for what varies, so that equal ones can be counted; the same text that `Templates` gives. Of a long one its
 * first 1,024 characters.
 *
 * @example template('Instance 1f…9a could not be found.') // 'Instance <*> could not be found.'
 */
export function template(message: string): string {
  const { written } = ENCODER.encodeInto(message.slice(0, LONGEST), BUFFER);
  SCANNER.scan(BUFFER, 0, written);
  return withoutSecrets(SCANNER.text(BUFFER)).trim();
}

const LONGEST = 1_024;
const ENCODER = new TextEncoder();
const SCANNER = new ShapeScanner();
/** A character is three bytes of UTF-8 at most. */
const BUFFER = new Uint8Array(3 * LONGEST);
