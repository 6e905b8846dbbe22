import { Secret } from '@groundcrew/core';
import type { Host } from '@groundcrew/runbook';
import { BoardError, boardOf } from './board-error.ts';
import type { PowerDriver, PowerReading } from './power-driver.ts';

export interface IpmiBoard {
  /** Of the board, not of the machine. */
  readonly address: string;
  /** @default 623 */
  readonly port?: number | undefined;
  readonly username: string;
  readonly password: string | Secret;
  /** IPMI's number of a cipher suite, 3 or 17. @default ipmitool asks the board, which takes long with those that do not know */
  readonly cipherSuite?: number | undefined;
}

export interface IpmiOptions {
  /** By compute host, as Nova names it. */
  readonly hosts: { readonly [host: string]: IpmiBoard };
  /** Where `ipmitool` runs: a machine that reaches the boards. */
  readonly via: Host;
  /** Seconds for one question. @default 15 */
  readonly timeout?: number | undefined;
}

/**
 * IPMI 2.0 (RMCP+) by the system's `ipmitool`. The password goes by its environment, never on a command line.
 *
 * @example
 * const driver = ipmiDriver({ via: localHost(), hosts: { 'compute-1': { address: '10.1.0.11', username, password } } });
 */
export function ipmiDriver({ hosts, via, timeout = 15 }: IpmiOptions): PowerDriver {
  async function ask(host: string, word: string, signal: AbortSignal | undefined): Promise<string> {
    const { address, port = 623, username, password, cipherSuite } = boardOf(hosts, host);
    const flags = ['-I', 'lanplus', '-H', address, '-p', String(port), '-U', username, '-E'];
    if (cipherSuite !== undefined) flags.push('-C', String(cipherSuite));
    try {
      const { stdout } = await via.run(['ipmitool', ...flags, 'chassis', 'power', word], {
        env: { IPMI_PASSWORD: Secret.of(password) },
        timeout,
        signal,
      });
      return stdout.trim();
    } catch (cause) {
      signal?.throwIfAborted();
      throw new BoardError(host, `ipmitool power ${word}: ${messageOf(cause)}`, { cause });
    }
  }
  return {
    method: 'ipmi',
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
    async off(host, { signal } = {}) {
      await ask(host, 'off', signal);
    },
    async on(host, { signal } = {}) {
      await ask(host, 'on', signal);
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
