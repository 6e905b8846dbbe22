import type { Revealable } from '../host.ts';

/** Hides secrets in text. */
export type Redact = (text: string) => string;

/** Longest first, so that a secret which contains another goes as a whole. */
export function redactor(secrets: Iterable<string | Revealable>): Redact {
  const words = [...new Set([...secrets].map((one) => (typeof one === 'string' ? one : one.reveal())))]
    .filter((word) => word !== '')
    .toSorted((a, b) => b.length - a.length);
  return (text) => words.reduce((clean, word) => clean.replaceAll(word, '***'), text);
}
