import type { Host } from '@groundcrew/runbook';
import { armDeadline, withDescendants } from '@groundcrew/runbook/hosts';
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
  const armed = await armDeadline(host, undo, { ...options, after: deadline });
  const disarm = (own: InjectOptions = options): Promise<void> => armed.cancel(own);
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
