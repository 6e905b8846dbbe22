type Span = [start: number, end: number];

/** Where a quote begins that has a value in it, and the quote with its backslashes. */
export interface OpenedQuote {
  readonly at: number;
  readonly quote: string;
}

/**
 * The quote behind a name that no `=` or `:` joins to its value, since both are elements of a list:
 *
 * - `('X-Auth-Token', '…')`: headers and dictionaries as Python's pairs
 * - `'--os-password', '…'` and `'node.session.auth.password', '-v', '…'`: a command by its arguments, as oslo.concurrency and
 *   os-brick hold it
 * - `{"name": "db_password", "value": "…"}`: variables of an environment, parameters
 */
export function pairedQuote(text: string, start: number, end: number): OpenedQuote | undefined {
  const before = text.slice(Math.max(0, start - LONGEST_BEFORE), start);
  if (!QUOTE_BEFORE.test(before)) return undefined;
  const behind = text.slice(end, end + LONGEST_BETWEEN);
  const isOption = text.slice(start - 2, start) === '--';
  const named = VALUE_BEHIND.exec(behind) ?? (isOption ? null : OPTION_BEHIND.exec(behind));
  if (named !== null) return { at: end + named[0].length, quote: named[1] ?? '"' };
  const next = PAIR_BEFORE.test(before) ? NEXT_BEHIND.exec(behind) : null;
  if (next === null) return undefined;
  const [whole, quote = '"', word = ''] = next;
  // `('password', 'token')` are the methods of a login.
  if (METHODS.has(word)) return undefined;
  return { at: end + whole.length - word.length, quote };
}

/** `node.session.auth.password -v …` of a command's line, and `--value …`: the place of the value. */
export function argumentAfter(text: string, start: number, end: number): Span | undefined {
  if (!text.slice(start, end).includes('.')) return undefined;
  const option = OPTION_OF_LINE.exec(text.slice(end, end + LONGEST_BETWEEN));
  if (option === null) return undefined;
  const at = end + option[0].length;
  BLANK.lastIndex = at;
  const stop = BLANK.exec(text)?.index ?? text.length;
  return stop > at ? [at, stop] : undefined;
}

const LONGEST_BETWEEN = 160;
const LONGEST_BEFORE = 64;
/** Nova and Neutron prefix names: `OS-EXT-SRV-ATTR:user_data`. */
const QUOTE_BEFORE = /\\{0,15}["'](?:--?|[\w-]{1,32}:)?$/;
/** The opening bracket of a pair, or the quote of a command's option. */
const PAIR_BEFORE = /(?:\([ub]?\\{0,15}["'](?:[\w-]{1,32}:)?|["']--?)$/;
const NEXT_BEHIND = /^\\{0,15}["'],\s{0,8}[ub]?(\\{0,15}["'])([\w-]{0,64})/;
const OPTION_BEHIND =
  /^\\{0,15}["'],\s{0,8}[ub]?\\{0,15}["']--?[A-Za-z-]{1,32}\\{0,15}["'],\s{0,8}[ub]?(\\{0,15}["'])/;
const VALUE_BEHIND =
  /^\\{0,15}["'],\s{0,8}[ub]?\\{0,15}["'][vV]alue\\{0,15}["']\s{0,4}:\s{0,4}[ub]?(\\{0,15}["'])/;
const OPTION_OF_LINE = /^[ \t]{1,8}--?[A-Za-z-]{1,32}[ \t=]{1,8}["']?/;
const BLANK = /[\s"']/g;

/** Methods by which Keystone lets a user in (keystone/conf/auth.py). */
const METHODS: ReadonlySet<string> = new Set(
  `password token totp external mapped saml2 openid kerberos x509 oauth1 oauth2 oauth2_mtls_credential
  application_credential`.split(/\s+/),
);
