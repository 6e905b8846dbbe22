import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { visible } from './visible.ts';

/** A program's declaration of its command line. */
export interface CommandLine<Options extends ParseArgsOptionsConfig> {
  /** The text that `--help` shows. Its first line is the synopsis; a wrong call shows that line alone. */
  readonly usage: string;
  /** The text that `--version` shows. */
  readonly version: string;
  /** The flags, as `parseArgs` of `node:util` takes them; `--help` and `--version` are added. */
  readonly options: Options;
  /** `true` takes arguments without a flag. @default false */
  readonly positionals?: boolean;
}

/** The program is to run, with these flags. */
export interface CommandLineRun<Options extends ParseArgsOptionsConfig> {
  readonly kind: 'run';
  readonly values: CommandLineValues<Options>;
  readonly positionals: readonly string[];
}

/** The values of the flags, by their names. */
export type CommandLineValues<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; strict: true }>
>['values'];

/** The program is to write `text` to `stream`, and to end with `code`. */
export interface CommandLineEnd {
  readonly kind: 'end';
  /** 0 after `--help` and `--version`, 2 if the call was wrong. */
  readonly code: 0 | 2;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/**
 * Parses the arguments of a program. Every program of Groundcrew answers alike: `--help` and `--version` go to standard output
 * with code 0; a flag that does not exist is named in one line on standard error, with code 2.
 *
 * @example
 * const line = readCommandLine(process.argv.slice(2), { usage: 'usage: tool [--out DIRECTORY]\n', version, options });
 * if (line.kind === 'end') {
 *   process[line.stream].write(line.text);
 *   process.exit(line.code);
 * }
 */
export function readCommandLine<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  declared: CommandLine<Options>,
): CommandLineRun<Options> | CommandLineEnd {
  // `pnpm tool -- --flag` hands the `--` on to the program.
  const own = args[0] === '--' ? args.slice(1) : [...args];
  try {
    const { values, positionals } = parseArgs({
      args: own,
      strict: true,
      allowPositionals: declared.positionals ?? false,
      options: { ...declared.options, ...COMMON },
    });
    const { help, version, ...others } = values as Record<string, unknown>;
    if (help === true) return { kind: 'end', code: 0, stream: 'stdout', text: declared.usage };
    if (version === true) return { kind: 'end', code: 0, stream: 'stdout', text: `${declared.version}\n` };
    return { kind: 'run', values: others as CommandLineValues<Options>, positionals };
  } catch (error) {
    if (!isParseError(error)) throw error;
    return wrongCall(declared, firstSentence(error.message));
  }
}

/** The end of a program whose flags have values that it does not take: one line that names the value, and the synopsis. */
export function wrongCall(declared: { readonly usage: string }, message: string): CommandLineEnd {
  const [synopsis = ''] = declared.usage.split('\n', 1);
  return { kind: 'end', code: 2, stream: 'stderr', text: `${visible(message)}; ${synopsis}\n` };
}

/** The part of a `package.json` that a program reads of itself. */
export interface ProgramManifest {
  readonly name: string;
  readonly version: string;
  readonly engines: { readonly node: string };
}

/**
 * Says, in one line, that this Node is older than the program's `engines` ask for. A program asks before it imports the rest of
 * itself: where a module of Node lacks an export, the import fails with a message that speaks of anything but the version.
 */
export function nodeTooOld(
  { name, engines }: ProgramManifest,
  running: string = process.versions.node,
): string | undefined {
  const least = /^>=(\d+)\.(\d+)$/.exec(engines.node);
  if (least === null) throw new TypeError(`engines.node of ${name} is not of the form >=22.18`);
  const [wantedMajor, wantedMinor] = [Number(least[1]), Number(least[2])];
  const [major = 0, minor = 0] = running.split('.').map(Number);
  const isEnough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  return isEnough
    ? undefined
    : `${name} needs Node ${wantedMajor}.${wantedMinor} or newer; this is ${running} (npx -p node@24 -p ${name} … brings one)\n`;
}

const COMMON = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const satisfies ParseArgsOptionsConfig;

const isParseError = (error: unknown): error is Error =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('ERR_PARSE_ARGS_');

/** Node appends advice to its messages, in further sentences and lines, which speaks of `--` and is seldom what was meant. */
const firstSentence = (message: string): string =>
  message.replace(/\. (?:To specify a positional|This command does not take)[^]*$|\n[^]*$/, '');
