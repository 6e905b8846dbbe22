import { aHost, checkedOptions } from '../../option-parts.ts';
import {
  aClock,
  aFunction,
  aPositiveDuration,
  type Duration,
  InputError,
  messageOf,
  optionsSchema,
} from '@groundcrew/ground';
import { z } from 'zod';
import { type Clock, systemClock } from '@groundcrew/core';
import { type Host, localHost } from '@groundcrew/runbook/hosts';
import type { Observation, Observer } from '../observation.ts';
import type { HostStatus } from './per-host-observer.ts';

export interface PingObserverOptions {
  /**
   * Addresses that answer independently of every compute host: a gateway, a switch, a time server. If none of them
   * answers, this observer is cut off, and every host is `unknown`.
   */
  readonly canaries: readonly [string, ...string[]];
  /** Gives the address of a host. @default its name */
  readonly address?: ((host: string) => string) | undefined;
  /** The machine that sends the requests; it needs `fping`. @default this machine */
  readonly from?: Host | undefined;
  /** Number of echo requests for each host; one answer is a sign of life. @default 3 */
  readonly count?: number | undefined;
  /** The time that an answer may take, which is also the time between two requests. @default '500ms' */
  readonly timeout?: Duration | undefined;
  /** @default 'ping' */
  readonly id?: string | undefined;
  readonly clock?: Clock | undefined;
}

/** Addresses on one command line. */
const AT_ONCE = 500;
/** Milliseconds between two packets of one `fping`. */
const PACE = 2;

const ADDRESS = /^[\w.:][\w.:%-]*$/;

const pingOptions = optionsSchema<PingObserverOptions>({
  canaries: z.array(z.string().regex(ADDRESS, 'is neither an address nor a name')).min(1),
  address: aFunction.optional(),
  from: aHost.optional(),
  count: z.int().min(1).max(100).optional(),
  timeout: aPositiveDuration.optional(),
  id: z.string().min(1).optional(),
  clock: aClock.optional(),
});

/**
 * Makes an observer by ICMP echo, with one `fping` for 500 hosts. A host that answers once is `up`, a silent host is
 * `down`, and a name that does not resolve is `unknown`.
 *
 * @throws InputError on an option that there is not, and for a canary that is no address
 * @example
 * pingObserver({ canaries: ['10.0.0.1'], from: sshHost({ name: 'net-1' }), address: (host) => `${host}.mgmt` });
 */
export function pingObserver(options: PingObserverOptions): Observer {
  const { count = 3, timeout = 500 } = checkedOptions('pingObserver', pingOptions, options);
  const {
    canaries,
    address = (host) => host,
    from = localHost(),
    id = 'ping',
    clock = systemClock,
  } = options;

  /** The number of answers of each host; those that do not resolve are missing. */
  async function ask(
    addresses: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Map<string, number>> {
    const wait = Math.max(1, Math.round(timeout));
    const { stderr } = await from.run(
      [
        'fping',
        '-q',
        '-C',
        `${count}`,
        '-p',
        `${wait}`,
        '-t',
        `${wait}`,
        '-i',
        `${PACE}`,
        '--',
        ...addresses,
      ],
      {
        // 1: somebody was silent. 2: a name did not resolve.
        expect: [0, 1, 2],
        timeout: 10_000 + count * timeout * 2 + addresses.length * count * PACE,
        ...(signal === undefined ? {} : { signal }),
      },
    );
    return answersIn(stderr);
  }

  /** The number of hosts that one command line holds. */
  async function look(hosts: readonly string[], signal: AbortSignal | undefined): Promise<Observation[]> {
    const some = hosts.map((host) => ({ host, where: checked(address(host)) }));
    let answers: ReadonlyMap<string, number> = new Map();
    let trouble: string | undefined;
    try {
      answers = await ask([...new Set([...canaries, ...some.map(({ where }) => where)])], signal);
      if (!canaries.some((canary) => (answers.get(canary) ?? 0) > 0))
        trouble = `${from.name} sees nothing: ${canaries.join(', ')} did not answer either`;
    } catch (error) {
      signal?.throwIfAborted();
      trouble = messageOf(error);
    }
    return some.map(({ host, where }) => {
      const said: HostStatus =
        trouble === undefined
          ? wordsOf(where, answers.get(where), count)
          : { state: 'unknown', statement: trouble };
      return { host, observer: id, at: clock.now(), ...said };
    });
  }

  return {
    id,
    async observe(hosts, { signal } = {}) {
      const parts = Array.from({ length: Math.ceil(hosts.length / AT_ONCE) }, (_, at) =>
        look(hosts.slice(at * AT_ONCE, (at + 1) * AT_ONCE), signal),
      );
      return (await Promise.all(parts)).flat();
    },
  };
}

function wordsOf(where: string, answers: number | undefined, count: number): HostStatus {
  if (answers === undefined) return { state: 'unknown', statement: `${where} does not resolve` };
  return answers > 0
    ? { state: 'up', statement: `${where} answered ${answers} of ${count} echo requests` }
    : { state: 'down', statement: `${where} was silent to ${count} echo requests` };
}

/** Lines like `10.0.0.1 : 0.05 - 0.04`: a time for each answer, a dash for each silence. */
function answersIn(text: string): Map<string, number> {
  const answers = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, where, times] = /^(\S+)\s+: ((?:[\d.]+|-)(?: (?:[\d.]+|-))*)\s*$/.exec(line) ?? [];
    if (where === undefined || times === undefined) continue;
    answers.set(where, times.split(' ').filter((time) => time !== '-').length);
  }
  return answers;
}

function checked(address: string): string {
  if (!ADDRESS.test(address))
    throw new InputError(
      `pingObserver: address: ${JSON.stringify(address)} is neither an address nor a name`,
      {
        field: 'address',
        operation: 'pingObserver',
      },
    );
  return address;
}
