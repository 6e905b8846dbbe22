import type { Host } from '@groundcrew/runbook';
import {
  processesWith,
  type ProcessOptions,
  variableOf,
  type WorkingProcess,
} from '../galera/server-processes.ts';

/**
 * The Erlang machines that run this node, or begin to. They are known by their boot module and their node's name, not by
 * the files that they have open: a node that boots, waits for others, or had its application stopped holds none.
 *
 * A name that was not set is `rabbit`, and the host's name follows (rabbitmq-env.conf(5)). No two nodes of a machine have
 * one name, since its port mapper (epmd) would refuse the second.
 */
export async function rabbitProcesses(
  host: Host,
  node: string,
  options: ProcessOptions = {},
): Promise<WorkingProcess[]> {
  const machines = (await processesWith(host, 'rabbit', options)).filter(
    ({ program, command }) => program.startsWith('beam') && command.join(' ').includes(' -s rabbit boot '),
  );
  const named = await Promise.all(
    machines.map(async (machine) => ({
      machine,
      name: (await variableOf(host, machine, 'RABBITMQ_NODENAME', options)) ?? 'rabbit',
    })),
  );
  return named
    .filter(({ name }) => name === node || (!name.includes('@') && node.startsWith(`${name}@`)))
    .map(({ machine }) => machine);
}
