import type { Host } from '@groundcrew/runbook';
import { DrillError } from './drill-error.ts';
import { commandsOf, type ParsedFault } from './fault.ts';

export interface InjectOptions {
  readonly signal?: AbortSignal | undefined;
  readonly sudo?: boolean | string | undefined;
}

/** A fault that is about to be made, with its undoing waiting on the host itself. */
export interface ArmedFault {
  /** Makes it. Rejects if it is not sure that it was made; undo it then, too. */
  inject(options?: InjectOptions): Promise<void>;
  /** May be done again and again. Calls off the one that waits on the host, once it has succeeded. */
  undo(options?: InjectOptions): Promise<void>;
  /** Calls off the one that waits on the host: for a fault that was never made. */
  disarm(options?: InjectOptions): Promise<void>;
  /** The command that undoes it, for whoever has to do it by hand. */
  readonly undoBy: readonly string[];
}

/**
 * Finds the victims, and leaves on their host a process that undoes the fault after `deadline` milliseconds, whatever
 * becomes of us or of the way to that host: a partition may cut off whoever made it.
 *
 * @throws DrillError if there is no victim
 */
export async function armFault(
  host: Host,
  fault: ParsedFault,
  { deadline, ...options }: InjectOptions & { readonly deadline: number },
): Promise<ArmedFault> {
  const { inject, undo } = commandsOf(fault, await victimsOf(host, fault, options));
  const { stdout } = await host.run(['sh', '-c', WAIT, 'sh', String(deadline / 1_000), ...undo], options);
  const waiting = Number(stdout.trim());
  const disarm = async (own: InjectOptions = options): Promise<void> => {
    // The whole group: the shell, and the sleep that it waits for.
    if (waiting > 1) await host.run(['kill', '-s', 'KILL', '--', `-${waiting}`], { ...own, expect: 'any' });
  };
  return {
    inject: async (own = options) => {
      await host.run(inject, own);
    },
    undo: async (own = options) => {
      await host.run(undo, { ...own, timeout: '2m' });
      await disarm(own);
    },
    disarm,
    undoBy: undo,
  };
}

/** Undoes what an earlier attempt that died may have made. */
export async function undoFault(host: Host, fault: ParsedFault, options: InjectOptions = {}): Promise<void> {
  const victims = await victimsOf(host, fault, options).catch((error: unknown) => {
    // Its victim is gone: there is nothing left to undo. That the host could not be asked is no such thing.
    if (error instanceof DrillError) return [];
    throw error;
  });
  await host.run(commandsOf(fault, victims).undo, { ...options, timeout: '2m' });
}

/** The command that starts the undoing in a session of its own: the end of the process that started it does not end it. */
const WAIT = `seconds=$1; shift
setsid sh -c 'sleep "$0"; exec "$@"' "$seconds" "$@" </dev/null >/dev/null 2>&1 &
echo $!`;

async function victimsOf(host: Host, fault: ParsedFault, options: InjectOptions): Promise<number[]> {
  if (fault.kind !== 'kill' && fault.kind !== 'freeze') return [];
  const { stdout, exitCode, stderr } = await host.run(fault.pids, { ...options, expect: 'any' });
  const words = stdout.split(/\s+/).filter((word) => word !== '');
  const roots = words.map(Number);
  if (exitCode !== 0 || roots.length === 0 || roots.some((pid) => !Number.isInteger(pid) || pid < 2))
    throw new DrillError(
      'drill.no-victim',
      `${fault.victim}: \`${fault.pids.join(' ')}\` on ${host.name} told no process ids: ${stderr.trim() || stdout.trim().slice(0, 100) || 'nothing'}`,
      { remedy: 'It has to run, and the command has to print the ids of its processes, and no more.' },
    );
  const table = await host.run(['ps', '-e', '-o', 'pid=,ppid='], options);
  const victims = withDescendants(roots, table.stdout);
  if (victims.length === 0)
    throw new DrillError(
      'drill.no-victim',
      `${fault.victim}: ${roots.join(', ')} on ${host.name} do not run`,
      {
        remedy: 'Start it; a pid file may be stale.',
      },
    );
  return victims;
}

/** Parents first: a parent that is hit cannot start a new child in place of one that was. */
export function withDescendants(roots: readonly number[], table: string): number[] {
  const parents = new Map(
    table.split('\n').flatMap((line) => {
      const [pid, parent] = line.trim().split(/\s+/).map(Number);
      return pid === undefined || parent === undefined ? [] : [[pid, parent] as const];
    }),
  );
  const all = roots.filter((pid) => parents.has(pid));
  // Grows while it is gone through.
  for (const known of all)
    for (const [pid, parent] of parents) if (parent === known && !all.includes(pid)) all.push(pid);
  return all;
}
