import { someNames } from '../option-parts.ts';
import { z } from 'zod';
import { aFunction, optionsSchema, parseArguments } from '@groundcrew/ground';
/** Where an assessment draws its lines. */
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
  /** Days before a certificate expires from which it is `medium`. @default 30 */
  readonly certificateDays?: number | undefined;
  /** Days from which it is `high`. @default 7 */
  readonly urgentCertificateDays?: number | undefined;
  /** Share of time in which Galera's flow control may stop writing, 0 to 1. @default 0.1 */
  readonly flowControl?: number | undefined;
  /** Names of HAProxy's proxies that carry the database; others are found by their name. */
  readonly databaseProxies?: readonly string[] | undefined;
}

const stackOptions = optionsSchema<AssessStackOptions>({
  expect: someNames.optional(),
  machineOf: aFunction.optional(),
  certificateDays: z.number().min(0).optional(),
  urgentCertificateDays: z.number().min(0).optional(),
  flowControl: z.number().min(0).max(1).optional(),
  databaseProxies: someNames.optional(),
});

/** @throws InputError on an option that there is not */
export function checkStackOptions(options: unknown): void {
  parseArguments('assessStack', stackOptions, options);
}

/** The host of `rabbit@host`, `host:port`, `[::1]:port` and `http://host:port/path`; of a socket its path. */
export function machineOfAddress(address: string): string {
  if (address.startsWith('/')) return address;
  const [, node] = /^[^@/]+@(.+)$/.exec(address) ?? [];
  if (node !== undefined) return node;
  if (URL.canParse(address) && address.includes('://')) return new URL(address).hostname;
  return /^\[(.+)\]:\d+$/.exec(address)?.[1] ?? address.replace(/(?<=^[^:]*):\d+$/, '');
}
