import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, digestOfJson, ed25519Signer, isSignedBy, keyIdOf } from '../src/signatures.ts';

test('canonical JSON is that of RFC 8785: members by their UTF-16 code units, numbers as ECMAScript writes them', () => {
  // The examples of the RFC, chapters 3.2.2 and 3.2.3.
  expect(
    canonicalJson({
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }),
  ).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
  expect(
    canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, 1: 4, '\ud83d\ude00': 5, '\u0080': 6, ö: 7 }),
  ).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
});

test('the digest is the same in whatever order members were made, and another for other data', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).toReversed());
      expect(digestOfJson(turned)).toBe(digestOfJson(value));
      expect(digestOfJson({ ...value, 'one more': 1 })).not.toBe(digestOfJson({ ...value, 'one more': 2 }));
    }),
  );
});

test('the digest is that of the whole text, in whatever pieces it is taken', () => {
  const ofText = (value: unknown): string =>
    `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      expect(digestOfJson(value)).toBe(ofText(value));
    }),
  );
  // eslint-disable-next-line no-sparse-arrays
  const odd = { left: undefined, list: [undefined, , { left: undefined, at: new Date(0) }], '"': -0 };
  expect(digestOfJson(odd)).toBe(ofText(odd));
});

test('a signature fits its bytes and its key, and no others', async () => {
  const [ours, theirs] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const signer = ed25519Signer(ours.privateKey);
  const bytes = Buffer.from('what was signed');
  const signature = await signer.sign(bytes);
  expect(signer.keyId).toBe(keyIdOf(createPublicKey(ours.privateKey)));
  expect(signer.keyId).toMatch(/^[\da-f]{16}$/);
  expect(isSignedBy(ours.publicKey, bytes, signature)).toBe(true);
  expect(isSignedBy(theirs.publicKey, bytes, signature)).toBe(false);
  expect(isSignedBy(ours.publicKey, Buffer.from('what was signeD'), signature)).toBe(false);
  expect(isSignedBy(ours.publicKey, bytes, signature.subarray(1))).toBe(false);
});

test('a key of another kind is refused by its name', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(() => ed25519Signer(privateKey)).toThrow('ed25519Signer: privateKey: is rsa, and must be Ed25519');
});
