export {
  aClock,
  aFunction,
  aPositiveNumber,
  aSchemaName,
  optionsSchema,
  anObjectWith,
  type ArgumentFault,
  aSignal,
  faultIn,
  faultsIn,
  parseArguments,
  parseStrictly,
  signalOptions,
} from './arguments.ts';
export { backgroundClock, type Clock, systemClock } from './clock.ts';
export { hasControls } from './controls.ts';
export { Emitter } from './emitter.ts';
export { GroundcrewError, InputError, isGroundcrewError } from './errors.ts';
export { csvCell, escapeHtml, escapeMarkdown } from './escape.ts';
export { findSecrets, type SecretFound, type SecretKind } from './find-secrets.ts';
export { knownSecretsMask, type KnownSecretsOptions } from './known-secrets.ts';
export { maskText, maskValue } from './mask.ts';
export { importOptional, MissingPackageError } from './optional-package.ts';
export { isSecretName } from './secret-names.ts';
export { visible, type VisibleOptions } from './visible.ts';
