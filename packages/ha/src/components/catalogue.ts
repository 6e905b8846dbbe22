import { apis } from './apis/component.ts';
import { etcd } from './etcd/component.ts';
import { mariadb } from './galera/component.ts';
import { haproxy } from './haproxy/component.ts';
import { memcached } from './memcached/component.ts';
import { ovnNorthbound, ovnSouthbound } from './ovn/component.ts';
import { corosync, pacemaker } from './pacemaker/component.ts';
import { rabbitmq } from './rabbitmq/component.ts';
import { tls } from './tls/component.ts';
import { keepalived } from './vip/component.ts';
import { cinderWorkers } from './workers/cinder.ts';
import { neutronWorkers } from './workers/neutron.ts';
import { novaWorkers } from './workers/nova.ts';
import { otherWorkers } from './workers/other-workers.ts';

/** The components of this package. Whatever is asked, judged or refused is derived from this list. */
const components = [
  haproxy,
  keepalived,
  mariadb,
  rabbitmq,
  memcached,
  etcd,
  corosync,
  pacemaker,
  ovnNorthbound,
  ovnSouthbound,
  ...apis,
  ...novaWorkers,
  ...cinderWorkers,
  ...neutronWorkers,
  ...otherWorkers,
  tls,
] as const;

type BuiltIn = (typeof components)[number];

/** The components of this package by name, each with the types of its targets and of what they are seen as. */
export type BuiltInCatalogue = {
  readonly [Name in BuiltIn['name']]: Extract<BuiltIn, { readonly name: Name }>;
};

/**
 * The components of an OpenStack management stack, by name: how each is made highly available, what it needs, how it
 * is observed, judged and checked, and what must not be done to it. Add your own, or replace one, by spreading.
 *
 * @example
 * const mine = { ...catalogue, redis: defineComponent({ … }) };
 */
export const catalogue: BuiltInCatalogue = Object.freeze(
  Object.fromEntries(
    components.map((component) => [component.name, component]),
  ) as unknown as BuiltInCatalogue,
);
