import type { Evidence } from '@groundcrew/runbook';
import type { Family } from './family.ts';
import type { AuditSnapshot, Port } from './observe.ts';
import { counted, some } from './statements.ts';
import type { World } from './world.ts';

/** Whom a group's rules concern. */
export interface Usage {
  /** A port of them has an address on an external network. */
  readonly exposed: boolean;
  readonly because: readonly Evidence[];
}

/**
 * Who uses rules, and which of them has a floating IP. That is an IPv4 address, so it exposes nothing of IPv6: there a
 * routed subnet is enough, which is not looked at.
 */
export function usageOf(
  ports: readonly Port[],
  family: Family,
  snapshot: AuditSnapshot,
  world: World,
): Usage {
  const { ports: allPorts, floatingIps } = snapshot;
  const told = (statement: string, observed: { source: string; at: string } = allPorts): Evidence => ({
    statement,
    source: observed.source,
    at: observed.at,
  });
  const complete = allPorts.completeness === 'complete';
  const users = ports.map(
    (port) => `${port.id}${port.device_id === '' ? '' : ` (${port.device_owner} ${port.device_id})`}`,
  );
  const because: Evidence[] = [];
  if (users.length > 0)
    because.push(
      told(
        `${complete ? '' : 'at least '}${counted(users.length, 'port')} ${users.length === 1 && complete ? 'uses' : 'use'} it: ${some(users)}`,
      ),
    );
  else because.push(told(complete ? 'no port uses it' : 'which ports use it could not be seen'));
  if (family.version === 6) {
    if (users.length > 0)
      because.push(told('IPv6 needs no floating IP: whoever routes to these ports reaches them'));
    return { exposed: false, because };
  }
  const leading = ports.flatMap((port) =>
    world
      .floatingIpsOf(port.id)
      .map((one) => `port ${port.id} has the floating IP ${one.floating_ip_address}`),
  );
  if (leading.length > 0) because.push(told(some(leading), floatingIps));
  else if (users.length > 0 && floatingIps.completeness !== 'complete')
    because.push(told('whether they have floating IPs could not be seen', floatingIps));
  return { exposed: leading.length > 0, because };
}
