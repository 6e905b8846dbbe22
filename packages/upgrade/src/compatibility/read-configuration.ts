import { isSecretName, maskText, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';

/** An option that is set in a file of oslo.config. One that may have several values is there once for each. */
export interface ConfigurationOption {
  readonly section: string;
  /** With underscores: oslo.config takes dashes for them. */
  readonly name: string;
  /**
   * As written, `$substitutions` too, over several lines where it goes on; `***` for secrets.
   * @default not told
   */
  readonly value?: string | undefined;
  /** The line where it begins, from 1. @default not told */
  readonly line?: number | undefined;
}

export interface ConfigurationRead {
  readonly options: readonly ConfigurationOption[];
  /** Lines that oslo.config would refuse, from 1. */
  readonly odd: readonly { readonly line: number; readonly why: string }[];
  /** Whether there was more than the limit. */
  readonly isCut: boolean;
}

export interface ReadConfigurationOptions {
  /** The number of options, and of odd lines, that are read. @default 20000 */
  readonly limit?: number | undefined;
}

const readOptions = optionsSchema<ReadConfigurationOptions>({
  limit: z.int().min(1).max(1_000_000).optional(),
});

/**
 * Reads what oslo.config reads (oslo_config/iniparser.py): sections, `name = value` and `name: value`, comments, lines that go on with
 * the one before by a blank at their beginning. It is strict about nothing: what oslo.config would refuse is told in `odd`, and
 * the rest is read. Values of secrets do not leave it.
 *
 * @throws InputError for an option of this function that there is not
 * @example
 * readConfiguration('[neutron]\nurl = http://neutron:9696\n').options;
 * // [{ section: 'neutron', name: 'url', value: 'http://neutron:9696', line: 2 }]
 */
export function readConfiguration(text: string, options: ReadConfigurationOptions = {}): ConfigurationRead {
  parseArguments('readConfiguration', readOptions, options);
  const { limit = 20_000 } = options;
  const reader = new Reader();
  let line = 0;
  for (const one of linesOf(text)) {
    if (reader.options.length >= limit || reader.odd.length >= limit) return reader.end(true);
    line += 1;
    reader.take(one, line);
  }
  return reader.end(text.length > LONGEST);
}

/** Characters; a whole nova.conf with all its comments has 250,000. */
const LONGEST = 8_000_000;
const LONGEST_LINE = 100_000;

/** Line after line, so that a file that is cut is not split first. */
function* linesOf(text: string): Generator<string> {
  const end = Math.min(text.length, LONGEST);
  for (let at = 0; at < end;) {
    const feed = text.indexOf('\n', at);
    const next = feed === -1 ? end : feed;
    yield text.slice(at, Math.min(next, at + LONGEST_LINE)).trimEnd();
    at = next + 1;
  }
}

interface Begun {
  readonly section: string;
  readonly name: string;
  readonly line: number;
  readonly lines: string[];
}

class Reader {
  readonly options: ConfigurationOption[] = [];
  readonly odd: { line: number; why: string }[] = [];
  /** What stands before the first section is refused, and most likely meant for this one. */
  #section = 'DEFAULT';
  #hasSection = false;
  #begun: Begun | undefined;

  take(text: string, line: number): void {
    if (text === '') return this.#flush();
    // Between the lines of a value, too.
    if (text.startsWith('#') || text.startsWith(';')) return;
    if (/^[ \t]/.test(text)) {
      if (this.#begun === undefined) this.odd.push({ line, why: 'goes on with nothing' });
      else this.#begun.lines.push(text.trimStart());
      return;
    }
    this.#flush();
    if (text.startsWith('[')) this.#head(text, line);
    else this.#assignment(text, line);
  }

  end(isCut: boolean): ConfigurationRead {
    // What goes on behind the limit is not known: the last one is left out with it.
    if (!isCut) this.#flush();
    return { options: this.options, odd: this.odd, isCut };
  }

  #head(text: string, line: number): void {
    const name = /^\[([^\]]{1,200})\]$/.exec(text)?.[1]?.trim();
    if (name === undefined || name === '') this.odd.push({ line, why: 'is no head of a section' });
    else [this.#section, this.#hasSection] = [name, true];
  }

  #assignment(text: string, line: number): void {
    const at = text.search(/[=:]/);
    const name = at === -1 ? '' : text.slice(0, at).trim().replaceAll('-', '_');
    if (name === '') {
      this.odd.push({ line, why: 'is no assignment' });
      return;
    }
    if (!this.#hasSection) this.odd.push({ line, why: 'stands before the first section' });
    this.#begun = { section: this.#section, name, line, lines: [unquoted(text.slice(at + 1).trim())] };
  }

  #flush(): void {
    if (this.#begun === undefined) return;
    const { section, name, line, lines } = this.#begun;
    this.#begun = undefined;
    const value = lines.join('\n');
    this.options.push({
      section,
      name,
      value: value !== '' && isSecretName(name) ? '***' : maskText(value),
      line,
    });
  }
}

const unquoted = (value: string): string =>
  value.length > 1 && /^["']/.test(value) && value.at(0) === value.at(-1) ? value.slice(1, -1) : value;
