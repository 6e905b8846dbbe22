import { isIP } from 'node:net';
import { aHost } from '../../option-parts.ts';
import {
  checkedHostOptions,
  type CommandParts,
  commandParts,
  type HostCommandOptions,
  runOn,
} from '../../probing/ask-host.ts';
import { type Gap, type Observed } from '@groundcrew/core';
import type { Host } from '@groundcrew/runbook';
import * as z from 'zod';
import { type ComponentObserver, observeOne, type ReadingOptions } from '../component-observer.ts';
import { ask, Partly, UnreadError } from '../../probing/ask.ts';

const VipTarget = z.strictObject({
  address: z.string().refine((value) => isIP(value) !== 0, 'needs an IP address'),
  /** Every host that may own the address. */
  hosts: z.array(aHost).min(1),
  ...commandParts,
});

/** A virtual address, and the hosts that may own it. */
export interface VipTarget extends Readonly<z.input<typeof VipTarget>> {}

/** One host that may own the address. */
export interface VipHost {
  readonly host: string;
  /** The host has the address and may answer for it. A deprecated address is answered for (RFC 4862, 5.5.4). */
  readonly owns: boolean;
  /** The interface that has the address. */
  readonly interface: string | undefined;
  /**
   * The reason why it has the address and does not answer for it: `dadfailed` (another machine answered when it asked whether
   * the address is free), `tentative` (it still asks), `interface down`, `no carrier`.
   */
  readonly mute?: string | undefined;
  /** `true` if keepalived runs in the host's network; `undefined` if that could not be told. */
  readonly keepalived: boolean | undefined;
}

/** The hosts that may own a virtual address, and those that do. */
export interface VipStatus {
  readonly address: string;
  /** All hosts that were asked. */
  readonly candidates: readonly string[];
  /** The hosts that answered. */
  readonly hosts: readonly VipHost[];
  /** The hosts that have the address and answer for it: one, as it should be, none, or two, which is a split brain. */
  readonly owners: readonly string[];
}

type Target = z.output<typeof VipTarget>;

async function readOwners(
  { address, hosts, ...command }: Target,
  options: ReadingOptions,
): Promise<Partly<VipStatus>> {
  const asked = await Promise.all(hosts.map((host) => hostWith(address, host, { ...options, ...command })));
  // Who gave no answer is a gap.
  const seen = asked.flatMap((host) => host.value ?? []);
  const gaps = asked.flatMap((host): readonly Gap[] => host.gaps);
  const owners = seen.filter((host) => host.owns).map((host) => host.host);
  return new Partly({ address, candidates: hosts.map((host) => host.name), hosts: seen, owners }, gaps);
}

/** The observer of virtual addresses. */
export const vipObserver: ComponentObserver<'vips', VipTarget, VipStatus> = {
  key: 'vips',
  target: VipTarget,
  source: ({ address }: Target) => `vip ${address}`,
  observe: readOwners,
  unseen: { means: 'Who could take the address over is not known' },
  // Each host has the whole deadline, and answers for itself when it is over.
  graceMs: 1_000,
};

