import { checkedOptions } from '../option-parts.ts';
import { type RedfishBoard, redfishRequest, redfishBoard } from './redfish-client.ts';
import { aPositiveDuration, type Duration, messageOf, optionsSchema } from '@groundcrew/ground';
import { z } from 'zod';
import { BoardError, boardOf } from './board-error.ts';
import type { PowerDriver, PowerReading } from './power-driver.ts';

export interface RedfishOptions {
  /** Boards by compute host, as Nova names it. */
  readonly hosts: { readonly [host: string]: RedfishBoard };
  /** Time limit of one request. @default '15s' */
  readonly timeout?: Duration | undefined;
}

const redfishOptions = optionsSchema<RedfishOptions>({
  hosts: z.record(z.string(), redfishBoard),
  timeout: aPositiveDuration.optional(),
});

const Collection = z.looseObject({ Members: z.array(z.looseObject({ '@odata.id': z.string() })) });
const System = z.looseObject({
  Id: z.string(),
  PowerState: z.string().nullable().optional(),
  UUID: z.string().nullable().optional(),
  SerialNumber: z.string().nullable().optional(),
  Actions: z
    .looseObject({ '#ComputerSystem.Reset': z.looseObject({ target: z.string() }).optional() })
    .optional(),
});
type System = z.output<typeof System>;

/**
 * Makes a driver for Redfish (DMTF DSP0266). Only `Off` is off: `PoweringOff`, `Paused` and unknown words are `unknown`.
 *
 * @example
 * const driver = redfishDriver({ hosts: { 'compute-1': { url: 'https://10.1.0.11', username, password, ca } } });
 */
export function redfishDriver(options: RedfishOptions): PowerDriver {
  const { timeout = 15_000 } = checkedOptions('redfishDriver', redfishOptions, options);
  const { hosts } = options;
  const limited = (signal: AbortSignal | undefined): AbortSignal => {
    const limit = AbortSignal.timeout(timeout);
    return signal === undefined ? limit : AbortSignal.any([signal, limit]);
  };

  /** The machine itself, and that it is the right one. */
  async function systemOf(host: string, signal: AbortSignal): Promise<System> {
    const board = boardOf(hosts, host);
    const path = board.systemId === undefined ? await only(host, board, signal) : pathOf(board.systemId);
    const parsed = System.safeParse(await get(host, board, path, signal));
    if (!parsed.success) throw new BoardError(host, `${path} is no ComputerSystem`, { cause: parsed.error });
    const { uuid, serialNumber } = board.identity ?? {};
    const { UUID, SerialNumber } = parsed.data;
    if (uuid !== undefined && UUID?.toLowerCase() !== uuid.toLowerCase())
      throw new BoardError(
        host,
        `the board is wired to another machine: UUID ${UUID ?? 'none'}, not ${uuid}`,
      );
    if (serialNumber !== undefined && SerialNumber !== serialNumber)
      throw new BoardError(
        host,
        `the board is wired to another machine: serial number ${SerialNumber ?? 'none'}, not ${serialNumber}`,
      );
    return parsed.data;
  }

  async function reset(host: string, type: 'ForceOff' | 'On', given: AbortSignal | undefined): Promise<void> {
    const signal = limited(given);
    const system = await systemOf(host, signal);
    // Many boards refuse an order that changes nothing.
    if (system.PowerState === (type === 'On' ? 'On' : 'Off')) return;
    const target = system.Actions?.['#ComputerSystem.Reset']?.target;
    if (target === undefined) throw new BoardError(host, 'its board offers no ComputerSystem.Reset');
    const { status, body } = await redfishRequest(host, boardOf(hosts, host), {
      method: 'POST',
      path: target,
      body: { ResetType: type },
      signal,
    });
    if (status >= 300) throw new BoardError(host, `Reset ${type}: ${status}${wordsOf(body)}`);
  }

  return {
    method: 'redfish',
    knows: (host) => Object.hasOwn(hosts, host),
    async read(host, { signal } = {}): Promise<PowerReading> {
      try {
        const { PowerState } = await systemOf(host, limited(signal));
        const state = PowerState === 'On' ? 'on' : PowerState === 'Off' ? 'off' : 'unknown';
        return { state, statement: `PowerState: ${PowerState ?? 'not said'}` };
      } catch (error) {
        signal?.throwIfAborted();
        return { state: 'unknown', statement: messageOf(error) };
      }
    },
    off: (host, { signal } = {}) => reset(host, 'ForceOff', signal),
    on: (host, { signal } = {}) => reset(host, 'On', signal),
  };
}

/** The only system of a board. */
async function only(host: string, board: RedfishBoard, signal: AbortSignal): Promise<string> {
  const parsed = Collection.safeParse(await get(host, board, '/redfish/v1/Systems', signal));
  const [first, ...more] = parsed.data?.Members ?? [];
  if (first === undefined || more.length > 0)
    throw new BoardError(host, `its board has ${parsed.data?.Members.length ?? 'no list of'} systems`, {
      remedy: 'Name the right one: systemId.',
    });
  return first['@odata.id'];
}

async function get(host: string, board: RedfishBoard, path: string, signal: AbortSignal): Promise<unknown> {
  const { status, body } = await redfishRequest(host, board, { method: 'GET', path, signal });
  if (status !== 200) throw new BoardError(host, `GET ${path}: ${status}`);
  return body;
}

const pathOf = (systemId: string): string => `/redfish/v1/Systems/${encodeURIComponent(systemId)}`;

const Fault = z.looseObject({ error: z.looseObject({ message: z.string() }) });
const wordsOf = (body: unknown): string => {
  const parsed = Fault.safeParse(body);
  return parsed.success ? ` ${parsed.data.error.message}` : '';
};
