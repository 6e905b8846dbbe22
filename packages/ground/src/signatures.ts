export { canonicalJson, digestOfJson } from './signatures/canonical-json.ts';
export { ed25519Signer, isSignedBy, keyIdOf, type Signer } from './signatures/ed25519.ts';
