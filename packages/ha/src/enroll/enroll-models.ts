import { parseArguments } from '@groundcrew/ground';
import type { Component } from '../components/define-component.ts';
import type { EnrollRefusal } from './enroll-refusal.ts';
import type { BackendProfile } from './backend-profile.ts';
import { frozenText } from './frozen-text.ts';
import { HaproxyModel, HaproxyService, type HaproxyServiceModel } from './haproxy-model.ts';
import { KeepalivedModel } from './keepalived-model.ts';
import type { FileOwner } from './managed-file.ts';
import type { BalancerFiles } from './observe-enrollment.ts';
import type { Balancer, ParsedEnrollment, ParsedTopology, Replica } from './topology.ts';

/** The service of HAProxy for one component; `undefined` if no port is given for it. */
export function serviceOf(
  { name }: Component,
  way: Exclude<BackendProfile, EnrollRefusal>,
  { topology, replicas, port, certificate, healthPath, tuning = {} }: ParsedEnrollment,
): HaproxyServiceModel | undefined {
  const tcp = way.mode === 'tcp';
  const path = healthPath ?? way.path;
  const outside = port ?? way.port ?? replicas[0]?.port;
  const inside = way.port ?? port;
  if (
    outside === undefined ||
    (inside === undefined && replicas.some((replica) => replica.port === undefined))
  )
    return undefined;
  return parseArguments('planEnrollment', HaproxyService, {
    name,
    mode: way.mode,
    bind: { address: topology.vip.address, port: outside, certificate },
    balance: tuning.balance ?? (tcp ? 'first' : 'leastconn'),
    check: {
      ...(path === undefined ? {} : { path }),
      ...(way.checkPort === undefined ? {} : { port: way.checkPort }),
      ...(tcp ? { expect: '200' } : {}),
      ...tuning.check,
    },
    // Connections to a database are idle for long, and stay open.
    timeouts: tuning.timeouts ?? (tcp ? { client: 3_600_000, server: 3_600_000 } : {}),
    servers: replicas.map((replica, at) => ({
      name: replica.name,
      address: replica.address,
      port: replica.port ?? inside,
      backup: tcp && at > 0,
    })),
  });
}

/** The services that the balancers have already; all balancers must agree, but for the service that is enrolled now. */
export function presentServices(
  balancers: readonly BalancerFiles[],
  topology: ParsedTopology,
  component: string,
): { readonly services: readonly HaproxyServiceModel[]; readonly refusals: readonly EnrollRefusal[] } {
  const services = new Map<string, HaproxyServiceModel>();
  const refusals: EnrollRefusal[] = [];
  for (const { host, haproxy } of balancers) {
    for (const service of servicesIn(haproxy)) {
      const other = services.get(service.name);
      services.set(service.name, service);
      if (service.name === component) continue;
      const subject = { kind: 'service', id: service.name };
      if (other !== undefined && frozenText(other) !== frozenText(service))
        refusals.push({
          code: 'enroll.balancers-differ',
          reason: `${host} does not do the same for ${service.name} as the balancers before it`,
          remedy: `Enrol ${service.name} again first.`,
          subject,
        });
      if (service.bind.address !== topology.vip.address)
        refusals.push({
          code: 'enroll.conflict',
          reason: `${service.name} is behind ${service.bind.address} on ${host}, and these balancers would have ${topology.vip.address}`,
          remedy: 'Use the same address, or balancers of their own.',
          subject,
        });
    }
  }
  return { services: [...services.values()], refusals };
}

function servicesIn(file: FileOwner): readonly HaproxyServiceModel[] {
  if (file.state !== 'ours') return [];
  const parsed = HaproxyModel.safeParse(file.model);
  return parsed.success ? parsed.data.services : [];
}

export const haproxyOf = (
  { haproxy: { socket, user, group, log } }: Balancer,
  services: readonly HaproxyServiceModel[],
): HaproxyModel =>
  parseArguments('planEnrollment', HaproxyModel, {
    socket,
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
    ...(log === undefined ? {} : { log }),
    // In the order of their names: who was enrolled first makes no difference.
    services: services.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  });

/** Priorities differ, so that of two that both believe to be master, one yields. */
export const keepalivedOf = (balancer: Balancer, at: number, topology: ParsedTopology): KeepalivedModel => {
  const { vip, balancers, advertInterval, multicast, authenticated } = topology;
  const peers = balancers.filter(({ host }) => host !== balancer.host).map(({ address }) => address);
  return parseArguments('planEnrollment', KeepalivedModel, {
    router: balancer.host,
    script: balancer.keepalived.script,
    interface: balancer.interface,
    routerId: vip.routerId,
    priority: 150 - at,
    advertInterval,
    source: balancer.address,
    ...(multicast ? {} : { peers }),
    addresses: [{ address: vip.address, prefix: vip.prefix }],
    authenticated,
  });
};

/** Do all of them fail with one machine? */
export const failTogether = (machines: readonly string[]): boolean => new Set(machines).size < 2;

export const machineOfReplica = ({ failsWith, address }: Replica): string => failsWith ?? address;
