import { findSecrets, knownSecretsMask, maskText } from '@groundcrew/ground';

/** The secrets that were met in texts, to be masked wherever they come back. */
export class SecretsMet {
  readonly #known: Set<string>;
  #mask: ((text: string) => string) | undefined;

  constructor(known: readonly string[]) {
    this.#known = new Set(known);
  }

  look(text: string): void {
    this.#mask = undefined;
    for (const { kind, start, end } of findSecrets(text)) {
      const secret = text.slice(start, end);
      this.#known.add(secret);
      // The password alone comes back, too: in a message of the client library of the database.
      if (kind === 'url-userinfo') this.#known.add(secret.slice(secret.indexOf(':') + 1));
    }
  }

  /** A text without them, and without what has the name or the shape of a secret. */
  mask(text: string): string {
    this.#mask ??= knownSecretsMask(this.#known);
    return maskText(this.#mask(text));
  }
}
