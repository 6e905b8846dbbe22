import { aSudo, someNames } from '../option-parts.ts';
import { optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Clock, Host } from '@groundcrew/runbook';
import { serversOn } from '../enroll/runtime-socket.ts';
import { observeVip } from '../components/vip/observe-vip.ts';
import { UnreadError } from '../probing/ask.ts';

/** A source of states that a drill follows. */
export interface DrillWatch {
  readonly name: string;
  /** Reads the state of each thing: `{ 'keystone/api-2': 'UP' }`. A rejection counts as `unseen`. */
  look(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
}

/** A state that changed. */
export interface DrillEvent {
  /** Milliseconds since 1970, when it was first seen. */
  readonly at: number;
  readonly source: string;
  readonly what: string;
  readonly from: string;
  /** `unseen`: whoever was asked did not answer. */
  readonly to: string;
}

export const UNSEEN = 'unseen';

export interface WatchVipOptions {
  /** `true` runs commands as root, a name as that user, by `sudo -n`. @default as the user of the connection */
  readonly sudo?: boolean | string | undefined;
}

export interface WatchBalancerOptions extends WatchVipOptions {
  /** @default all of them */
  readonly backends?: readonly string[] | undefined;
}

const sudo = aSudo.optional();
const vipOptions = optionsSchema<WatchVipOptions>({ sudo });
const balancerOptions = optionsSchema<WatchBalancerOptions>({
  sudo,
  backends: someNames.optional(),
});

/** Watches the states that a balancer gives to its servers. */
export function watchBalancer(host: Host, socket: string, options: WatchBalancerOptions = {}): DrillWatch {
  parseArguments('watchBalancer', balancerOptions, options);
  const { backends, sudo: asUser } = options;
  return {
    name: `haproxy on ${host.name}`,
    async look(signal) {
      const servers = await serversOn(host, socket, { signal, sudo: asUser });
      return Object.fromEntries(
        servers
          .filter(({ proxy }) => backends?.includes(proxy) ?? true)
          // `UP 1/2` and `DOWN 1/2` are still what they were.
          .map(({ proxy, name, status }) => [`${proxy}/${name}`, status.split(' ')[0] ?? status]),
      );
    },
  };
}

/** Watches which host has a virtual address. */
export function watchVip(address: string, hosts: readonly Host[], options: WatchVipOptions = {}): DrillWatch {
  parseArguments('watchVip', vipOptions, options);
  return {
    name: 'vip',
    async look(signal) {
      const { value, gaps } = await observeVip({ address, hosts: [...hosts] }, { signal, ...options });
      const [gap] = gaps;
      if (value === undefined || gap !== undefined)
        throw new UnreadError(gap?.kind ?? 'failed', gap?.why ?? 'not seen', { remedy: gap?.remedy });
      return { [address]: value.owners.join(' and ') || 'nobody' };
    },
  };
}

/** Milliseconds that one look may take. */
const LOOK_LIMIT = 1_500;

/** Looks again and again until the signal aborts; resolves when nothing is under way any more. */
export async function follow(
  watch: DrillWatch,
  {
    every,
    clock,
    signal,
    onEvent,
  }: {
    /** Milliseconds. */
    readonly every: number;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly onEvent: (event: DrillEvent) => void;
  },
): Promise<void> {
  let known: Readonly<Record<string, string>> = {};
  while (!signal.aborted) {
    const late = AbortSignal.timeout(LOOK_LIMIT);
    let now: Readonly<Record<string, string>>;
    try {
      now = await watch.look(AbortSignal.any([signal, late]));
    } catch {
      if (signal.aborted) return;
      now = Object.fromEntries(Object.keys(known).map((what) => [what, UNSEEN]));
    }
    const at = clock.now();
    for (const what of new Set([...Object.keys(known), ...Object.keys(now)])) {
      const from = known[what];
      const to = now[what] ?? 'gone';
      if (from !== undefined && from !== to) onEvent({ at, source: watch.name, what, from, to });
    }
    known = { ...known, ...now };
    try {
      await clock.sleep(every, signal);
    } catch {
      return;
    }
  }
}
