import { isSecretName, knownSecretsMask, maskText, Secret } from '@groundcrew/ground';

/**
 * A text that came back, without the secrets that were sent: services, and proxies before them, repeat the request in their
 * errors, each in the encoding of its page. What has the name or the shape of a secret is masked as well.
 *
 * @param secrets - as they were sent; those of fewer than four characters are left to their names: they are in every word
 */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  maskText(knownSecretsMask(secrets)(text));

/** Every text in the arguments of a call that is wrapped, or stands under the name of a secret. */
export function secretsIn(value: unknown): string[] {
  const found: string[] = [];
  collect(value, false, found, 0);
  return found;
}

function collect(value: unknown, isSecret: boolean, found: string[], depth: number): void {
  if (depth > DEEPEST) return;
  if (value instanceof Secret) found.push(value.reveal());
  else if (typeof value === 'string') {
    if (isSecret) found.push(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, isSecret, found, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(value))
      collect(field, isSecret || isSecretName(name), found, depth + 1);
  }
}

const DEEPEST = 32;
