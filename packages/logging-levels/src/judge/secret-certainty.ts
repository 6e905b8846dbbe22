import type { SecretFound } from '@groundcrew/ground';
import type { Certainty } from '../rules.ts';

/**
 * How certain it is that what was found is a secret; `undefined`: it is none. What follows a name need not be one: services say
 * `Failed to validate token: keystone.exception.TokenNotFound`, and in the source that a traceback quotes there is
 * `auth_token=token`.
 */
export function secretCertainty(
  text: string,
  { kind, name = '', start, end }: SecretFound,
): Certainty | undefined {
  if (kind !== 'named') return 'sure';
  const value = text.slice(start, end);
  if (NAME_OF_AN_ID.test(name) || PLACE.test(value)) return undefined;
  // `"tokens": 3` is how many there are.
  if (name.endsWith('s') && COUNT.test(value)) return undefined;
  const before = text.slice(Math.max(0, start - 80), start);
  const isQuoted = QUOTE.test(before);
  if (PYTHON_PATH.test(value)) return isQuoted ? 'likely' : undefined;
  // A value that was assigned or quoted is one; behind a colon may stand any word.
  if (isQuoted || EQUALS.test(before)) return 'sure';
  if (ARGUMENT.test(before) && !PROSE.test(value)) return 'sure';
  if (SENTENCE.test(text.slice(start, start + 100)) || isEntryPoint(before, value)) return undefined;
  if (WORD.test(value)) return 'likely';
  return ID.test(value) && !COMPOUND.test(name) ? 'likely' : 'sure';
}

/** oslo.utils masks them (`_SANITIZE_KEYS` in strutils.py), though they are ids: of a secret that libvirt keeps, of a Ceph cluster. */
const NAME_OF_AN_ID = /^(?:secret_?uuid|ceph_?cluster_?fsid)$/i;
/**
 * Paths of files, since services log their options at the start, among them Octavia's `ca_private_key = /etc/…/ca.key`; an address
 * without a user.
 */
const PLACE =
  /^(?:\/(?:etc|var|opt|usr|run|home|root|srv)(?:\/[\w.@-]{1,128}){1,32}|https?:\/\/[^@\s]{1,500})$/;
/** The path of a Python class, or a name in Python's source. */
const PYTHON_PATH = /^[a-z_][a-z_0-9]{0,60}(?:\.[A-Za-z_]\w{0,60}){1,10}:?$/;
/** Quotes and signs as they are, and as URLs, HTML, JSON and Python escape them. */
const QUOTE = /(?:["']|%2[27]|&quot;|&apos;|&#(?:3[49]|x2[27]);|\\u002[27]|\\x2[27])\s?$/i;
const EQUALS = /(?:=|%3D|&#(?:61|x3d);|\\u003d|\\x3d)(?:\s|%20|\+)?$/i;
/** `Failed to fetch token data`. */
const SENTENCE = /^[A-Z]?[a-z]{1,20},? [a-z]{1,20}(?:[ .,]|$)/;
/** `keystonemiddleware.auth_token:filter_factory`, as paste.deploy has its entry points. */
const ENTRY_POINT = /(?:^|[\s"'=])[a-z_]\w{0,60}(?:\.[a-z_]\w{0,60}){1,10}:[A-Za-z_]\w{0,60}$/;
const ARGUMENT = /(?:^|[\s"'])--?[A-Za-z][\w.-]{0,64}[ \t]{1,8}$/;
/** `--os-token is deprecated` */
const PROSE =
  /^(?:is|was|are|were|has|have|must|may|can|cannot|should|will|or|and|to|in|for|from|with|of|not)$/;
const COUNT = /^\d{1,9}$/;
const WORD = /^[A-Za-z_]{1,30}[.,:;!]?$/;
const ID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}[.,:;]{0,2}$/;
/** `X-Auth-Token`, `auth_token`: no word of a sentence, as `Token 0f1e…` may be the id of a thing. */
const COMPOUND = /[A-Za-z\d][_-][A-Za-z]/;

const isEntryPoint = (before: string, value: string): boolean =>
  value.length <= 100 && ENTRY_POINT.test(before + value);
