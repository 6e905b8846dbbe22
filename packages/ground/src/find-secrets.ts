import { namedSecrets } from './named-secrets.ts';
import { privateKeysIn } from './private-keys.ts';
import type { SecretFound, SecretKind } from './secret-found.ts';

/**
 * The secrets in a text of any kind (a log line, a message, a command, a piece of JSON or of a configuration), by the names
 * before them and by their own shapes; in order, none overlapping another. What stands for a secret (`***`,
 * `<redacted>`, `None`, `%(password)s`, a `{SHA256}` digest of keystoneauth's logs) is none. Linear in the length.
 *
 * @example
 * findSecrets('connection = mysql://nova:pw@db/nova'); // [{ kind: 'url-userinfo', start: 21, end: 28, … }]
 */
export function findSecrets(text: string): SecretFound[] {
  if (text.length < SHORTEST_TOKEN && !MARK.test(text)) return [];
  // Nearly no line of a log has a hint of any shape: one look for all of them costs half of one for each.
  const shaped = ANY_HINT.test(text) ? SHAPES.flatMap((shape) => shapesIn(text, shape)) : NONE;
  const found = [...shaped, ...namedSecrets(text)];
  if (found.length < 2) return found;
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: SecretFound[] = [];
  for (const secret of found) {
    const before = kept.at(-1);
    if (before === undefined || secret.start >= before.end) kept.push(secret);
    else if (secret.end > before.end) kept[kept.length - 1] = { ...before, end: secret.end };
  }
  return kept;
}

/** Keystone's and JSON web tokens, and keys of Ceph, stand alone. Whatever is shorter is a secret by a mark beside it. */
const SHORTEST_TOKEN = 25;
/** Between a name and its value, around userinfo, in a path, in a hash. */
const MARK = /[=:>@/$\s]/;
const NONE: readonly SecretFound[] = [];

interface Shape {
  readonly kind: SecretKind;
  /**
   * Found wherever there is one: a part of it that begins with a letter which is rare in logs, so that looking for it is
   * cheap.
   */
  readonly hint: RegExp;
  readonly placesIn: (text: string) => readonly Span[];
}

type Span = readonly [start: number, end: number];

const matches =
  (pattern: RegExp) =>
  (text: string): Span[] =>
    Array.from(text.matchAll(pattern), (match) => match.indices?.groups?.['secret'] ?? [0, 0]);

/**
 * Every repetition is bounded or cannot begin inside itself, so that no text takes more than linear time. The secret is
 * the pattern's group `secret`. Exported for the test that no hint hides a secret.
 */
export const SHAPES: readonly Shape[] = [
  {
    kind: 'url-userinfo',
    hint: /@/,
    // RFC 3986, 3.2.1. The last `@` counts: people do not escape the ones in their passwords.
    placesIn: matches(/\b[a-z][a-z\d+.-]{0,30}:\/\/(?<secret>[^\s/?#"'<>\\]{1,1024})@(?=[\w.[%-])/dgi),
  },
  {
    kind: 'url-userinfo',
    hint: /@/,
    // SQLAlchemy and kombu take a slash, too, before the `@`; in http it would begin the path.
    placesIn: matches(
      /\b(?!https?:|file:|s?ftp:)[a-z][a-z\d+.-]{0,30}:\/\/(?<secret>[^\s/?#"'<>\\:@]{0,128}:[^\s"'<>\\]{1,256})@(?=[\w.[%-])/dgi,
    ),
  },
  { kind: 'private-key', hint: /IVATE KEY/, placesIn: privateKeysIn },
  {
    kind: 'http-credential',
    // Without case (RFC 9110, 11.1); without the flag for it, which is dear where all hints are looked for at once.
    hint: /[bB][eE][aA][rR][eE][rR] /,
    placesIn: matches(/\bBearer (?<secret>(?=[\w~+/=.-]{0,64}\d)[\w~+/=.-]{8,8192})/dgi),
  },
  {
    kind: 'http-credential',
    hint: /[bB][aA][sS][iI][cC] /,
    placesIn: matches(/\bBasic (?<secret>(?=[\w+/]{0,256}[\d=])[\w+/]{6,4096}={0,2})/dgi),
  },
  // Keystone's Fernet tokens begin with the version 0x80 and the high bytes of the time.
  { kind: 'token', hint: /AAAA/, placesIn: matches(/\b(?<secret>gAAAA[\w-]{20,4096}={0,2})/dg) },
  {
    kind: 'token',
    hint: /yJ/,
    placesIn: matches(/(?<![\w-])(?<secret>eyJ[\w-]{10,4096}\.[\w-]{10,8192}\.[\w-]{0,4096})/dg),
  },
  // Behind the path of Nova's console tokens and of Keystone's v2.0 the token itself is the next segment. One without a digit
  // is a word of a path.
  {
    kind: 'token',
    hint: /kens\//,
    placesIn: matches(/(?<=\btokens\/)(?<secret>(?=[\w.~-]{0,64}\d)[\w.~-]{8,4096})/dg),
  },
  // A CephX key is 28 bytes, of which the first says AES: `AQ`, and 40 characters of Base64 in all.
  { kind: 'ceph-key', hint: /AQ/, placesIn: matches(/(?<![\w+/])(?<secret>AQ[\w+/]{36}==)/dg) },
  {
    kind: 'hash',
    hint: /\$/,
    placesIn: matches(/(?<secret>\$(?:1|2[abxy]?|5|6|y|pbkdf2-sha\d{3})\$[\w./$,=]{16,256})/dg),
  },
];

const HINT_SOURCE = [...new Set(SHAPES.map(({ hint }) => hint.source))].join('|');
const ANY_HINT = new RegExp(HINT_SOURCE);
const NEXT_HINT = new RegExp(HINT_SOURCE, 'g');

/** The place of the first hint of a shape at or behind `from`; -1 if there is none. */
export function shapeHintAfter(text: string, from: number): number {
  NEXT_HINT.lastIndex = from;
  return NEXT_HINT.exec(text)?.index ?? -1;
}

function shapesIn(text: string, { kind, hint, placesIn }: Shape): SecretFound[] {
  if (!hint.test(text)) return [];
  return placesIn(text).flatMap(([start, end]): SecretFound[] =>
    STANDS_FOR_ONE.test(text.slice(start, end)) ? [] : [{ kind, name: undefined, start, end }],
  );
}

/** A mask of others. */
const STANDS_FOR_ONE = /^\*+(:\*+)?$/;
