import {
  aDuration,
  aFunction,
  anObjectWith,
  type Duration,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import { someNames } from '../option-parts.ts';

const DAY = 24 * 60 * 60 * 1000;

/** The limits of an assessment. */
export interface AssessStackOptions {
  /**
   * Components that this cloud is known to have: of those that were not seen the assessment says so. Essential ones
   * are always expected.
   *
   * @default none
   */
  readonly expect?: readonly string[] | undefined;
  /**
   * The machine that an address is on: two replicas on one machine are one.
   *
   * @default the host of `host:port`
   */
  readonly machineOf?: ((address: string) => string) | undefined;
  /** The time before a certificate expires from which a finding is `medium`. @default '30d' */
  readonly certificateExpiry?: Duration | undefined;
  /** The time before it expires from which a finding is `high`. @default '7d' */
  readonly urgentCertificateExpiry?: Duration | undefined;
  /** Share of time in which Galera's flow control may stop writing, 0 to 1. @default 0.1 */
  readonly flowControl?: number | undefined;
  /** Names of HAProxy's proxies that carry the database; others are found by their name. */
  readonly databaseProxies?: readonly string[] | undefined;
}

/** The limits of an assessment with their defaults, as the functions of a component are given them. */
export interface JudgeOptions {
  readonly expect: readonly string[];
  readonly machineOf: (address: string) => string;
  readonly certificateExpiryMs: number;
  readonly urgentCertificateExpiryMs: number;
  readonly flowControl: number;
  readonly databaseProxies: readonly string[] | undefined;
}

/** Components by name. What each of them is `defineComponent` has checked. */
export const aCatalogue = anObjectWith('a catalogue of components');

const stackOptions = optionsSchema<AssessStackOptions & { readonly catalogue?: unknown }>({
  catalogue: aCatalogue.optional(),
  expect: someNames.optional(),
  machineOf: aFunction.optional(),
  certificateExpiry: aDuration.default(30 * DAY),
  urgentCertificateExpiry: aDuration.default(7 * DAY),
  flowControl: z.number().min(0).max(1).optional(),
  databaseProxies: someNames.optional(),
});

/** @throws InputError on an option that there is not */
export function judgeOptions(options: AssessStackOptions): JudgeOptions {
  const { certificateExpiry, urgentCertificateExpiry } = parseArguments('assessStack', stackOptions, options);
  const { expect = [], machineOf = machineOfAddress, flowControl = 0.1, databaseProxies } = options;
  return {
    expect,
    machineOf,
    certificateExpiryMs: certificateExpiry as number,
    urgentCertificateExpiryMs: urgentCertificateExpiry as number,
    flowControl,
    databaseProxies,
  };
}

/** The host of `rabbit@host`, `host:port`, `[::1]:port` and `http://host:port/path`; of a socket its path. */
export function machineOfAddress(address: string): string {
  if (address.startsWith('/')) return address;
  const [, node] = /^[^@/]+@(.+)$/.exec(address) ?? [];
  if (node !== undefined) return node;
  if (URL.canParse(address) && address.includes('://')) return new URL(address).hostname;
  return /^\[(.+)\]:\d+$/.exec(address)?.[1] ?? address.replace(/(?<=^[^:]*):\d+$/, '');
}
