import { randomBytes } from 'node:crypto';
import { ShapeScanner } from './templates/shape.ts';
import { shapeWithoutSecrets } from './templates/without-secrets.ts';

/**
 * A message with `<*>` for what varies, so that equal ones can be counted; the same text that `Templates` gives, without secrets. Of
 * a long one its first 1,024 characters.
 *
 * @example template('Instance 1f…9a could not be found.') // 'Instance <*> could not be found.'
 */
export function template(message: string): string {
  if (message === last.message) return last.text;
  const text = templateOf(message);
  last = { message, text };
  return text;
}

/** Each rule asks for the same. */
let last = { message: '', text: '' };

function templateOf(message: string): string {
  const { written } = ENCODER.encodeInto(beginningOf(message), BUFFER);
  SCANNER.scan(BUFFER, 0, written);
  const { high, low } = SCANNER;
  const known = KNOWN.get(low);
  if (known?.high === high) return known.text;
  const text = shapeWithoutSecrets(SCANNER, BUFFER, 0, written).trim();
  // Nothing is lost with it but time.
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  KNOWN.set(low, { high, text });
  return text;
}

/** No word is cut in two: half of a password has no form by which it is known. */
function beginningOf(message: string): string {
  if (message.length <= LONGEST) return message;
  const blank = message.lastIndexOf(' ', LONGEST);
  return message.slice(0, blank > 0 ? blank : LONGEST);
}

const LONGEST = 1_024;
const ENCODER = new TextEncoder();
/** A seed that nobody knows, so that no message can be made that has the hash of another. */
const SCANNER = new ShapeScanner([randomBytes(4).readInt32LE(), randomBytes(4).readInt32LE()]);
/** A character is three bytes of UTF-8 at most. */
const BUFFER = new Uint8Array(3 * LONGEST);
/** Texts by the hash of the shape: a log has the same few thousand again and again. */
const KNOWN = new Map<number, { readonly high: number; readonly text: string }>();
const MOST_KNOWN = 10_000;
