import {
  aPositiveDuration,
  aSignal,
  type Duration,
  messageOf,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook';
import { observeRabbit } from './observe-rabbit.ts';
import { parseNodeLists } from './erlang-terms.ts';
import { type RabbitAccess, rabbitCommands, rabbitDataDirectory } from './rabbit-access.ts';
import { rabbitProcesses } from './rabbit-processes.ts';
import type { RabbitNodeState } from './rabbit-state.ts';

/** Options of reading a node. */
export interface ReadRabbitOptions {
  readonly signal?: AbortSignal | undefined;
  /** The time for each question. @default '15s' */
  readonly timeout?: Duration | undefined;
}

const readOptions = optionsSchema<ReadRabbitOptions>({
  signal: aSignal.optional(),
  timeout: aPositiveDuration.default(15_000),
});

/**
 * Reads everything about one node that a recovery depends on: its process, its own view of the cluster over its
 * management API, whether RabbitMQ runs in its process, and, from its files, which members there are and who ran when it
 * last looked. Whatever could not be read is `unknown`, with a gap; only the signal's abort rejects.
 */
export async function readRabbitNode(
  access: RabbitAccess,
  options: ReadRabbitOptions = {},
): Promise<RabbitNodeState> {
  const timeout = parseArguments('readRabbitNode', readOptions, options).timeout as number;
  const { signal } = options;
  const { host, node, sudo } = access;
  const directory = rabbitDataDirectory(access);
  const gaps: { what: string; why: string; remedy: string | undefined }[] = [];
  const missing = (what: string, why: string, remedy?: string): 'unknown' => {
    gaps.push({ what: `${node} ${what}`, why, remedy });
    return 'unknown';
  };
  const attempt = async <T>(what: string, reading: () => Promise<T>): Promise<T | 'unknown'> => {
    try {
      return await reading();
    } catch (error) {
      signal?.throwIfAborted();
      return missing(what, messageOf(error));
    }
  };
  const ask = { sudo, signal, timeout };
  const file = (name: string): Promise<string[][] | 'none' | 'unknown'> =>
    attempt(name, () => readTerms(host, directory, name, ask));

  const [processes, known, ran, seen] = await Promise.all([
    attempt('processes', () => rabbitProcesses(host, node, ask)),
    file('cluster_nodes.config'),
    file('nodes_running_at_shutdown'),
    observeRabbit(access.management, { signal, timeout }),
  ]);
  const beam = Array.isArray(processes) ? processes[0] : undefined;
  const other = seen.value !== undefined && seen.value.node !== node;
  if (other) missing('management', `${seen.value.node} answers there`, 'Correct its addresses.');
  const answered = seen.value !== undefined && !other;
  const process = ((): RabbitNodeState['process'] => {
    if (processes === 'unknown') return answered ? 'running' : 'unknown';
    if (beam !== undefined) return beam.frozen ? 'frozen' : 'running';
    return answered
      ? missing(
          'process',
          `answers, and no process of that name is on ${host.name}`,
          'Correct its addresses.',
        )
      : 'none';
  })();
  const view = ((): RabbitNodeState['view'] => {
    if (process === 'none') return 'none';
    for (const { what, why, remedy } of seen.gaps) gaps.push({ what, why, remedy });
    if (!answered || seen.value === undefined) return 'unknown';
    const { nodes, queues, quorumCritical, alarms } = seen.value;
    return { node, nodes, queues, quorumCritical, alarms };
  })();
  const application = await ((): Promise<RabbitNodeState['application']> => {
    if (answered) return Promise.resolve('running');
    if (process === 'none') return Promise.resolve('stopped');
    if (process === 'frozen') return Promise.resolve('unknown');
    return attempt('application', () => runsApplication(access, ask));
  })();
  return {
    node,
    process,
    application,
    view,
    members: Array.isArray(known) ? (known[0] ?? missing('cluster_nodes.config', 'has no nodes')) : known,
    lastRunning: Array.isArray(ran) ? (ran[0] ?? missing('nodes_running_at_shutdown', 'has no nodes')) : ran,
    gaps,
  };
}

interface Asking {
  readonly sudo: boolean | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeout: number;
}

async function readTerms(
  host: Host,
  directory: string,
  name: string,
  ask: Asking,
): Promise<string[][] | 'none'> {
  const { exitCode, stdout, stderr } = await host.run(['head', '-c', '70000', `${directory}/${name}`], {
    ...ask,
    expect: 'any',
  });
  if (exitCode === 0) return parseNodeLists(stdout);
  const { stdout: names } = await host.run(['ls', '-A', directory], ask);
  if (!names.split('\n').includes(name)) return 'none';
  throw new Error(`${directory}/${name}: ${stderr.trim().slice(-200)}`);
}

async function runsApplication(access: RabbitAccess, ask: Asking): Promise<'running' | 'stopped'> {
  const { stdout } = await access.host.run(
    [...rabbitCommands(access).ctl, 'eval', 'rabbit:is_running().'],
    ask,
  );
  const word = stdout.trim().split('\n').at(-1);
  if (word === 'true') return 'running';
  if (word === 'false') return 'stopped';
  throw new Error(`rabbit:is_running() is ${JSON.stringify(stdout.slice(0, 100))}`);
}
