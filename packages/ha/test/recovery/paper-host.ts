import type { CommandResult, Host } from '@groundcrew/runbook';

/** A process as `/proc` shows it. */
export interface PaperProcess {
  readonly pid: number;
  readonly program: string;
  readonly command: readonly string[];
  readonly state?: string;
}

export interface Paper {
  /** Files of the one directory, by name; `Error`: it is there and cannot be read. */
  readonly files: Readonly<Record<string, string | Error>>;
  readonly processes?: readonly PaperProcess[];
  /** Who one is. @default root */
  readonly uid?: number;
  /** What the recovery prints, or fails with. */
  readonly recovery?: string | Error;
  /** Whatever is asked, nobody answers. */
  readonly unreachable?: boolean;
}

export interface PaperHost extends Host {
  /** Every command that was run. */
  readonly asked: readonly string[][];
}

/** A machine that answers from a page, with the very texts that the programs print; it is asked in the very words. */
export function paperHost(directory: string, paper: Paper): PaperHost {
  const asked: string[][] = [];
  const { files, processes = [], uid = 0, recovery = new Error('no recovery'), unreachable = false } = paper;
  const answer = ([program, ...args]: readonly string[]): {
    exitCode: number;
    stdout?: string;
    stderr?: string;
  } => {
    const last = args.at(-1) ?? '';
    if (program === 'id') return { exitCode: 0, stdout: `${uid}\n` };
    if (program === 'ls') return { exitCode: 0, stdout: Object.keys(files).join('\n') };
    if (program === 'find' && args[0] === '-L')
      return {
        exitCode: 1,
        stdout: [directory, ...processes.map(({ pid }) => `/proc/${pid}/cwd`), ''].join('\n'),
      };
    if (program === 'find')
      return {
        exitCode: 1,
        stdout: processes.flatMap(({ pid }) => [`/proc/${pid}/fd`, `/proc/${pid}/fd`]).join('\n'),
      };
    if (program === 'cat' && last.startsWith('/proc/')) {
      const process = processes.find(({ pid }) => last.startsWith(`/proc/${pid}/`));
      if (process === undefined) return { exitCode: 1, stderr: 'No such file or directory' };
      const { pid, program: name, state = 'S', command } = process;
      return { exitCode: 0, stdout: `${pid} (${name}) ${state} 1 ${pid} -1 0\n${command.join('\0')}\0` };
    }
    if (program === 'head') {
      const content = files[last.slice(directory.length + 1)];
      return typeof content === 'string'
        ? { exitCode: 0, stdout: content }
        : { exitCode: 1, stderr: content?.message ?? 'No such file or directory' };
    }
    if (program === 'mariadbd')
      return typeof recovery === 'string'
        ? { exitCode: 0, stderr: recovery }
        : { exitCode: 1, stderr: recovery.message };
    return { exitCode: 127, stderr: `${program}: not on the page` };
  };
  return {
    name: 'db-1',
    asked,
    async run(command, { expect = [0] } = {}): Promise<CommandResult> {
      asked.push([...command]);
      if (unreachable) throw new Error('connect to host db-1 port 22: No route to host');
      const { exitCode, stdout = '', stderr = '' } = answer(command);
      if (expect !== 'any' && !expect.includes(exitCode))
        throw new Error(`${command[0]}: exit code ${exitCode}: ${stderr}`);
      return { host: 'db-1', command, exitCode, stdout, stderr, dropped: 0, durationMs: 1 };
    },
    upload: () => Promise.reject(new Error('a reader writes nothing')),
    download: () => Promise.reject(new Error('not on the page')),
  };
}
