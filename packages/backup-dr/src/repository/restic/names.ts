import { InputError } from '@groundcrew/ground';
import type { StreamTags } from '../engine.ts';

/** Bytes in UTF-8. Restic keeps longer ones, too, but a file of that name could hardly be named. */
const LONGEST_NAME = 1024;

/**
 * The name of the file in restic's snapshot. Letters, digits, `-`, `_` and inner dots stay; every other byte of UTF-8 is `%` and two
 * digits, so that it is one element of a path, one line and one word wherever it is shown. The empty name is `%`.
 *
 * @throws InputError for a name that UTF-8 cannot hold, or a longer one than restic is given
 */
export function fileOf(name: string): string {
  refuseIllFormed(name, 'name');
  if (name === '') return '%';
  if (Buffer.byteLength(name) > LONGEST_NAME)
    throw new InputError(`name: longer than ${LONGEST_NAME} bytes`, { field: 'name', operation: 'put' });
  return escapedName(name);
}

/** A path would take `.` and `..` for folders. */
const escapedName = (name: string): string => {
  const escaped = percentEncoded(name);
  return /^\.\.?$/.test(escaped) ? escaped.replaceAll('.', '%2E') : escaped;
};

/** The name that a file stands for; `undefined` if `fileOf` never made it. */
export function nameOf(file: string): string | undefined {
  if (file === '%') return '';
  const name = percentDecoded(file);
  return name !== undefined && name !== '' && escapedName(name) === file ? name : undefined;
}

/** Tells apart what was stored by this, in this way, from what else is in the repository. */
export const MARK = 'groundcrew=1';

/**
 * Tags in restic's form: `name=value`, with the value encoded as in a file's name. Restic takes a comma for the end of a tag, and
 * leaves blanks around one out (`internal/restic/tag_list.go`).
 *
 * @throws InputError for a name that is none, or a value that UTF-8 cannot hold
 */
export function tagWords(tags: StreamTags): string[] {
  return Object.entries(tags).map(([name, value]) => {
    if (!TAG_NAME.test(name) || name.startsWith('groundcrew'))
      throw new InputError(`tags.${name}: not the name of a tag`, {
        field: `tags.${name}`,
        operation: 'put',
      });
    refuseIllFormed(value, `tags.${name}`);
    return `${name}=${percentEncoded(value)}`;
  });
}

const TAG_NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** The tags that restic tells, without the mark; `undefined` if the mark is not among them. */
export function tagsOf(words: readonly string[]): Record<string, string> | undefined {
  if (!words.includes(MARK)) return undefined;
  const pairs = words.flatMap((word) => {
    const at = word.indexOf('=');
    const name = word.slice(0, Math.max(at, 0));
    const value = percentDecoded(word.slice(at + 1));
    // What a person added by hand is no fact of ours.
    return word === MARK || !TAG_NAME.test(name) || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(pairs);
}

const percentEncoded = (text: string): string =>
  Array.from(Buffer.from(text, 'utf8'), (byte) =>
    PLAIN.test(String.fromCodePoint(byte))
      ? String.fromCodePoint(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');

const PLAIN = /[\w.-]/;

function percentDecoded(text: string): string | undefined {
  if (!/^(?:[\w.-]|%[\dA-F]{2})*$/.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    // Bytes that are no UTF-8.
    return undefined;
  }
}

function refuseIllFormed(text: string, field: string): void {
  if (!text.isWellFormed())
    throw new InputError(`${field}: half of a surrogate pair, which UTF-8 cannot hold`, {
      field,
      operation: 'put',
    });
}
