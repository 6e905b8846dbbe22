import { hash } from 'node:crypto';
import type { Loose } from '@groundcrew/monitoring/events';
import { LONGEST_KEY } from '../event.ts';

/**
 * Text that every store keeps as it is: a lone surrogate and a NUL are shown as JSON writes them, `\ud800` and `\u0000`
 * (ECMA-262, QuoteJSONString), so that they look alike in `detail`, which is kept as JSON.
 *
 * This is not the ground's `visible`, which is for people: what acts on a reader (a mark of direction, an escape sequence, a
 * soft hyphen) stays here as it came, since a name is found by what it is, and each output shows it in its own way. What is
 * shown cannot be told from text that was written so: `altered` says which fields it was, and the message is elsewhere.
 */
function keepableText(text: string): string {
  if (isKept(text)) return text;
  return text.replaceAll(UNKEEPABLE, (found) => JSON.stringify(found).slice(1, -1));
}

const isKept = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** With the flag `u` only unpaired surrogates match. */
const UNKEEPABLE = /[\p{Cs}\0]/gu;

/** A key that is short enough for an index: of a longer text its beginning, and a hash of all of it. */
function keepableKey(text: string): string {
  const safe = keepableText(text);
  if (safe.length <= LONGEST_KEY) return safe;
  return `${keepableText(safe.slice(0, LONGEST_KEY - 34))}…${hash('sha256', safe).slice(0, 32)}`.slice(
    0,
    LONGEST_KEY,
  );
}

function isKeepable(value: unknown, isFree: boolean): boolean {
  if (typeof value === 'string') return (isFree || value.length <= LONGEST_KEY) && isKept(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((element) => isKeepable(element, isFree));
  const fields = value as Loose;
  return Object.keys(fields).every(
    (name) => isKept(name) && isKeepable(fields[name], isFree || FREE.has(name)),
  );
}

/** Fields of an event that are free text, and in no index. */
const FREE = new Set(['name', 'text', 'source', 'agent', 'project_name', 'code', 'detail']);

/**
 * A decoded event as every store keeps it, and the paths of what had to be changed for that. `detail` is kept as JSON text
 * alone, in which both are escapes already; its keys and values are shown the same way, so that all outputs are alike.
 */
export function keepable(event: object): { readonly event: unknown; readonly altered: readonly string[] } {
  // Nearly every event is kept as it came: looking is cheaper than copying.
  if (isKeepable(event, false)) return { event, altered: [] };
  const altered: string[] = [];
  const walk = (value: unknown, path: string, isFree: boolean): unknown => {
    if (typeof value === 'string') {
      const safe = isFree ? keepableText(value) : keepableKey(value);
      if (safe !== value) altered.push(path);
      return safe;
    }
    if (Array.isArray(value)) return value.map((element, index) => walk(element, `${path}.${index}`, isFree));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]: [string, unknown]) => {
        const safe = keepableText(name);
        const at = path === '' ? safe : `${path}.${safe}`;
        if (safe !== name) altered.push(at);
        return [safe, walk(one, at, isFree || FREE.has(name))];
      }),
    );
  };
  return { event: walk(event, '', false), altered };
}
