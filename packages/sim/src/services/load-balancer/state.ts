import { Store } from '../../store.ts';

/** The fields that every thing of a project has. */
interface Owned {
  readonly id: string;
  name: string;
  description: string;
  readonly project_id: string;
  provisioning_status: string;
  operating_status: string;
  admin_state_up: boolean;
  tags: string[];
  readonly created: number;
  updated: number | null;
}

export interface Balancer extends Owned {
  readonly provider: string;
  readonly vip_address: string | null;
  readonly vip_port_id: string | null;
  readonly vip_subnet_id: string | null;
  readonly vip_network_id: string | null;
  readonly flavor_id: string | null;
  readonly availability_zone: string | null;
}

export interface BalancerListener extends Owned {
  readonly balancer: string;
  readonly protocol: string;
  readonly protocol_port: number;
  readonly default_pool_id: string | null;
  allowed_cidrs: string[] | null;
}

export interface BalancerPool extends Owned {
  readonly balancer: string;
  readonly protocol: string;
  readonly lb_algorithm: string;
  readonly members: readonly string[];
  readonly healthmonitor_id: string | null;
}

export interface Amphora {
  readonly id: string;
  /** `null` of one that no load balancer has. */
  balancer: string | null;
  readonly compute_id: string | null;
  readonly lb_network_ip: string | null;
  role: string | null;
  status: string;
  readonly certificateEnds: number;
  readonly created: number;
  updated: number | null;
}

/** The state of Octavia. */
export class LoadBalancerState {
  readonly balancers = new Store<Balancer>();
  readonly listeners = new Store<BalancerListener>();
  readonly pools = new Store<BalancerPool>();
  readonly amphorae = new Store<Amphora>();

  /** What a load balancer has of listeners or pools. */
  partsOf<P extends { readonly balancer: string; readonly id: string }>(of: Store<P>, balancer: string): P[] {
    return of.filter((part) => part.balancer === balancer);
  }
}
