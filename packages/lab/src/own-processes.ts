import { readdirSync, readFileSync, statSync } from 'node:fs';

/** The processes whose working directory this is, by the kernel's list: a pid file may be stale, or not written yet. */
export function pidsIn(directory: string): number[] {
  const own = fileIdentity(directory);
  if (own === undefined) return [];
  return numericEntries()
    .filter((pid) => fileIdentity(`/proc/${pid}/cwd`) === own)
    .map(Number);
}

/** The name of a process's program; `undefined` once it has ended. */
export function programOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** The arguments of a process, which begin with the program's name; empty once it has ended. */
export function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Tells whether a process runs, and is no zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function fileIdentity(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

const numericEntries = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));
