export { hasControls } from './controls.ts';
export { Emitter } from './emitter.ts';
export { csvCell, escapeHtml, escapeMarkdown } from './escape.ts';
export { findSecrets, type SecretFound, type SecretKind } from './find-secrets.ts';
export { knownSecretsMask, type KnownSecretsOptions } from './known-secrets.ts';
export { maskText, maskValue } from './mask.ts';
export { isSecretName } from './secret-names.ts';
export { visible, type VisibleOptions } from './visible.ts';
