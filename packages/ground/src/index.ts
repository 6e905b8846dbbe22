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
  type ReadOptions,
  readOptions,
  signalOptions,
} from './arguments.ts';
export { backgroundClock, type Clock, systemClock } from './clock.ts';
export { hasControls } from './controls.ts';
export { aDuration, aPositiveDuration, type Duration, type DurationUnit, milliseconds } from './duration.ts';
export { counted } from './counted.ts';
export { durationWords } from './duration-words.ts';
export { Emitter } from './emitter.ts';
export { ConfigError, GroundcrewError, InputError, isGroundcrewError } from './errors.ts';
export { csvCell, escapeHtml, escapeMarkdown } from './escape.ts';
export {
  type Evidence,
  type Finding,
  finding,
  overall,
  type Severity,
  type Subject,
  type Tally,
  tally,
  type Verdict,
  worstFirst,
} from './finding.ts';
export { findSecrets } from './find-secrets.ts';
export { knownSecretsMask, type KnownSecretsOptions } from './known-secrets.ts';
export { maskText, maskValue } from './mask.ts';
export { messageOf } from './message-of.ts';
export type { Completeness, Gap, Observed } from './observed.ts';
export { importOptional, MissingPackageError } from './optional-package.ts';
export { SecretHints } from './secret-hints.ts';
export { isSecretName } from './secret-names.ts';
export type { SecretFound, SecretKind } from './secret-found.ts';
export { Secret } from './secret.ts';
export { unseen, type UnseenSubject } from './unseen.ts';
export { visible, type VisibleOptions } from './visible.ts';
