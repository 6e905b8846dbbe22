import * as z from 'zod';
import { aDuration } from '@groundcrew/ground';
import { wholeSeconds } from '../option-parts.ts';
import { filePath, ipAddress, word } from './config-words.ts';

/** Between two adverts of a virtual router: VRRP 3 counts in hundredths of a second, 12 bits of them. */
export const aVrrpInterval = aDuration.pipe(z.number().min(10).max(40_000));

export const KeepalivedModel = z
  .strictObject({
    /** Name of this router in its logs. */
    router: word,
    /** The script that says whether the balancer of this host works. */
    script: filePath,
    /** Time between two runs of it; keepalived takes whole seconds only, up to 60. */
    scriptEvery: wholeSeconds(1_000, 60_000).default(1_000),
    interface: word,
    /** Id of the virtual router, unique on the network. */
    routerId: z.int().min(1).max(255),
    /** The host with the highest priority among those that work gets the address. */
    priority: z.int().min(1).max(254),
    /** Time between two adverts, 10 ms to 40 s; fractions of a second are VRRP 3, and take no password. */
    advertInterval: aVrrpInterval.default(1_000),
    /** Source address of its adverts. */
    source: ipAddress,
    /** Receivers of its adverts. @default all, by multicast */
    peers: z.array(ipAddress).min(1).max(50).optional(),
    addresses: z
      .array(z.strictObject({ address: ipAddress, prefix: z.int().min(1).max(128) }))
      .min(1)
      .max(20),
    /** `true` if a password is used, which is given separately. */
    authenticated: z.boolean().default(false),
  })
  .superRefine(({ advertInterval, authenticated, addresses, peers, source }, context) => {
    const say = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    // RFC 5798 has no authentication, RFC 3768 no fractions of a second.
    if (authenticated && advertInterval % 1_000 !== 0)
      say(['advertInterval'], 'fractions of a second are VRRP 3, which has no authentication: choose one');
    const families = new Set(
      [source, ...addresses.map(({ address }) => address)].map((address) => address.includes(':')),
    );
    if (families.size > 1) say(['addresses'], 'one virtual router speaks IPv4 or IPv6, not both');
    for (const [at, { address, prefix }] of addresses.entries())
      if (!address.includes(':') && prefix > 32) say(['addresses', at, 'prefix'], 'is more than 32');
    if (authenticated && source.includes(':'))
      say(['authenticated'], 'IPv6 is VRRP 3, which has no authentication');
    if (peers?.includes(source) === true) say(['peers'], `${source} is this host itself`);
  });

/** The content of keepalived's configuration on one host. */
export type KeepalivedModel = Readonly<z.output<typeof KeepalivedModel>>;
export type KeepalivedModelInput = Readonly<z.input<typeof KeepalivedModel>>;

/**
 * The password of VRRP 2 goes over the network in clear text: it protects from mistakes, not from attackers. keepalived cuts it
 * off after 8 characters, silently.
 */
export const VrrpPassword = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,8}$/, 'needs 1 to 8 letters, digits, `_`, `.` or `-`');
