/**
 * The mark by which it was recognised: the name before it, or its own shape (userinfo of a URL, a private key, an HTTP
 * credential, a token of Keystone, a JWT or a SAML assertion, a key of Ceph, a server's user data in Base64, a crypt(3) hash).
 */
export type SecretKind =
  | 'named'
  | 'url-userinfo'
  | 'private-key'
  | 'http-credential'
  | 'token'
  | 'ceph-key'
  | 'user-data'
  | 'hash';

export interface SecretFound {
  readonly kind: SecretKind;
  /** The name before it, as written, where that is what made it recognised. */
  readonly name: string | undefined;
  /** Offsets into the text: `text.slice(start, end)` is the secret, without quotes. */
  readonly start: number;
  readonly end: number;
}
