import type { ServerView } from './situation.ts';

/** The order in which servers come up again. */
export interface RecoveryOrder {
  /** The servers of a phase start together; the next phase waits until they have ended. */
  readonly phases: readonly (readonly ServerView[])[];
  /** The wishes that could not be honoured: circles, and names that match no server or several. */
  readonly warnings: readonly string[];
}

/**
 * Phases by restart priority, lower first; a server that must come after another is put into a later phase than it.
 * Within a phase the given order stays. A circle is broken at the server that was given last, and named.
 */
export function recoveryOrder(servers: readonly ServerView[]): RecoveryOrder {
  const warnings: string[] = [];
  const waits = new Map(servers.map((server) => [server, predecessors(server, servers, warnings)]));
  const priorities = [...new Set(servers.map(({ priority }) => priority))].toSorted((a, b) => a - b);

  const phaseOf = new Map<ServerView, number>();
  const onPath = new Set<ServerView>();
  const place = (server: ServerView): number => {
    const there = phaseOf.get(server);
    if (there !== undefined) return there;
    onPath.add(server);
    let phase = priorities.indexOf(server.priority);
    for (const earlier of waits.get(server) ?? []) {
      if (onPath.has(earlier))
        warnings.push(`${server.name} and ${earlier.name} wait for each other: it does not`);
      else phase = Math.max(phase, place(earlier) + 1);
    }
    onPath.delete(server);
    phaseOf.set(server, phase);
    return phase;
  };
  for (const server of servers) place(server);

  const phases = new Map<number, ServerView[]>();
  for (const server of servers) {
    const phase = phaseOf.get(server) ?? 0;
    phases.set(phase, [...(phases.get(phase) ?? []), server]);
  }
  return {
    phases: [...phases.entries()].toSorted(([a], [b]) => a - b).map(([, members]) => members),
    warnings,
  };
}

/** Those that it names and that are moved as well; one that stays where it is need not be waited for. */
function predecessors(server: ServerView, servers: readonly ServerView[], warnings: string[]): ServerView[] {
  return server.restartAfter.flatMap((word) => {
    const named = servers.filter(({ id, name }) => id === word || name === word);
    if (named.length > 1)
      warnings.push(`${server.name} is to start after ${word}, which ${named.length} are called`);
    return named.filter((candidate) => candidate !== server);
  });
}
