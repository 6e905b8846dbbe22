import type { Clock, Host } from '@groundcrew/runbook';
import { serversOn } from '../enroll/runtime-socket.ts';
import { observeVip } from '../stack/observe-vip.ts';

/** Something whose state is followed during a drill. */
export interface DrillWatch {
  readonly name: string;
  /** State of each thing it looks at: `{ 'keystone/api-2': 'UP' }`. A rejection is `unseen`. */
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

/** What a balancer believes of its servers. @default all backends */
export const watchBalancer = (
  host: Host,
  socket: string,
  options: { readonly backends?: readonly string[]; readonly sudo?: boolean | string } = {},
): DrillWatch => ({
  name: `haproxy on ${host.name}`,
  async look(signal) {
    const servers = await serversOn(host, socket, { signal, sudo: options.sudo });
    return Object.fromEntries(
      servers
        .filter(({ proxy }) => options.backends?.includes(proxy) ?? true)
        // `UP 1/2` and `DOWN 1/2` are still what they were.
        .map(({ proxy, name, status }) => [`${proxy}/${name}`, status.split(' ')[0] ?? status]),
    );
  },
});

/** Who has a virtual address. */
export const watchVip = (
  address: string,
  hosts: readonly Host[],
  options: { readonly sudo?: boolean | string } = {},
): DrillWatch => ({
  name: 'vip',
  async look(signal) {
    const { value, gaps } = await observeVip({ address, hosts: [...hosts] }, { signal, ...options });
    const [gap] = gaps;
    if (value === undefined || gap !== undefined) throw new Error(gap?.why ?? 'not seen');
    return { [address]: value.owners.join(' and ') || 'nobody' };
  },
});

/** Milliseconds that one look may take. */
const PATIENCE = 1_500;

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
    const late = AbortSignal.timeout(PATIENCE);
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
