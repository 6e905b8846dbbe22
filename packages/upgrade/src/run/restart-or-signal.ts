import { running } from './step-writer.ts';
import { hostsRunning, type TopologyHost, type UpgradeTopology } from './topology.ts';
import type { UpgradePart } from './upgrade-parts.ts';

/** What makes Nova's services run with native threads, or keeps them from it. */
export const THREADS_VARIABLE = 'OS_NOVA_DISABLE_EVENTLET_PATCHING';

type Refreshed = Pick<UpgradePart, 'recipe' | 'major'>;

/** Whether a component on a host is restarted where others are sent SIGHUP. */
export function isRestartedToRefresh(
  { recipe, major }: Refreshed,
  { threads = [] }: TopologyHost,
  name: string,
): boolean {
  const restart = recipe.restartToRefresh[name];
  if (restart === undefined || !recipe.refresh.includes(name)) return false;
  return (major ?? 0) >= restart.from || isThreaded(restart, threads, name);
}

/** Sentences for whoever approves the plan. */
export function whyRestarted(
  { recipe, major }: Refreshed,
  { threads = [] }: TopologyHost,
  names: readonly string[],
): string {
  const sentences = names.flatMap((name) => {
    const restart = recipe.restartToRefresh[name];
    if (restart === undefined) return [];
    const isByRelease = (major ?? 0) >= restart.from;
    return !isByRelease && isThreaded(restart, threads, name)
      ? [`Its environment has ${THREADS_VARIABLE}.`, restart.why]
      : [restart.why];
  });
  return [...new Set(sentences)].join(' ');
}

const isThreaded = (
  restart: UpgradePart['recipe']['restartToRefresh'][string],
  threads: readonly string[],
  name: string,
): boolean => restart.byEnvironmentFrom !== undefined && threads.includes(name);

/** Components that are sent SIGHUP though nobody has looked whether their environment gives them threads. */
export function unreadThreads({ recipe, major }: Refreshed, topology: UpgradeTopology): string[] {
  const open = recipe.refresh.filter((name) => {
    const { from, byEnvironmentFrom = Number.POSITIVE_INFINITY } = recipe.restartToRefresh[name] ?? {};
    return from !== undefined && (major ?? 0) >= byEnvironmentFrom && (major ?? 0) < from;
  });
  const hosts = hostsRunning(topology, open).filter(({ threads }) => threads === undefined);
  return open.filter((name) => hosts.some((host) => running(host, [name]).length > 0));
}