/**
 * Asks every host that may own a virtual address whether it does, all at the same time. A host that does not answer is a gap:
 * it may own the address, too.
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
  const { command, check } = checkedHostOptions('observeVip', options);
  return observeOne('observeVip', vipObserver, { ...target, ...command }, check);
}

const hostWith = (
  address: string,
  host: Host,
  options: CommandParts & ReadingOptions,
): Promise<Observed<VipHost | undefined>> =>
  ask(
    `vip ${address} on ${host.name}`,
    async (signal) => {
      const [addresses, processes] = await Promise.all([
        runOn(host, ['ip', '-j', 'addr', 'show'], { ...options, signal }),
        // Of this network only: another container's or namespace's keepalived moves nothing here.
        // Whether keepalived runs is then not told (`keepalived: undefined`); that of the address is.
        runOn(host, ['sh', '-c', 'exec pgrep --ns "$$" --nslist net --exact keepalived'], {
          ...options,
          signal,
        }).catch(() => undefined),
      ]);
      if (addresses.exitCode !== 0)
        throw new UnreadError(
          'failed',
          `ip ended with ${addresses.exitCode}: ${addresses.stderr.trim().slice(0, 200)}`,
        );
      const holder = holderOf(address, addresses.stdout);
      return {
        host: host.name,
        owns: holder !== undefined && holder.mute === undefined,
        interface: holder?.interface,
        mute: holder?.mute,
        keepalived: processes?.exitCode === 0 ? true : processes?.exitCode === 1 ? false : undefined,
      };
    },
    options,
  );

/** The interface on which a host has an address, and its state. */
export interface Holder {
  readonly interface: string;
  /** The reason why it does not answer for it; `undefined` if nothing speaks against that. */
  readonly mute: string | undefined;
}

/**
 * Finds an address in what `ip -j addr` printed; `undefined` if it is nowhere. One that is answered for comes before one
 * that is not.
 *
 * @throws UnreadError if it is not that
 */
export function holderOf(address: string, printed: string): Holder | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(printed);
  } catch (cause) {
    throw new UnreadError('cut', '`ip -j addr` printed no whole JSON', { cause });
  }
  const wanted = canonical(address);
  const interfaces = Interfaces.parse(parsed);
  // Every network namespace has its loopback.
  if (!interfaces.some((device) => device.ifname !== undefined))
    throw new UnreadError('cut', '`ip -j addr` listed no interface');
  const untold = interfaces.find((device) => device.ifname !== undefined && device.addr_info === undefined);
  if (untold !== undefined)
    throw new UnreadError('cut', `\`ip -j addr\` did not tell the addresses of ${untold.ifname}`);
  const holders = interfaces.flatMap(({ ifname = '?', flags, addr_info = [] }) =>
    addr_info
      .filter(({ local }) => local !== undefined && canonical(local) === wanted)
      .map((info): Holder => ({ interface: ifname, mute: muteOf(info, flags, ifname) })),
  );
  return holders.find(({ mute }) => mute === undefined) ?? holders[0];
}

/**
 * iproute2 (`ip/ipaddress.c`) prints the flags of an address as members that are true, and leaves out those it lacks. Those of
 * an interface are a list, printed of every one (`print_link_flags`).
 *
 * @throws UnreadError if they are not told, and would decide
 */
function muteOf(
  { tentative, dadfailed, optimistic }: AddressInfo,
  flags: readonly string[] | undefined,
  device: string,
): string | undefined {
  if (flags !== undefined && !flags.includes('UP')) return 'interface down';
  if (flags?.includes('NO-CARRIER') === true) return 'no carrier';
  if (dadfailed === true) return 'dadfailed';
  // An optimistic address is used while it is asked for (RFC 4429).
  if (tentative === true && optimistic !== true) return 'tentative';
  if (flags === undefined) throw new UnreadError('cut', `\`ip -j addr\` did not tell the state of ${device}`);
  return undefined;
}

const Flag = z.boolean().optional();
const Address = z.looseObject({
  /** Missing in the empty objects that iproute2 prints for addresses it was told to leave out. */
  local: z.string().optional(),
  tentative: Flag,
  dadfailed: Flag,
  optimistic: Flag,
});
type AddressInfo = z.infer<typeof Address>;

/** iproute2 prints an empty object for an interface that it was told to leave out, and only then leaves a member out. */
const Interfaces = z.array(
  z.looseObject({
    ifname: z.string().optional(),
    flags: z.array(z.string()).optional(),
    addr_info: z.array(Address).optional(),
  }),
);

/** Writes an IPv6 address in its one short form, as a URL has it. */
const canonical = (address: string): string =>
  isIP(address) === 6 && !address.includes('%') ? new URL(`http://[${address}]`).hostname : address;
