import { ask, type CheckOptions, UnreadError, checkedOptions } from '../probing/ask.ts';
import { aFunction, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import * as z from 'zod';
import type { HostCommandOptions } from '../probing/ask-host.ts';
import { type ApiTarget, observeApi } from './apis/observe-api.ts';
import { type EtcdTarget, observeEtcd } from './etcd/observe-etcd.ts';
import { type GaleraTarget, observeGalera } from './galera/observe-galera.ts';
import { type HaproxyTarget, observeHaproxy } from './haproxy/observe-haproxy.ts';
import { type MemcachedTarget, observeMemcached } from './memcached/observe-memcached.ts';
import { observeOvn, type OvnTarget } from './ovn/observe-ovn.ts';
import { observePacemaker, type PacemakerTarget } from './pacemaker/observe-pacemaker.ts';
import { observeRabbit, type RabbitTarget } from './rabbitmq/observe-rabbit.ts';
import { observeTls, type TlsTarget } from './tls/observe-tls.ts';
import { observeVip, type VipTarget } from './vip/observe-vip.ts';
import type { Heartbeats, StackSnapshot } from './snapshot.ts';

/** Where a checker that runs commands runs them, and how. */
export type OnHost<Target> = Target & Pick<HostCommandOptions, 'sudo' | 'prefix'>;

/** What a management stack consists of, and where it is asked. Whatever is left out is not looked at. */
export interface StackTargets {
  readonly galera?: readonly GaleraTarget[] | undefined;
  readonly rabbit?: readonly RabbitTarget[] | undefined;
  readonly haproxy?: readonly HaproxyTarget[] | undefined;
  readonly pacemaker?: readonly OnHost<PacemakerTarget>[] | undefined;
  readonly vips?: readonly OnHost<VipTarget>[] | undefined;
  readonly tls?: readonly TlsTarget[] | undefined;
  readonly memcached?: readonly MemcachedTarget[] | undefined;
  readonly etcd?: readonly EtcdTarget[] | undefined;
  readonly ovn?: readonly OnHost<OvnTarget>[] | undefined;
  readonly apis?: readonly ApiTarget[] | undefined;
  /** Of this package's `observe(cloud)`. */
  readonly heartbeats?: Heartbeats | undefined;
  /** Checkers of one's own, by component. */
  readonly others?:
    | Readonly<Record<string, readonly ((options: CheckOptions) => Promise<Observed<unknown>>)[]>>
    | undefined;
}

const some = z.array(z.unknown()).optional();

/** A kind that is misspelt would not be looked at, without a word; what stands in a list is each checker's to check. */
const targetsSchema = optionsSchema<StackTargets>({
  galera: some,
  rabbit: some,
  haproxy: some,
  pacemaker: some,
  vips: some,
  tls: some,
  memcached: some,
  etcd: some,
  ovn: some,
  apis: some,
  heartbeats: z.unknown().optional(),
  others: z.record(z.string(), z.array(aFunction)).optional(),
});

/**
 * Asks everything at the same time, each within the deadline of `options.timeout`, so that a snapshot takes about as
 * long as its slowest part.
 *
 * @throws InputError naming the field of a target that no checker takes
 * @example
 * const snapshot = await observeStack({
 *   galera: ['db-1', 'db-2', 'db-3'].map((host) => ({ host, user: 'monitor', password })),
 *   haproxy: [{ socket: '/run/haproxy/admin.sock' }],
 * });
 * const findings = assessStack(snapshot);
 */
export async function observeStack(
  targets: StackTargets,
  options: CheckOptions = {},
): Promise<StackSnapshot> {
  parseArguments('observeStack', targetsSchema, targets);
  checkedOptions('observeStack', options);
  const all = <T, R>(
    list: readonly T[] | undefined,
    check: (one: T, options: CheckOptions) => Promise<R>,
    // Of what nobody named there is nothing to ask: `expect` of the options says what must be there.
  ): Promise<R[]> => Promise.all((list ?? []).map((one) => check(one, options)));
  const onHosts = <T extends object, R>(
    list: readonly OnHost<T>[] | undefined,
    check: (one: Omit<OnHost<T>, 'sudo' | 'prefix'>, options: HostCommandOptions) => Promise<R>,
  ): Promise<R[]> => all(list, ({ sudo, prefix, ...target }) => check(target, { ...options, sudo, prefix }));
  const [galera, rabbit, haproxy, pacemaker, vips, tls, memcached, etcd, ovn, apis, others] =
    await Promise.all([
      all(targets.galera, observeGalera),
      all(targets.rabbit, observeRabbit),
      all(targets.haproxy, observeHaproxy),
      onHosts(targets.pacemaker, observePacemaker),
      onHosts(targets.vips, observeVip),
      all(targets.tls, observeTls),
      all(targets.memcached, observeMemcached),
      all(targets.etcd, observeEtcd),
      onHosts(targets.ovn, observeOvn),
      all(targets.apis, observeApi),
      Promise.all(
        Object.entries(targets.others ?? {}).map(
          async ([name, checks]) => [name, await all(checks, (check) => own(name, check, options))] as const,
        ),
      ),
    ]);
  return {
    galera,
    rabbit,
    haproxy,
    pacemaker,
    vips,
    tls,
    memcached,
    etcd,
    ovn,
    apis,
    heartbeats: targets.heartbeats,
    others: Object.fromEntries(others),
  };
}

/**
 * A checker of the user's that fails, hangs or returns something else leaves a gap, as ours do, and takes nobody with it.
 */
async function own(
  name: string,
  check: (options: CheckOptions) => Promise<Observed<unknown>>,
  options: CheckOptions,
): Promise<Observed<unknown>> {
  const asked = await ask<Observed<unknown>>(
    name,
    async (signal) => {
      try {
        const seen: unknown = await check({ ...options, signal });
        if (Seen.safeParse(seen).success) return seen as Observed<unknown>;
      } catch (cause) {
        throw new UnreadError('failed', cause instanceof Error ? cause.message : String(cause), { cause });
      }
      throw new UnreadError('cut', 'it returned no observation');
    },
    options,
  );
  return asked.value === undefined ? { ...asked, value: undefined } : asked.value;
}

const Seen = z.looseObject({
  at: z.string(),
  source: z.string(),
  completeness: z.string(),
  gaps: z.array(z.looseObject({ what: z.string(), why: z.string() })),
});
