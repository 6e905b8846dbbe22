import { privateKeysIn } from './private-keys.ts';
import { samlAssertionsIn } from './saml-assertions.ts';
import type { SecretKind } from './secret-found.ts';

/** A form by which a secret is known wherever it stands. */
export interface SecretShape {
  readonly kind: SecretKind;
  /**
   * Found wherever there is one: a part of it that begins with a letter which is rare in logs, so that looking for it is
   * cheap.
   */
  readonly hint: RegExp;
  readonly placesIn: (text: string) => readonly SecretPlace[];
}

export type SecretPlace = readonly [start: number, end: number];

const matches =
  (pattern: RegExp, isSecret: (text: string) => boolean = () => true) =>
  (text: string): SecretPlace[] =>
    Array.from(
      text.matchAll(pattern),
      (match): SecretPlace => match.indices?.groups?.['secret'] ?? [0, 0],
    ).filter((place) => isSecret(text.slice(...place)));

/** Where a word begins; the letter of an escaped line feed or tab before it (`\ngAAAA…`) is none of it. */
const begins = (letters: string): string => String.raw`(?:(?<![${letters}])|(?<=\\[nrt]))`;

/**
 * Every repetition is bounded or cannot begin inside itself, so that no text takes more than linear time. The secret is
 * the pattern's group `secret`.
 */
export const SHAPES: readonly SecretShape[] = [
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
    placesIn: matches(
      new RegExp(
        String.raw`${begins(String.raw`\w`)}Bearer (?<secret>(?=[\w~+/=.-]{0,64}\d)[\w~+/=.-]{8,8192})`,
        'dgi',
      ),
    ),
  },
  {
    kind: 'http-credential',
    hint: /[bB][aA][sS][iI][cC] /,
    placesIn: matches(
      new RegExp(String.raw`${begins(String.raw`\w`)}Basic (?<secret>[\w+/]{6,4096}={0,2})`, 'dgi'),
      isBasic,
    ),
  },
  // Keystone's Fernet tokens begin with the version 0x80 and the high bytes of the time.
  {
    kind: 'token',
    hint: /AAAA/,
    placesIn: matches(
      new RegExp(String.raw`${begins(String.raw`\w`)}(?<secret>gAAAA[\w-]{20,4096}={0,2})`, 'dg'),
    ),
  },
  {
    kind: 'token',
    hint: /yJ/,
    placesIn: matches(
      new RegExp(
        String.raw`${begins(String.raw`\w-`)}(?<secret>eyJ[\w-]{10,4096}\.[\w-]{10,8192}\.[\w-]{0,4096})`,
        'dg',
      ),
    ),
  },
  // Behind the path of Nova's console tokens and of Keystone's v2.0 the token itself is the next segment. One without a digit
  // is a word of a path.
  {
    kind: 'token',
    hint: /kens\//,
    placesIn: matches(/(?<=\btokens\/)(?<secret>(?=[\w.~-]{0,64}\d)[\w.~-]{8,4096})/dg),
  },
  { kind: 'token', hint: /Assertion[ >]/, placesIn: samlAssertionsIn },
  // A CephX key is 28 bytes, of which the first says AES: `AQ`, and 40 characters of Base64 in all.
  {
    kind: 'ceph-key',
    hint: /AQ/,
    placesIn: matches(new RegExp(String.raw`${begins(String.raw`\w+/`)}(?<secret>AQ[\w+/]{36}==)`, 'dg')),
  },
  // User data of a server in Base64: `#cloud-config`, `#!/bin/`, `Content-Type: multipart` (cloudinit/user_data.py).
  {
    kind: 'user-data',
    hint: /I2Nsb|IyEvY|Q29ud/,
    placesIn: matches(
      new RegExp(
        String.raw`${begins(String.raw`\w+/`)}(?<secret>(?:I2Nsb3VkLWNvbmZpZ|IyEvYmluL|Q29udGVudC1UeXBlOiBtdWx0aXBhcn)[\w+/]{16,}={0,2})`,
        'dg',
      ),
    ),
  },
  {
    kind: 'hash',
    hint: /\$/,
    placesIn: matches(/(?<secret>\$(?:1|2[abxy]?|5|6|y|pbkdf2-sha\d{3})\$[\w./$,=]{16,256})/dg),
  },
];

/** A credential of RFC 7617, and no word of a sentence: it has a digit or a padding, or is `user:password` without either. */
function isBasic(given: string): boolean {
  return /\d|=$/.test(given) || USER_AND_PASSWORD.test(Buffer.from(given, 'base64').toString('latin1'));
}

const USER_AND_PASSWORD = /^[!-9;-~]{0,256}:[ -~]{1,4096}$/;
