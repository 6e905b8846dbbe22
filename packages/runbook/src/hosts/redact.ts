import { knownSecretsMask } from '@groundcrew/ground';
import type { Revealable } from './host.ts';

/** Hides secrets in text. */
export type Redact = (text: string) => string;

/**
 * Hides these words, in every encoding. What only has the name or the shape of a secret stays: output is read by who asked for it,
 * and who runs `cat nova.conf` wants what is in it. However short they are: they were named.
 */
export const redactor = (words: readonly string[]): Redact => knownSecretsMask(words, { shortest: 1 });

/** A line shorter than this says little, and would blot out half of any output. */
const TELLING = 8;

/** The words to hide, longest first, so that a secret which contains another goes as a whole. */
export function secretWords(secrets: Iterable<string | Revealable>): string[] {
  const words = [...secrets].map((entry) => (typeof entry === 'string' ? entry : entry.reveal()));
  // Output comes line by line: a key in PEM would pass as lines of which none is the key.
  const lines = words.flatMap((word) => word.split(/\r?\n/)).filter((line) => line.length >= TELLING);
  return [...new Set([...words, ...lines])]
    .filter((word) => word !== '')
    .toSorted((a, b) => b.length - a.length);
}

/** The place where the last `keep` bytes begin, moved on so that it is not inside a secret or a character. */
export function cutOf(bytes: Buffer, keep: number, words: readonly string[]): number {
  let cut = Math.max(0, bytes.length - keep);
  if (cut === 0) return 0;
  for (let moved = true; moved;) {
    moved = false;
    for (const word of words) {
      const secret = Buffer.from(word);
      const at = bytes.lastIndexOf(secret, cut - 1);
      if (at === -1 || at + secret.length <= cut) continue;
      cut = at + secret.length;
      moved = true;
    }
  }
  for (let skipped = 0; skipped < 3 && ((bytes[cut] ?? 0) & 0xc0) === 0x80; skipped += 1) cut += 1;
  return cut;
}
