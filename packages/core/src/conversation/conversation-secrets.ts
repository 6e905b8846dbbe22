import { isSecretName, knownSecretsMask, maskText, maskValue } from '@groundcrew/ground';
import { linksWithoutSecrets } from './url-without-secrets.ts';
import { nestedJson, writtenJson } from './secrets-in-data.ts';

/**
 * The secrets of a conversation, and how to write down what was said without them.
 *
 * A secret is what was sent or answered as one, wherever it comes back and in whichever encoding; what has the name or the shape
 * of one; and what a link carries. Known secrets of fewer than eight characters are looked for in errors and headers only: in
 * data and addresses they are in every word (a password `admin`), and the asterisks would tell them.
 */
export class ConversationSecrets {
  readonly #given: readonly string[];
  /** The latest ones, the last used at the end. */
  readonly #seen = new Set<string>();
  #masks: { readonly short: Mask; readonly long: Mask } | undefined;

  constructor(given: readonly string[]) {
    this.#given = given;
  }

  add(secrets: Iterable<string>): void {
    for (const secret of secrets) {
      if (secret.length < SHORTEST || /^\*+$/.test(secret)) continue;
      const isKnown = this.#seen.delete(secret);
      this.#seen.add(secret);
      if (isKnown) continue;
      this.#masks = undefined;
      const [oldest] = this.#seen;
      if (this.#seen.size > MOST && oldest !== undefined) this.#seen.delete(oldest);
    }
  }

  /** The value of a header, a message, a page: text in which short secrets are looked for, too. */
  text(text: string): string {
    return linksWithoutSecrets(maskText(this.#mask.short(text)));
  }

  /** An address, or a part of one: what is special to it is left to whoever parses it, whom an asterisk does no harm. */
  known(text: string): string {
    return this.#mask.long(text);
  }

  /**
   * A deep copy of parsed JSON. Whatever stands under the name of a secret keeps its form, so that a client can still decode it,
   * and every text in it is `***`.
   *
   * @param source - the text that it was parsed from
   * @param isError - whether short secrets are looked for
   */
  json(value: unknown, source: string, isError: boolean): unknown {
    const mask = isError ? this.#mask.short : this.#mask.long;
    // Nearly always none is there: then the thousand texts of a page need not be looked through one by one.
    return shown(value, mask(source) === source ? asItIs : mask, 0);
  }

  get #mask() {
    if (this.#masks === undefined) {
      const all = [...this.#given, ...this.#seen];
      this.#masks = {
        short: knownSecretsMask(all, { shortest: SHORTEST }),
        long: knownSecretsMask(all, { shortest: SHORTEST_IN_DATA }),
      };
    }
    return this.#masks;
  }
}

type Mask = (text: string) => string;
const asItIs: Mask = (text) => text;

function shown(value: unknown, mask: Mask, depth: number): unknown {
  if (typeof value === 'string') return textOf(value, mask, depth);
  if (typeof value === 'number') return mask(String(value)) === String(value) ? value : '***';
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) return value.map((item) => shown(item, mask, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      maskText(mask(name)),
      isHidden(name, field) ? hidden(field, depth + 1) : shown(field, mask, depth + 1),
    ]),
  );
}

function textOf(text: string, mask: Mask, depth: number): string {
  const nested = depth < DEEPEST ? nestedJson(text) : undefined;
  if (nested !== undefined) {
    const before = writtenJson(nested);
    const after = writtenJson(shown(nested, mask, depth + 1));
    // What has nothing to hide stays as it was written.
    if (after !== undefined && before !== after) return after;
  }
  return linksWithoutSecrets(maskText(mask(text)));
}

/** By the rule of `maskValue`, which knows the names that are a secret's with one kind of value and not with another. */
const isHidden = (name: string, field: unknown): boolean =>
  isSecretName(name) && (maskValue({ [name]: field }) as Readonly<Record<string, unknown>>)[name] === '***';

/** Everything below the name of a secret. */
function hidden(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value === '' ? '' : '***';
  if (typeof value === 'number') return '***';
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) return value.map((item) => hidden(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [maskText(name), hidden(field, depth + 1)]),
  );
}

const SHORTEST = 4;
const SHORTEST_IN_DATA = 8;
const MOST = 100;
const DEEPEST = 100;
