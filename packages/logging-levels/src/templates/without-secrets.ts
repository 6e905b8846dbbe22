import { findSecrets } from '@groundcrew/ground';
import { ShapeScanner, VARIES } from './shape.ts';

/**
 * The shape of a message that was just scanned, in which secrets are taken for what varies.
 *
 * They are looked for in the message itself, since in its shape the name before a word may be gone (`s3_secret_key = hunter` has the
 * shape `<*> = hunter`), and in the shape, for a message that was cut. Which of two messages of one shape comes first makes a
 * difference only if a word of both is a secret in one of them alone: it may then stay, as the other said it.
 *
 * @param scanner - with the shape that the bytes have
 */
export function shapeWithoutSecrets(
  scanner: ShapeScanner,
  bytes: Uint8Array,
  from: number,
  to: number,
): string {
  const message = DECODER.decode(bytes.subarray(from, to));
  const hidden = withoutSecrets(message, VALUE);
  if (hidden === message) return withoutSecrets(scanner.text(bytes), VARIES);
  const encoded = ENCODER.encode(hidden);
  OWN.scan(encoded, 0, encoded.length);
  return withoutSecrets(OWN.text(encoded), VARIES);
}

function withoutSecrets(text: string, instead: string): string {
  let shown = '';
  let at = 0;
  for (const { start, end } of findSecrets(text)) {
    shown += text.slice(at, start) + instead;
    at = end;
  }
  return shown + text.slice(at);
}

/** A word with a digit varies, and so does whatever is glued to it. */
const VALUE = '0';
const OWN = new ShapeScanner();
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
