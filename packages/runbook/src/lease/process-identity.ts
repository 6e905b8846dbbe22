import { readFile, readlink } from 'node:fs/promises';

/**
 * The identity of a process, by which another process can tell whether it is still alive. A pid alone is used again;
 * with the start time, in clock ticks since the boot, and the boot's id it never is. The pid namespace says whose
 * numbers these are: containers on one machine share the boot id. Without `/proc` only `pid` is there.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly boot?: string | undefined;
  readonly namespace?: string | undefined;
  readonly started?: string | undefined;
}

/** It cannot change while there is somebody to ask. */
let known: Promise<ProcessIdentity> | undefined;

export const thisProcess = (): Promise<ProcessIdentity> => (known ??= look());

async function look(): Promise<ProcessIdentity> {
  const pid = process.pid;
  try {
    const [boot, namespace, started] = await Promise.all([
      bootId(),
      readlink('/proc/self/ns/pid'),
      startOf('self'),
    ]);
    return { pid, boot, namespace, started };
  } catch {
    return { pid };
  }
}

/** Tells whether a process is alive; `unknown`: it is of another machine or container, or this system cannot tell. */
export async function lifeOf(other: ProcessIdentity): Promise<'alive' | 'dead' | 'unknown'> {
  const here = await thisProcess();
  if (here.boot === undefined || here.boot !== other.boot || here.namespace !== other.namespace)
    return 'unknown';
  if ((await startOf(String(other.pid))) === other.started) return 'alive';
  return isHidden(other.pid) ? 'unknown' : 'dead';
}

const bootId = async (): Promise<string> =>
  (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();

/** Field 22 of `/proc/PID/stat` (proc(5)); `undefined` of a process that is gone, or that waits to be reaped. */
async function startOf(pid: string): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may itself hold blanks and parentheses.
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/**
 * Tells whether `hidepid` may hide the process: then /proc does not show processes of other users, but signals still
 * find them.
 */
function isHidden(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
