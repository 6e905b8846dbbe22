import { LabCommandFailed } from './errors.ts';

/** Reads a JSON answer of the `lab` command field by field. An error names the field that has a wrong value. */
export class Answer {
  readonly #command: readonly string[];
  readonly #path: string;
  readonly #value: unknown;

  private constructor(command: readonly string[], path: string, value: unknown) {
    this.#command = command;
    this.#path = path;
    this.#value = value;
  }

  static parse(command: readonly string[], text: string): Answer {
    try {
      return new Answer(command, 'answer', JSON.parse(text));
    } catch (cause) {
      const because = `its answer is not JSON: ${text.slice(0, 80) || '(nothing)'}`;
      throw new LabCommandFailed(command, 0, because, { cause });
    }
  }

  field(name: string): Answer {
    const value = this.#value;
    if (typeof value !== 'object' || value === null) return this.#wrong('an object');
    return new Answer(this.#command, `${this.#path}.${name}`, (value as Record<string, unknown>)[name]);
  }

  list<T>(read: (item: Answer) => T): T[] {
    if (!Array.isArray(this.#value)) return this.#wrong('a list');
    return this.#value.map((item, i) => read(new Answer(this.#command, `${this.#path}[${i}]`, item)));
  }

  strings(): Record<string, string> {
    const value = this.#value;
    if (typeof value !== 'object' || value === null) return this.#wrong('an object');
    return Object.fromEntries(Object.keys(value).map((name) => [name, this.field(name).string()]));
  }

  string(): string {
    return typeof this.#value === 'string' ? this.#value : this.#wrong('a string');
  }

  number(): number {
    return typeof this.#value === 'number' ? this.#value : this.#wrong('a number');
  }

  boolean(): boolean {
    return typeof this.#value === 'boolean' ? this.#value : this.#wrong('true or false');
  }

  oneOf<const T extends string>(...words: T[]): T {
    return words.find((word) => word === this.#value) ?? this.#wrong(words.join(', '));
  }

  nullable<T>(read: (answer: Answer) => T): T | null {
    return this.#value === null ? null : read(this);
  }

  #wrong(wanted: string): never {
    const got = JSON.stringify(this.#value) ?? 'nothing';
    throw new LabCommandFailed(this.#command, 0, `${this.#path} should be ${wanted}, and is ${got}`);
  }
}
