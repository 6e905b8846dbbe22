import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { namedSecrets } from '../src/named-secrets.ts';
import { SHAPES } from '../src/secret-shapes.ts';
import { findSecrets, isSecretName, SecretHints } from '../src/index.ts';

// Texts are looked through for hints first, since most have none: these say that a hint never hides a secret.

const token = 'gAAAAABk9-Zx_0123456789abcdefghij';
// oxfmt-ignore
const pieces = [
  '://', '@', ':', '/', ' ', '.', '"', "'", '=', '\n', '-----', '***', '$', 'é', '\\',
  'amqp', 'HTTPS', 'rabbit+x', 'u', 'p4ss', 'mq.example', '[::1]', 'tokens/', 'Tokens/', 'a1b2c3d4e5',
  '-----BEGIN RSA PRIVATE KEY-----', '-----BEGIN PGP PRIVATE KEY BLOCK-----', '-----END', 'MIIEow==',
  'Bearer ', 'bearer ', 'BEARER ', 'Basic ', 'basic ', 'BASIC ', 'abcdef0123', 'dXNlcjpwYXNz', token,
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3.c2lnbmF0dXJl', `AQ${'Bb1'.repeat(12)}==`, '$6$salt$abcdefghij/klm.',
  '%3D', '%40', '%3A%2F%2F', '%22', '&quot;', '&#39;', '&amp;', String.raw`\u0022`, String.raw`\n`, "('", "', '",
  '<saml:Assertion ', '</saml:Assertion>', 'I2Nsb3VkLWNvbmZpZwpwYXNzd29yZDogaHVudGVyCg==', 'password', 'Signature',
];
const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 }));

test('property: what has the shape of a secret is found, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (some) => {
      const text = some.join('');
      const found = findSecrets(text);
      for (const { kind, placesIn } of SHAPES)
        for (const [start, end] of placesIn(text)) {
          if (/^\*+(:\*+)?$/.test(text.slice(start, end))) continue;
          const isCovered = found.some((hint) => hint.start <= start && end <= hint.end);
          expect(isCovered, `${kind} in ${JSON.stringify(text)}`).toBe(true);
        }
    }),
    { numRuns: 5_000 },
  );
});

test('property: what has the name of a secret is found, in every spelling', () => {
  const words =
    `access account admin adminpass api apikey application auth authentication authkey authorization authpass
    authtoken aws backup blob ceph chappassword client config configdrive contents cookie cookies credential credentials
    crypto cryptokek data drive encrypted encryption fernet fernetkey fsid hash hmac host id kek key keyring keyrings keys
    keystone manila master mon newpass octavia os otp pass passcode passphrase passwd password passwords path payload
    prefix private privatekey psk pswd pwd rabbitcookie rgw rndc secret secretkey secrets secure shared sig signature
    signing ssh sshkey ssl sslkey stone suffix swift syspswd temp tls token tokens totp ttl url user userdata uuid
    wrapping x`.split(/\s+/);
  const separated = fc
    .tuple(
      fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('_', '-', '.', ''),
    )
    .map(([parts, separator]) => parts.join(separator));
  const camel = fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
    .map((parts) =>
      parts.map((part, at) => (at === 0 ? part : part[0]?.toUpperCase() + part.slice(1))).join(''),
    );
  const spelling = fc
    .oneof(separated, camel)
    .chain((name) => fc.constantFrom(name, name.toUpperCase(), `${name}2`));
  fc.assert(
    fc.property(spelling, (name) => {
      fc.pre(isSecretName(name) && name.length <= 60);
      const text = `{"${name}": "v4lue!"}`;
      expect(findSecrets(text), text).toMatchObject([
        { name, start: text.indexOf('v4'), end: text.length - 2 },
      ]);
    }),
    { numRuns: 10_000 },
  );
});

test('columns, as oslo.config writes its options', () => {
  // oslo_config/cfg.py, log_opt_values: `%-30s = %s`.
  const line = `${'transport.password'.padEnd(30)} = v4lue`;
  expect(findSecrets(line)).toMatchObject([{ name: 'transport.password', start: 33, end: 38 }]);
  expect(findSecrets(`${'transport.password'.padEnd(30)} = ****`)).toEqual([]);
});

test('property: nothing short is a secret without a mark beside it', () => {
  const units = `password token gAAAA eyJ AQ secret_key -- " ' . - \\ % { a1 Zx_ <`.split(' ');
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...units), { maxLength: 5 }), (some) => {
      const text = some.join('').slice(0, 24);
      expect(namedSecrets(text)).toEqual([]);
      for (const { placesIn } of SHAPES) expect(placesIn(text)).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
});

test('property: a line with a secret has a hint, and is found in a block of lines', () => {
  const line = fc.array(piece, { maxLength: 8 }).map((some) => some.join('').replaceAll('\n', ' '));
  const named = fc.constantFrom(
    'admin_password = v4lue',
    '{"secret": "v4lue!"}',
    'keystone key=1',
    'no word of it',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(line, named), { maxLength: 8 }), (lines) => {
      const block = lines.map((text) => `${text}\n`).join('');
      const hints = new SecretHints(block);
      let start = 0;
      for (const text of lines) {
        const isHinted = hints.isIn(start, start + text.length);
        expect(isHinted || findSecrets(text).length === 0, text).toBe(true);
        start += text.length + 1;
      }
    }),
    { numRuns: 3_000 },
  );
  const plain = new SecretHints('keystone has a key\nno word of it');
  expect([plain.isIn(0, 18), plain.isIn(19, 32)]).toEqual([false, false]);
});
