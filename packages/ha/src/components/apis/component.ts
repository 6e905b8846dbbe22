import type { Need } from '../component-facts.ts';
import { type Component, defineComponent, type UnsafeMove } from '../define-component.ts';
import { judgeApi, refuseLastReplica } from './judge-api.ts';
import { apiReplicas } from './api-replicas.ts';
import { apiObserver, type ApiReplicas, type ApiTarget } from './observe-api.ts';

const need = (component: string, kind: Need['kind'], why: string): Need => ({ component, kind, why });

const balanced = [
  need('haproxy', 'hard', 'clients reach it through the load balancer'),
  need('keepalived', 'soft', 'holds the address that clients know'),
];
const database = need('mariadb', 'hard', 'keeps all its state');
const bus = need('rabbitmq', 'hard', 'tells its workers what to do');
const notifications = need('rabbitmq', 'soft', 'sends notifications');
const cache = need('memcached', 'soft', 'caches tokens');
const identity = need('keystone', 'hard', 'validates tokens');

interface Api {
  readonly title: string;
  readonly stops: string;
  readonly port: number;
  readonly path?: string;
  readonly essential?: boolean;
  readonly state?: Component['state'];
  readonly needs: readonly Need[];
  readonly unsafe?: readonly UnsafeMove<ApiReplicas>[];
}

const api = <const Name extends string>(
  name: Name,
  { title, stops, port, path = '/', essential = false, state = 'stateless', needs, unsafe = [] }: Api,
): Component<Name, 'apis', ApiTarget, ApiReplicas> =>
  defineComponent({
    ...apiObserver,
    name,
    title,
    mode: 'active-active',
    state,
    stops,
    wanted: 2,
    essential,
    checks: [
      {
        id: 'haproxy',
        expects: `answers ${path}`,
        path,
        port,
        every: 2_000,
        rise: 2,
        fall: 5,
        source: {
          kind: 'kolla',
          where: 'haproxy_health_check: check inter 2000 rise 2 fall 5; the HA guide has the same',
        },
      },
    ],
    needs: [...balanced, ...needs],
    unsafe: [
      {
        id: `${name}.last-replica`,
        moves: ['stop', 'restart', 'drain', 'upgrade'],
        when: 'no other replica answers',
        why: 'the API is gone for as long as it takes',
        source: {
          kind: 'ha-guide',
          where: 'control-plane-stateless: API services are active/active behind the balancer',
        },
        refuses: (seen) => refuseLastReplica(seen, name),
        refusesUnseen: false,
      },
      ...unsafe,
    ],
    replicas: apiReplicas,
    judge: (seen) => judgeApi(seen, name),
  });

/** The APIs. */
export const apis = [
  api('keystone', {
    title: 'Keystone',
    stops: 'nobody gets a token, and no other API can check one that is not cached',
    port: 5_000,
    path: '/v3',
    essential: true,
    needs: [database, cache, notifications],
    unsafe: [
      {
        id: 'keystone.fernet-keys',
        moves: ['reconfigure'],
        when: 'keys are rotated again before all replicas have the last ones',
        why: 'tokens of one replica are refused by another',
        source: { kind: 'upstream', where: 'keystone, fernet-token-faq: key distribution' },
      },
    ],
  }),
  api('glance-api', {
    title: 'Glance API',
    stops: 'no image can be read or made: servers start only where it is cached',
    port: 9_292,
    path: '/healthcheck',
    essential: true,
    state: 'shared-storage',
    needs: [database, identity, cache],
    unsafe: [
      {
        id: 'glance-api.transfers',
        moves: ['stop', 'restart', 'drain'],
        when: 'images are being uploaded or downloaded',
        why: 'a transfer of hours is broken off; drain until none is left',
        source: { kind: 'upstream', where: 'glance, rolling upgrades: draining connections' },
      },
      {
        id: 'glance-api.local-store',
        moves: ['reconfigure'],
        when: 'a second replica is added while images are on the local disk of the first',
        why: 'every second request does not find the image',
        source: { kind: 'ha-guide', where: 'storage-ha-image' },
      },
    ],
  }),
  api('placement-api', {
    title: 'Placement',
    stops: 'no server can be created, resized or moved',
    port: 8_778,
    essential: true,
    needs: [database, identity, cache],
  }),
  api('nova-api', {
    title: 'Nova API',
    stops: 'no server can be listed or changed; what runs goes on',
    port: 8_774,
    essential: true,
    needs: [
      database,
      bus,
      identity,
      cache,
      need('nova-conductor', 'soft', 'carries out what was accepted'),
      need('placement-api', 'soft', 'finds room'),
      need('neutron-server', 'soft', 'gives servers their ports'),
      need('glance-api', 'soft', 'gives servers their image'),
      need('cinder-api', 'soft', 'attaches volumes'),
    ],
    unsafe: [
      {
        id: 'nova-api.before-conductor',
        moves: ['upgrade'],
        when: 'nova-conductor is of the older release',
        why: 'conductors translate between releases, and go first',
        source: { kind: 'upstream', where: 'nova, admin/upgrades: minimal downtime' },
      },
    ],
  }),
  api('neutron-server', {
    title: 'Neutron server',
    stops: 'no network, port or floating IP can be changed; packets flow on',
    port: 9_696,
    essential: true,
    needs: [
      database,
      bus,
      identity,
      cache,
      need('ovn-northbound', 'soft', 'where ML2/OVN is used, all it knows goes there'),
      need('ovn-southbound', 'soft', 'where ML2/OVN is used, ports are bound there'),
    ],
  }),
  api('cinder-api', {
    title: 'Cinder API',
    stops: 'no volume can be created, attached or removed; attached ones go on',
    port: 8_776,
    path: '/healthcheck',
    essential: true,
    needs: [database, bus, identity, cache],
  }),
  api('heat-api', {
    title: 'Heat API',
    stops: 'stacks can not be changed, and do not scale',
    port: 8_004,
    path: '/healthcheck',
    needs: [database, bus, identity, cache, need('heat-engine', 'soft', 'carries out what was accepted')],
  }),
  api('octavia-api', {
    title: 'Octavia API',
    stops: 'load balancers can not be changed; those that run go on',
    port: 9_876,
    path: '/healthcheck',
    needs: [database, bus, identity, cache, need('neutron-server', 'hard', 'every load balancer has a port')],
  }),
  api('masakari-api', {
    title: 'Masakari API',
    stops: 'no failure can be reported: nobody evacuates a host that died',
    port: 15_868,
    path: '/healthcheck',
    needs: [database, bus, identity, cache],
  }),
  api('swift-proxy', {
    title: 'Swift proxy',
    stops: 'no object can be read or written',
    port: 8_080,
    path: '/healthcheck',
    // The proxy itself keeps nothing; objects are on the storage nodes, which are not in this catalogue.
    needs: [need('keystone', 'soft', 'validates tokens, where it is Keystone that does'), cache],
  }),
] as const;
