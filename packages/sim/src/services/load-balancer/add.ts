import type { SimState } from '../../sim-state.ts';
import type { Amphora, Balancer, BalancerListener, BalancerPool } from './state.ts';

const DAY = 86_400_000;

/** What a new thing has, unless it is said. */
const begun = ({ ids, clock }: SimState) => ({
  id: ids.uuid(),
  description: '',
  provisioning_status: 'ACTIVE',
  operating_status: 'ONLINE',
  admin_state_up: true,
  tags: [],
  created: clock.now(),
  updated: null,
});

type Wish<T> = Partial<T> & { readonly project_id: string; readonly name: string };

/** Adds a load balancer without parts. */
export const addBalancer = (state: SimState, wish: Wish<Balancer>): Balancer =>
  state.loadBalancer.balancers.add({
    ...begun(state),
    provider: 'amphora',
    vip_address: null,
    vip_port_id: null,
    vip_subnet_id: null,
    vip_network_id: null,
    flavor_id: null,
    availability_zone: null,
    ...wish,
  });

type PartWish<T> = Partial<T> & { readonly name: string };

/** Adds a listener to a load balancer. */
export const addListener = (
  state: SimState,
  of: Balancer,
  wish: PartWish<BalancerListener>,
): BalancerListener =>
  state.loadBalancer.listeners.add({
    ...begun(state),
    project_id: of.project_id,
    balancer: of.id,
    protocol: 'HTTP',
    protocol_port: 80,
    default_pool_id: null,
    allowed_cidrs: null,
    ...wish,
  });

/** Adds a pool to a load balancer. */
export const addPool = (state: SimState, of: Balancer, wish: PartWish<BalancerPool>): BalancerPool =>
  state.loadBalancer.pools.add({
    ...begun(state),
    project_id: of.project_id,
    balancer: of.id,
    protocol: 'HTTP',
    lb_algorithm: 'ROUND_ROBIN',
    members: [],
    healthmonitor_id: null,
    ...wish,
  });

/** Adds an amphora to a load balancer, or one that none has. */
export const addAmphora = (state: SimState, of: Balancer | undefined, wish: Partial<Amphora> = {}): Amphora =>
  state.loadBalancer.amphorae.add({
    id: state.ids.uuid(),
    balancer: of?.id ?? null,
    compute_id: state.ids.uuid(),
    lb_network_ip: '198.51.100.10',
    role: of === undefined ? null : 'STANDALONE',
    status: of === undefined ? 'BOOTING' : 'ALLOCATED',
    // `cert_validity_time`: 30 days.
    certificateEnds: state.clock.now() + 30 * DAY,
    created: state.clock.now(),
    updated: null,
    ...wish,
  });
