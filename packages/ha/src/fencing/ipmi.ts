import { aHost, checkedOptions } from '../option-parts.ts';
import { z } from 'zod';
import { aPositiveDuration, type Duration, messageOf, optionsSchema } from '@groundcrew/ground';
import { Secret } from '@groundcrew/core';
import type { Host } from '@groundcrew/runbook';
import { BoardError, boardOf } from './board-error.ts';
import type { PowerDriver, PowerReading } from './power-driver.ts';

export interface IpmiBoard {
  /** Address of the board, not of the machine. */
  readonly address: string;
  /** @default 623 */
  readonly port?: number | undefined;
  readonly username: string;
  readonly password: string | Secret;
  /**
   * IPMI's number of a cipher suite, 3 or 17.
   *
   * @default ipmitool asks the board, which takes long with those that do not know
   */
  readonly cipherSuite?: number | undefined;
  /**
   * The GUID of the board, as `ipmitool mc guid` prints it. If given, it is checked before every reading and order,
   * since an address may be reassigned to another board. @default not checked
   */
  readonly guid?: string | undefined;
}

/** IPMI's completion code D5h: what most boards say to an order that changes nothing. */
const SO_ALREADY = /not supported in present state/i;

export interface IpmiOptions {
  /** Boards by compute host, as Nova names it. */
  readonly hosts: { readonly [host: string]: IpmiBoard };
  /** The machine on which `ipmitool` runs; it must reach the boards. */
  readonly via: Host;
  /** Time limit of one question. @default '15s' */
  readonly timeout?: Duration | undefined;
}

/** A misspelt `guid` would turn a board's power off unchecked. */
const boardSchema = optionsSchema<IpmiBoard>({
  address: z.string().min(1),
  port: z.int().min(1).max(65_535).optional(),
  username: z.string(),
  password: z.union([z.string(), z.instanceof(Secret)]),
  cipherSuite: z.int().min(0).optional(),
  guid: z.string().min(1).optional(),
});
const ipmiOptions = optionsSchema<IpmiOptions>({
  hosts: z.record(z.string(), boardSchema),
  via: aHost,
  timeout: aPositiveDuration.optional(),
});

/**
 * Makes a driver for IPMI 2.0 (RMCP+) that runs the system's `ipmitool`. The password is passed in its environment,
 * never on a command line.
 *
 * @throws InputError on an option that there is not
 * @example
 * const driver = ipmiDriver({ via: localHost(), hosts: { 'compute-1': { address: '10.1.0.11', username, password } } });
 */
export function ipmiDriver(options: IpmiOptions): PowerDriver {
  const { timeout = 15_000 } = checkedOptions('ipmiDriver', ipmiOptions, options);
  const { hosts, via } = options;
  async function tool(
    host: string,
    words: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const { address, port = 623, username, password, cipherSuite } = boardOf(hosts, host);
    const flags = ['-I', 'lanplus', '-H', address, '-p', String(port), '-U', username, '-E'];
    if (cipherSuite !== undefined) flags.push('-C', String(cipherSuite));
    try {
      const { stdout } = await via.run(['ipmitool', ...flags, ...words], {
        env: { IPMI_PASSWORD: Secret.of(password) },
        timeout,
        signal,
      });
      return stdout.trim();
    } catch (cause) {
      signal?.throwIfAborted();
      throw new BoardError(host, `ipmitool ${words.join(' ')}: ${reasonOf(cause)}`, { cause });
    }
  }

  async function ask(host: string, word: string, signal: AbortSignal | undefined): Promise<string> {
    const { guid } = boardOf(hosts, host);
    if (guid !== undefined) {
      const said = await tool(host, ['mc', 'guid'], signal);
      const is = /^System GUID\s*:\s*(\S+)/m.exec(said)?.[1] ?? 'none';
      if (digitsOf(is) !== digitsOf(guid))
        throw new BoardError(host, `the board is of another machine: GUID ${is}, not ${guid}`);
    }
    return tool(host, ['chassis', 'power', word], signal);
  }

  /** An order that finds the machine as it should be is carried out. */
  const order = async (host: string, word: string, signal: AbortSignal | undefined): Promise<void> => {
    try {
      await ask(host, word, signal);
    } catch (error) {
      if (!(error instanceof BoardError) || !SO_ALREADY.test(error.message)) throw error;
    }
  };

  return {
    method: 'ipmi',
    knows: (host) => Object.hasOwn(hosts, host),
    async read(host, { signal } = {}): Promise<PowerReading> {
      try {
        const said = await ask(host, 'status', signal);
        const state = /^Chassis Power is (on|off)$/.exec(said)?.[1];
        return { state: state === 'on' || state === 'off' ? state : 'unknown', statement: said };
      } catch (error) {
        signal?.throwIfAborted();
        return { state: 'unknown', statement: messageOf(error) };
      }
    },
    off: (host, { signal } = {}) => order(host, 'off', signal),
    on: (host, { signal } = {}) => order(host, 'on', signal),
  };
}

/** The end of a program's output; the rest is its command line, which says nothing new. */
const reasonOf = (error: unknown): string => {
  const said =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string'
      ? error.stderr.trim()
      : '';
  return said === '' ? messageOf(error) : (said.split('\n').at(-1) ?? said);
};

const digitsOf = (guid: string): string => guid.toLowerCase().replaceAll('-', '');
