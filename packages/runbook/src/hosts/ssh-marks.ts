import type { Marks } from './shell-host.ts';

/**
 * Marks that a script on the other machine writes on stderr around a command, so that its beginning and its end can be
 * told from those of OpenSSH: a random word with `+`, then with the exit code.
 */
export class SshMarks implements Marks {
  readonly #word: string;
  readonly #any: RegExp;

  constructor(word: string) {
    this.#word = word;
    this.#any = new RegExp(`${word} (\\+|\\d+)$`);
  }

  around(command: string): string {
    const tell = (what: string): string => `printf '%s %s\\n' ${this.#word} ${what} >&2`;
    return `${tell('+')}; ${command}; ${tell('$?')}`;
  }

  isEnd(line: string): boolean {
    return /\d$/.test(line) && this.#any.test(line);
  }

  strip(line: string): string | undefined {
    const at = line.search(this.#any);
    return at === -1 ? line : at === 0 ? undefined : line.slice(0, at);
  }

  /** Separates the marks from the command's own output. The beginning may be in the part that was not kept. */
  read(stderr: Buffer): {
    readonly begun: boolean;
    readonly exitCode: number | undefined;
    readonly stderr: Buffer;
  } {
    // Byte for byte, whatever the encoding.
    const text = stderr.toString('latin1');
    const marks = [...text.matchAll(new RegExp(`${this.#word} (\\+|\\d+)\\n`, 'g'))];
    const code = marks.findLast(([, what]) => what !== '+')?.[1];
    return {
      begun: marks.length > 0,
      exitCode: code === undefined ? undefined : Number(code),
      stderr: Buffer.from(
        marks.reduce((rest, [mark]) => rest.replace(mark, ''), text),
        'latin1',
      ),
    };
  }
}
