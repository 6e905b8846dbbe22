import { aHost, checkedOptions, someNames } from '../option-parts.ts';
import { z } from 'zod';
import { aFunction, aPositiveDuration, type Duration, messageOf, optionsSchema } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook';
import { BoardError } from './board-error.ts';
import type { PowerDriver, PowerReading } from './power-driver.ts';

type Command = readonly [string, ...string[]];

export interface CommandDriverOptions {
  /** The host on which the commands run. */
  readonly via: Host;
  /**
   * Commands, as lists of words; `{host}` in a word is replaced by the compute host. Each command must have it, since a
   * command that is the same for all hosts would report on one of them in the name of another. No shell is involved.
   */
  readonly status: Command;
  readonly off: Command;
  readonly on: Command;
  /** Reads what `status` printed, trimmed. @default exactly `on` or `off`, whatever the case */
  readonly read?: ((printed: string) => 'on' | 'off' | 'unknown') | undefined;
  /** Time limit of each command. @default '30s' */
  readonly timeout?: Duration | undefined;
  /** Hosts that the commands can switch. @default all */
  readonly hosts?: readonly string[] | undefined;
  /** Name of the driver in proofs. @default 'command' */
  readonly method?: string | undefined;
}

const order = z
  .array(z.string())
  .min(1)
  .refine(
    (words) => words.some((word, at) => at > 0 && word.includes('{host}')),
    'no word of its arguments has {host}',
  );
const commandOptions = optionsSchema<CommandDriverOptions>({
  via: aHost,
  status: order,
  off: order,
  on: order,
  read: aFunction.optional(),
  timeout: aPositiveDuration.optional(),
  method: z.string().min(1).optional(),
  hosts: someNames.optional(),
});

/**
 * Makes a driver from commands that switch power: the tool of a PDU or of a hypervisor, or a script.
 *
 * @throws InputError on a command without `{host}`, and on an option that there is not
 * @example
 * const pdu = commandDriver({
 *   via: localHost(),
 *   status: ['pdu', 'status', '{host}'],
 *   off: ['pdu', 'off', '{host}'],
 *   on: ['pdu', 'on', '{host}'],
 * });
 */
export function commandDriver(options: CommandDriverOptions): PowerDriver {
  const { timeout = 30_000 } = checkedOptions('commandDriver', commandOptions, options);
  const { via, read = literally, method = 'command', hosts } = options;
  const knows = (host: string): boolean => hosts?.includes(host) ?? true;
  const run = async (command: Command, host: string, signal: AbortSignal | undefined): Promise<string> => {
    // It would be taken for an option.
    if (!knows(host) || host === '' || host.startsWith('-'))
      throw new BoardError(host, 'the command is for no such host');
    const [program, ...words] = command;
    const { stdout } = await via.run(
      [program, ...words.map((word) => word.replaceAll('{host}', () => host))],
      {
        timeout,
        signal,
      },
    );
    return stdout.trim();
  };
  return {
    method,
    knows,
    async read(host, { signal } = {}): Promise<PowerReading> {
      try {
        const printed = await run(options.status, host, signal);
        return { state: read(printed), statement: printed === '' ? 'it printed nothing' : printed };
      } catch (error) {
        signal?.throwIfAborted();
        return { state: 'unknown', statement: messageOf(error) };
      }
    },
    async off(host, { signal } = {}) {
      await run(options.off, host, signal);
    },
    async on(host, { signal } = {}) {
      await run(options.on, host, signal);
    },
  };
}

function literally(printed: string): 'on' | 'off' | 'unknown' {
  const word = printed.toLowerCase();
  return word === 'on' || word === 'off' ? word : 'unknown';
}
