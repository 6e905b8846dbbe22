import { z } from 'zod';
import { isRepositoryError, type RepositoryError } from '../repository-error.ts';
import { type ResticSetting, runRestic } from './run-restic.ts';

/**
 * Does something, and again if it failed at a lock whose holder is provably dead: a process of the very machine that restic runs on,
 * which is gone. Nobody else's lock is touched.
 */
export async function withoutDeadLocks<T>(
  setting: ResticSetting,
  signal: AbortSignal | undefined,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isRepositoryError(error, 'repository-locked')) throw error;
    const removed = await removeDead(setting, error, signal).catch(() => false);
    signal?.throwIfAborted();
    if (!removed) throw error;
    return await act();
  }
}

const lockSchema = z.looseObject({ time: z.string(), hostname: z.string(), pid: z.int() });

/** Restic refreshes a lock every five minutes, and takes one for left behind after thirty (`internal/restic/lock.go`). */
const YOUNG = 15 * 60_000;

/** Removes locks of dead processes of that machine; `false` if there is none, or others' locks could go with them. */
async function removeDead(
  setting: ResticSetting,
  { lock: told }: RepositoryError,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (told === undefined) return false;
  const { stdout } = await setting.host.run(['sh', '-c', 'uname -n; date +%s'], { signal });
  const [here = '', clock = ''] = stdout.split('\n');
  const now = Number(clock) * 1_000;
  const isDead = async (host: string, pid: number): Promise<boolean> =>
    host === here && (await isGone(setting, pid, signal));
  if (!(await isDead(told.host, told.pid))) return false;
  // `restic unlock` also takes those that look old. To a clock that is wrong a lock looks old whose holder is at work.
  const { stdout: list } = await runRestic(setting, ['list', 'locks'], { lock: false, signal });
  for (const id of list.split(/\s+/).filter((word) => /^[\da-f]{64}$/.test(word))) {
    const { stdout: text } = await runRestic(setting, ['cat', 'lock', id], { lock: false, signal });
    const { time, hostname, pid } = lockSchema.parse(JSON.parse(text));
    const isYoung = now - Date.parse(time) < YOUNG;
    if (!isYoung && !(await isDead(hostname, pid))) return false;
  }
  await runRestic(setting, ['unlock'], { signal });
  return true;
}

/** Whether a process is gone, which is not known of a machine that shows none. */
async function isGone(
  { host }: ResticSetting,
  pid: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  // Signals to another user's process are refused, so that it is looked for where everybody can look.
  const script = '[ -d /proc/self ] && [ ! -d "/proc/$1" ]';
  const { exitCode } = await host.run(['sh', '-c', script, 'sh', String(pid)], { signal, expect: 'any' });
  return exitCode === 0;
}
