import type { CommandOptions, Host } from '@groundcrew/runbook';
import { withDescendants } from '@groundcrew/runbook/hosts';
import { pidCommand, PROCESSES } from './host-scripts.ts';
import { LevelError } from './level-error.ts';
import type { ConfiguredTarget } from './level-target.ts';

type How = Pick<CommandOptions, 'signal' | 'sudo'>;

/** The processes of a service. */
export interface ServiceProcesses {
  /** The main process; SIGHUP goes to it. */
  readonly main: number;
  /**
   * What SIGHUP does to the service: it reads its configuration and goes on; it ends; or, with native threads, its workers end. Those
   * take no more requests, finish, which Nova gives them 160 seconds for (`manager_shutdown_timeout`, 2026.1), and are replaced only
   * then (cotyledon's `reload`): a service with one worker is away for so long, though it counts as up.
   */
  readonly hangUp: 'reads' | 'ends' | 'ends-workers';
  /**
   * The main process and those that it started, as far as they catch SIGHUP: what oslo.service calls workers. One that just takes it
   * catches none for a moment.
   */
  readonly workers: readonly number[];
  /** All of these that run, whether they catch SIGHUP or not. */
  readonly running: ReadonlySet<number>;
}

/** @throws LevelError `levels.no-process` */
export async function processesOf(host: Host, target: ConfiguredTarget, how: How): Promise<ServiceProcesses> {
  const { service } = target;
  const { stdout, exitCode } = await host.run(pidCommand(target), { ...how, expect: 'any' });
  const main = Number(stdout.trim());
  if (exitCode !== 0 || !Number.isInteger(main) || main < 2)
    throw new LevelError('levels.no-process', `${service} on ${host.name}: no process id was told`, {
      remedy: 'It has to run, and its unit or pid file has to tell its main process.',
    });
  const table = await host.run(['ps', '-e', '-o', 'pid=,ppid='], how);
  const all = withDescendants([main], table.stdout);
  const facts = await host.run(['sh', '-c', PROCESSES, 'sh', ...all.map(String)], how);
  const known = facts.stdout.split('\n').flatMap((line) => {
    const [pid, caught, terminal, foreground, group, threads] = line.split(' ');
    if (pid === undefined || caught === undefined || group === undefined) return [];
    // The last digit has the bit of SIGHUP, which is signal 1.
    const catches = Number.parseInt(caught.at(-1) ?? '', 16) % 2 === 1;
    const isForeground = terminal !== '0' && foreground === group;
    return [{ pid: Number(pid), catches, isForeground, hasThreads: threads === 'yes' }];
  });
  const own = known.find(({ pid }) => pid === main);
  if (own === undefined)
    throw new LevelError('levels.no-process', `${service} on ${host.name}: process ${main} does not run`, {
      remedy: 'Start it; a pid file may be stale.',
    });
  return {
    main,
    // oslo.service takes SIGHUP for the end if it runs in the foreground of a terminal (`_is_sighup_and_daemon`, service.py).
    hangUp: !own.catches || own.isForeground ? 'ends' : own.hasThreads ? 'ends-workers' : 'reads',
    workers: known.filter(({ catches }) => catches).map(({ pid }) => pid),
    running: new Set(known.map(({ pid }) => pid)),
  };
}
