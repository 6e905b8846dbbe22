import { findSecrets } from '@groundcrew/ground';
import type { LogRecord } from '../parse.ts';
import type { Certainty } from '../rules.ts';
import type { Offence } from './offence.ts';

/**
 * The offence of a text with a secret, by its own shape or by the name before it; `undefined` if it has none. What follows a name
 * need not be one: services say `Failed to validate token: keystone.exception.TokenNotFound`, and in the source that a traceback
 * quotes there is `auth_token=token`.
 */
export function secretIn(text: string): Offence | undefined {
  let found: Certainty | undefined;
  for (const { kind, start, end } of findSecrets(text)) {
    const certainty = kind === 'named' ? certaintyOf(text, start, end) : 'sure';
    if (certainty === 'sure') return secret('sure');
    found ??= certainty;
  }
  return found === undefined ? undefined : secret(found);
}

/** The offence of a record with a secret, in whatever of it. */
export function secretOf(record: LogRecord): Offence | undefined {
  // The key of a PEM block stands in lines of its own: they are looked at together.
  const text =
    record.more.length === 0 ? record.message : [record.message, ...withoutSource(record.more)].join('\n');
  const own = secretIn(text);
  if (own?.certainty === 'sure' || record.beside === undefined) return own;
  return secretIn(record.beside) ?? own;
}

const secret = (certainty: Certainty): Offence => ({ rule: 'secret-in-log', wanted: undefined, certainty });

/** How certain it is that what stands behind the name of a secret is one. */
function certaintyOf(text: string, start: number, end: number): Certainty | undefined {
  const value = text.slice(start, end);
  if (NO_SECRET.test(value)) return undefined;
  // A value that was assigned or quoted is one; behind a colon may stand any word.
  if (/["'=]\s?$/.test(text.slice(Math.max(0, start - 3), start))) return 'sure';
  if (SENTENCE.test(text.slice(start, start + 100))) return undefined;
  return WORD.test(value) || ID.test(value) ? 'likely' : 'sure';
}

/**
 * Paths of files, since services log their options at the start, among them Octavia's `ca_private_key = /etc/…/ca.key`; the path
 * of a Python class; an address without a user.
 */
const NO_SECRET =
  /^(?:\/(?:etc|var|opt|usr|run|home|root|srv)(?:\/[\w.@-]{1,128}){1,32}|[a-z_][a-z_0-9]{0,60}(?:\.[A-Za-z_]\w{0,60}){1,10}:?|https?:\/\/[^@\s]{1,500})$/;
/** `Failed to fetch token data`. */
const SENTENCE = /^[A-Z]?[a-z]{1,20},? [a-z]{1,20}(?:[ .,]|$)/;
const WORD = /^[A-Za-z_]{1,30}[.,:;!]?$/;
const ID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}[.,:;]{0,2}$/;

/** The lines of a traceback, with the names out of its source that are assigned to names. */
const withoutSource = (lines: readonly string[]): string[] =>
  lines.map((line, index) =>
    line.startsWith('    ') && FRAME.test(lines[index - 1] ?? '') ? line.replaceAll(ASSIGNED, ' ') : line,
  );

const FRAME = /^ {2}File "/;
/** Python's names, which may be called: a value of its own is quoted. */
const ASSIGNED = /= ?[A-Za-z_][\w.]{0,200}(?=[,()[\]\s]|$)/g;
