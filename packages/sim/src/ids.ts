/** The source of ids and of other random values. The same seed gives the same values. */
export class Ids {
  #state: number;
  #serial = 0;

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
  }

  /** 0 to 1, exclusive (mulberry32). */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length)
      text += Math.floor(this.random() * 4_294_967_296)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, length);
  }

  /** An id in the form of a version 4 UUID. */
  uuid(): string {
    return uuidOf(this.hex(32));
  }

  /** An id as Keystone makes them: 32 hexadecimal digits. */
  keystone(): string {
    return this.uuid().replaceAll('-', '');
  }

  requestId(): string {
    return `req-${this.uuid()}`;
  }

  /** A MAC address with Neutron's default prefix (`base_mac`). */
  mac(): string {
    return `fa:16:3e:${(this.hex(6).match(/../g) ?? []).join(':')}`;
  }

  password(): string {
    return Array.from({ length: 12 }, () => LETTERS.charAt(this.below(LETTERS.length))).join('');
  }

  /** The next of a series of numbers, as database rows have them. */
  serial(): number {
    return (this.#serial += 1);
  }
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Gives 32 hexadecimal digits the form, version and variant of a UUID. */
const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${'89ab'[Number.parseInt(hex[16] as string, 16) % 4]}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;

/** Tells whether a text has the form of a UUID, with dashes or without. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text);
