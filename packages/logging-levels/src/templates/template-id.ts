import { createHash } from 'node:crypto';

/** A kind of message: what all messages of one logger have in common that differ in their values only. */
export interface Template {
  /** Twelve letters and digits that depend on the logger and the text alone: the same on every machine, in any order of logs. */
  readonly id: string;
  readonly logger: string;
  /** The message with `<*>` where it varies. */
  readonly text: string;
}

/**
 * The id of a template: the first 60 bits of SHA-256 of the logger, a line feed and the text, in base32 (RFC 4648) in lower case.
 * A shell makes the same: `printf 'LOGGER\nTEXT' | openssl dgst -sha256 -binary | base32 | cut -c-12 | tr A-Z a-z`.
 */
export function templateId(logger: string, text: string): string {
  const digest = createHash('sha256').update(`${logger}\n${text}`).digest();
  let id = '';
  for (let bit = 0; bit < 60; bit += 5)
    id += LETTERS[(digest.readUInt16BE(bit >> 3) >> (11 - (bit & 7))) & 31] ?? '';
  return id;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
