/**
 * Tells whether a field, header, parameter or option of this name carries a secret: in `snake_case`, `camelCase`, `Header-Case`
 * or dotted, with a number behind it or not. A name that only speaks of one does not: `token_ttl`, `password_expires_at`,
 * `secret_ref`, `key_name`, `public_key`.
 *
 * The list begins with oslo.utils' `mask_password` (strutils.py, `_SANITIZE_KEYS`), and adds what OpenStack's API
 * references, Ceph, Swift and S3 call theirs.
 *
 * @example
 * isSecretName('adminPass');                     // true
 * isSecretName('X-Account-Meta-Temp-URL-Key-2'); // true
 * isSecretName('token_ttl');                     // false
 */
export const isSecretName = (name: string): boolean => judgementOf(name) !== 'none';

/**
 * The rule of `isSecretName` for names that are met in running text: without those that are secret only as a field of certain
 * bodies (`contents`, `payload`, `signature`), and ordinary words elsewhere.
 */
export const isSecretWord = (name: string): boolean => judgementOf(name) === 'anywhere';

/** The places in which a name is that of a secret. */
type Judgement = 'anywhere' | 'as a field' | 'none';

/** A log has a million lines, and a body a thousand objects; both have some dozen names. */
function judgementOf(name: string): Judgement {
  // Names of fields are short; a long run of letters is data.
  if (name.length > LONGEST_NAME) return 'none';
  const known = judged.get(name);
  if (known !== undefined) return known;
  if (judged.size >= MOST_JUDGED) judged.clear();
  const words = wordsOf(name);
  const judgement = isSecret(words) ? 'anywhere' : CARRIES.has(joined(words)) ? 'as a field' : 'none';
  judged.set(name, judgement);
  return judgement;
}

const MOST_JUDGED = 1_000;
const judged = new Map<string, Judgement>();

function isSecret(words: readonly string[]): boolean {
  const last = words.at(-1);
  if (last === undefined) return false;
  if (LAST.has(last) || ENDING.test(last)) return true;
  const before = words.at(-2);
  if ((last === 'key' || last === 'keys') && before !== undefined && BEFORE_KEY.has(before)) return true;
  // Of a URL: `temp_url_signature`. Alone it is a word like others.
  if ((last === 'signature' || last === 'sig') && before !== undefined) return true;
  if ((last === 'credential' || last === 'credentials') && before !== 'application') return true;
  // Nova prefixes it: `OS-EXT-SRV-ATTR:user_data`.
  if (last === 'data' && before === 'user') return true;
  return WHOLE.has(joined(words));
}

/** `X-Auth-Token2` → `x auth token`. */
function wordsOf(name: string): string[] {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    // An acronym before a word: `AWSSecretKey`.
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
  // `password2`, `temp-url-key-2`: a second one is as secret as the first.
  const last = words.at(-1);
  if (last === undefined) return words;
  const bare = last.replace(/\d{1,4}$/, '');
  return bare === '' ? words.slice(0, -1) : [...words.slice(0, -1), bare];
}

const joined = (words: readonly string[]): string => words.join('');

const LONGEST_NAME = 80;

/** A name that ends in one of these words is that of a secret, whatever comes before. */
const LAST = new Set(
  `adminpass authorization authtoken chappassword configdrive cookie cookies fernetkey keyring keyrings otp pass passcode
  passphrase passwd passwds password passwords privatekey psk pswd pwd rabbitcookie secret secretkey secrets sslkey
  token tokens totp userdata`.split(/\s+/),
);

/** Words that others are glued to: `rabbitpassword`, `clientsecret`, `accesstoken`. */
const ENDING = /(?:password|passwd|passphrase|secret|token)s?$/;

/** `key` alone names nearly anything; after one of these words it is a secret one. */
const BEFORE_KEY = new Set(
  `access account admin api apikey auth authentication client cryptokek encrypted encryption fernet hmac kek master mon
  private rgw rndc secret secure shared signing ssl tls url wrapping`.split(/\s+/),
);

/** Names as a whole, without their separators. */
const WHOLE = new Set(
  `apikey authkey authpass backupurl barbicansimplecryptokek cephadminkey cephclientkey cephclusterfsid
  cephmanilaclientkey cephmdskey cephmonkey cephrgwkey designaterndckey encryptedkey heatauthencryptionkey
  keystonecredential migrationsshkey newpass octaviaheartbeatkey pacemakerremoteauthkey samlresponse secretuuid sshkey
  swifthashsuffix swifthashpathsuffix swifthashpathprefix syspswd tempurlkey tempurlsig tokenid xamzsignature
  xamzsecuritytoken xamzcredential`.split(/\s+/),
);

/**
 * Fields that carry a secret in certain bodies: Keystone's credentials (`blob`), Nova's personality (`contents`),
 * Barbican (`payload`), SAML and OAuth (`assertion`), signed URLs (`sig`, `signature`).
 */
const CARRIES = new Set(['assertion', 'blob', 'contents', 'payload', 'sig', 'signature']);
