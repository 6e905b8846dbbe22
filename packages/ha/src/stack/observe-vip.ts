import { isIP } from 'node:net';
import { type Gap, type Observed } from '@groundcrew/core';
import type { Host } from '@groundcrew/runbook';
import * as z from 'zod';
import { ask, checked, Partly, UnreadError } from './ask.ts';
import { hostSchema, type HostCommandOptions, runOn } from './ask-host.ts';

const VipTarget = z.strictObject({
  address: z.string().refine((value) => isIP(value) !== 0, 'needs an IP address'),
  /** Everyone who may own it. */
  hosts: z.array(hostSchema).min(1),
});

export type VipTarget = Readonly<z.input<typeof VipTarget>>;

/** One host that may own the address. */
export interface VipHost {
  readonly host: string;
  readonly owns: boolean;
  /** On which it owns it. */
  readonly interface: string | undefined;
  /** Does keepalived run in the host's network? `undefined` if that could not be told. */
  readonly keepalived: boolean | undefined;
}

export interface VipStatus {
  readonly address: string;
  /** All that were asked. */
  readonly candidates: readonly string[];
  /** Who answered. */
  readonly hosts: readonly VipHost[];
  /** Names of those that own it: one, as it should be, none, or two, which is a split brain. */
  readonly owners: readonly string[];
}

/**
 * Asks every host that may own a virtual address whether it does, all at the same time. Who does not answer is a gap;
 * that he owns it, too, cannot be ruled out then.
 *
 * @throws InputError
 * @example
 * const vip = await observeVip({ address: '10.0.0.10', hosts: [ctl1, ctl2, ctl3] });
 * if ((vip.value?.owners.length ?? 0) > 1) throw new Error('two masters');
 */
export async function observeVip(
  target: VipTarget,
  options: HostCommandOptions = {},
): Promise<Observed<VipStatus | undefined>> {
  const { address, hosts } = checked('observeVip', VipTarget, target);
  return ask(
    `vip ${address}`,
    async () => {
      const asked = await Promise.all(hosts.map((host) => hostWith(address, host, options)));
      const seen = asked.flatMap((one) => one.value ?? []);
      const gaps = asked.flatMap((one): readonly Gap[] => one.gaps);
      const owners = seen.filter((one) => one.owns).map((one) => one.host);
      return new Partly({ address, candidates: hosts.map((one) => one.name), hosts: seen, owners }, gaps);
    },
    { ...options, timeout: (options.timeout ?? 5_000) + 1_000 },
  );
}

const hostWith = (
  address: string,
  host: Host,
  options: HostCommandOptions,
): Promise<Observed<VipHost | undefined>> =>
  ask(
    `vip ${address} on ${host.name}`,
    async (signal) => {
      const [addresses, processes] = await Promise.all([
        runOn(host, ['ip', '-j', 'addr', 'show'], options, signal),
        // Of this network only: another container's or namespace's keepalived moves nothing here.
        runOn(
          host,
          ['sh', '-c', 'exec pgrep --ns "$$" --nslist net --exact keepalived'],
          options,
          signal,
        ).catch(() => undefined),
      ]);
      if (addresses.exitCode !== 0)
        throw new UnreadError(
          'failed',
          `ip ended with ${addresses.exitCode}: ${addresses.stderr.trim().slice(0, 200)}`,
        );
      const holder = holderOf(address, addresses.stdout);
      return {
        host: host.name,
        owns: holder !== undefined,
        interface: holder,
        keepalived: processes?.exitCode === 0 ? true : processes?.exitCode === 1 ? false : undefined,
      };
    },
    options,
  );

/**
 * The interface that has an address, of what `ip -j addr` printed; `undefined` if none has.
 *
 * @throws UnreadError if it is not that
 */
export function holderOf(address: string, printed: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(printed);
  } catch (cause) {
    throw new UnreadError('cut', '`ip -j addr` printed no whole JSON', { cause });
  }
  const wanted = canonical(address);
  return Interfaces.parse(parsed).find((one) =>
    one.addr_info.some(({ local }) => canonical(local) === wanted),
  )?.ifname;
}

/** iproute2 prints an empty object for an interface that it was told to leave out. */
const Interfaces = z.array(
  z.looseObject({
    ifname: z.string().optional(),
    addr_info: z.array(z.looseObject({ local: z.string().default('') })).default([]),
  }),
);

/** Of IPv6 the one short form, as a URL has it. */
const canonical = (address: string): string =>
  isIP(address) === 6 && !address.includes('%') ? new URL(`http://[${address}]`).hostname : address;
