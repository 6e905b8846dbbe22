import { InputError } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook';
import type { RabbitTarget } from './observe-rabbit.ts';

type Command = readonly [string, ...string[]];

export interface RabbitCommands {
  /** May return at the launch, or when it runs. @default `systemctl start rabbitmq-server` */
  readonly start: Command;
  /** Returns when the process is gone. @default `systemctl stop rabbitmq-server` */
  readonly stop: Command;
  /** Takes `rabbitmqctl`'s arguments. @default `rabbitmqctl` */
  readonly ctl: Command;
}

/** The ways to reach one node: its machine, its files and its management API. */
export interface RabbitAccess {
  readonly host: Host;
  /** The node's name in Erlang: `rabbit@rabbit-1`. */
  readonly node: string;
  /** The node itself, not a load balancer. */
  readonly management: RabbitTarget;
  /** @default `/var/lib/rabbitmq/mnesia/NODE` */
  readonly dataDirectory?: string | undefined;
  readonly commands?: Partial<RabbitCommands> | undefined;
  /** Root's rights are needed: for its files, and to see its processes. @default as who one is */
  readonly sudo?: boolean | undefined;
}

export function rabbitDataDirectory({
  node,
  dataDirectory = `/var/lib/rabbitmq/mnesia/${node}`,
}: RabbitAccess): string {
  if (!/^\/[^\0\n]*[^/\0\n]$/.test(dataDirectory))
    throw new InputError(`dataDirectory: ${JSON.stringify(dataDirectory)} is no absolute path`, {
      field: 'dataDirectory',
      operation: 'readRabbitNode',
    });
  return dataDirectory;
}

export const rabbitCommands = ({ commands }: RabbitAccess): RabbitCommands => ({
  start: commands?.start ?? ['systemctl', 'start', 'rabbitmq-server'],
  stop: commands?.stop ?? ['systemctl', 'stop', 'rabbitmq-server'],
  ctl: commands?.ctl ?? ['rabbitmqctl'],
});
