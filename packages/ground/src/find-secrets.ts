import { namedSecrets } from './named-secrets.ts';
import type { SecretFound } from './secret-found.ts';
import { type SecretShape, SHAPES } from './secret-shapes.ts';
import { Unescaped } from './unescaped.ts';

/**
 * The secrets in a text of any kind (a log line, a message, a command, a piece of JSON or of a configuration), by the names
 * before them and by their own shapes; in order, none overlapping another. What stands for a secret (`***`,
 * `<redacted>`, `None`, `%(password)s`, a `{SHA256}` digest of keystoneauth's logs) is none. Linear in the length.
 *
 * What is encoded for a URL or for HTML, or has its marks as escapes of JSON or Python (`\u0022`), is looked through decoded as
 * well, up to four layers deep. Base64 is decoded behind `Basic` only.
 *
 * @example
 * findSecrets('connection = mysql://nova:pw@db/nova'); // [{ kind: 'url-userinfo', start: 21, end: 28, … }]
 */
export function findSecrets(text: string): SecretFound[] {
  if (text.length < SHORTEST_TOKEN && !MARK.test(text)) return [];
  // Nearly no line of a log has a hint of any shape: one look for all of them costs half of one for each.
  if (!ANY_HINT.test(text)) return separate(namedSecrets(text));
  const found = plainSecrets(text);
  return separate(ESCAPED.test(text) ? [...found, ...escapedSecrets(text)] : found);
}

/** Keystone's and JSON web tokens, and keys of Ceph, stand alone. Whatever is shorter is a secret by a mark beside it. */
const SHORTEST_TOKEN = 25;
/** Between a name and its value, around userinfo, in a path, in a hash; and what an escape of one begins with. */
const MARK = /[=:>@/$\s,%&\\]/;

const plainSecrets = (text: string): SecretFound[] => [
  ...SHAPES.flatMap((shape) => shapesIn(text, shape)),
  ...namedSecrets(text),
];

/** In pieces, since each layer is a copy of what is decoded: a traceback may have a hundred megabytes. */
function escapedSecrets(text: string): SecretFound[] {
  const found: SecretFound[] = [];
  for (let at = 0; at < text.length;) {
    const piece = text.slice(at, at + LONGEST_PIECE);
    const cut = at + piece.length < text.length ? piece.lastIndexOf('\n') + 1 : 0;
    const whole = cut === 0 ? piece : piece.slice(0, cut);
    for (const secret of decodedSecrets(whole))
      found.push({ ...secret, start: at + secret.start, end: at + secret.end });
    at += whole.length;
  }
  return found;
}

const LONGEST_PIECE = 2 ** 20;

function decodedSecrets(text: string): SecretFound[] {
  if (!ESCAPED.test(text)) return [];
  const unescaped = new Unescaped(text);
  return unescaped.passes.flatMap((decoded, pass) => {
    if (pass === 0) return [];
    return plainSecrets(decoded).map((secret) => {
      const [start, end] = unescaped.sourceOf(secret.start, secret.end, pass);
      return { ...secret, start, end };
    });
  });
}

/** In order, and what overlaps as one. */
function separate(found: SecretFound[]): SecretFound[] {
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

/**
 * The escapes of marks that stand beside a secret, in URLs, HTML, and JSON or Python. A backslash before a quote or a letter needs
 * no decoding: it is looked over.
 */
const ESCAPED = /%[2-7][\dA-Fa-f]|%0[AaDd]|&(?:quot|apos|amp|lt|gt|#\w{2,8});|\\u00[2-7]|\\x[2-7]/;

const HINT_SOURCE = [...new Set([...SHAPES.map(({ hint }) => hint.source), ESCAPED.source])].join('|');
const ANY_HINT = new RegExp(HINT_SOURCE);
const NEXT_HINT = new RegExp(HINT_SOURCE, 'g');

/** The place of the first hint of a shape, or of an escape, at or behind `from`; -1 if there is none. */
export function shapeHintAfter(text: string, from: number): number {
  NEXT_HINT.lastIndex = from;
  return NEXT_HINT.exec(text)?.index ?? -1;
}

function shapesIn(text: string, { kind, hint, placesIn }: SecretShape): SecretFound[] {
  if (!hint.test(text)) return [];
  return placesIn(text).flatMap(([start, end]): SecretFound[] =>
    STANDS_FOR_ONE.test(text.slice(start, end)) ? [] : [{ kind, name: undefined, start, end }],
  );
}

/** A mask of others. */
const STANDS_FOR_ONE = /^\*+(:\*+)?$/;
