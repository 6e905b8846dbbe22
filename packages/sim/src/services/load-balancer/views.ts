import type { SimState } from '../../sim-state.ts';
import type { Json } from '../../wire.ts';
import type { Amphora, Balancer, BalancerListener, BalancerPool } from './state.ts';

/** `2026-01-01T00:00:00`: as WSME writes a moment, without a zone. */
const moment = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString().slice(0, 19);

const ids = (all: readonly { readonly id: string }[]): Json[] => all.map(({ id }) => ({ id }));

const common = (thing: Balancer | BalancerListener | BalancerPool): Json => ({
  id: thing.id,
  name: thing.name,
  description: thing.description,
  provisioning_status: thing.provisioning_status,
  operating_status: thing.operating_status,
  admin_state_up: thing.admin_state_up,
  project_id: thing.project_id,
  // Each type that has a project has it under its old name, too (`octavia/api/common/types.py`, `BaseMeta`).
  tenant_id: thing.project_id,
  created_at: moment(thing.created),
  updated_at: moment(thing.updated),
  tags: thing.tags,
});

export const balancerView = ({ loadBalancer, release }: SimState, balancer: Balancer): Json => ({
  ...common(balancer),
  vip_address: balancer.vip_address,
  vip_port_id: balancer.vip_port_id,
  vip_subnet_id: balancer.vip_subnet_id,
  vip_network_id: balancer.vip_network_id,
  vip_qos_policy_id: null,
  ...(release.number >= '2022.2' ? { additional_vips: [] } : {}),
  listeners: ids(loadBalancer.partsOf(loadBalancer.listeners, balancer.id)),
  pools: ids(loadBalancer.partsOf(loadBalancer.pools, balancer.id)),
  provider: balancer.provider,
  flavor_id: balancer.flavor_id,
  availability_zone: balancer.availability_zone,
  ...(release.number >= '2024.1' ? { vip_vnic_type: 'normal' } : {}),
});

export const listenerView = (listener: BalancerListener): Json => ({
  ...common(listener),
  protocol: listener.protocol,
  protocol_port: listener.protocol_port,
  connection_limit: -1,
  default_tls_container_ref: null,
  sni_container_refs: [],
  default_pool_id: listener.default_pool_id,
  l7policies: [],
  insert_headers: {},
  timeout_client_data: 50_000,
  timeout_member_connect: 5000,
  timeout_member_data: 50_000,
  timeout_tcp_inspect: 0,
  client_ca_tls_container_ref: null,
  client_authentication: 'NONE',
  client_crl_container_ref: null,
  // Octavia writes null for an empty list (`ListenerResponse.from_db_obj`).
  allowed_cidrs: listener.allowed_cidrs,
  tls_ciphers: null,
  tls_versions: null,
  alpn_protocols: null,
  loadbalancers: [{ id: listener.balancer }],
});

export const poolView = ({ loadBalancer }: SimState, pool: BalancerPool): Json => ({
  ...common(pool),
  protocol: pool.protocol,
  lb_algorithm: pool.lb_algorithm,
  session_persistence: null,
  loadbalancers: [{ id: pool.balancer }],
  listeners: ids(loadBalancer.listeners.filter(({ default_pool_id }) => default_pool_id === pool.id)),
  members: pool.members.map((id) => ({ id })),
  healthmonitor_id: pool.healthmonitor_id,
  tls_container_ref: null,
  ca_tls_container_ref: null,
  crl_container_ref: null,
  tls_enabled: false,
  tls_ciphers: null,
  tls_versions: null,
  alpn_protocols: null,
});

export const amphoraView = (amphora: Amphora): Json => ({
  id: amphora.id,
  loadbalancer_id: amphora.balancer,
  compute_id: amphora.compute_id,
  lb_network_ip: amphora.lb_network_ip,
  vrrp_ip: null,
  ha_ip: null,
  vrrp_port_id: null,
  ha_port_id: null,
  cert_expiration: moment(amphora.certificateEnds),
  cert_busy: false,
  role: amphora.role,
  status: amphora.status,
  vrrp_interface: null,
  vrrp_id: null,
  vrrp_priority: null,
  cached_zone: 'nova',
  created_at: moment(amphora.created),
  updated_at: moment(amphora.updated),
  image_id: null,
  compute_flavor: null,
});
