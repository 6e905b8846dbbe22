import { counted, type Evidence } from '@groundcrew/ground';
import type { Family } from '../addresses/address-family.ts';
import type { Assessment } from '../assessment.ts';
import type { ExposureClaim } from '../exposure/exposure-claim.ts';
import type { EffectivePort } from '../filters/effective-ports.ts';
import { listed } from '../reach/describe-rule.ts';
import type { Port } from '../snapshot/snapshot.ts';

/** The servers and ports that a group's rules concern. */
export interface Usage {
  /** Something leads to a port of them from outside; in words, `behind a floating IP`. */
  readonly exposed: string | undefined;
  readonly effective: readonly EffectivePort[];
  readonly because: readonly Evidence[];
}

const kinds: Readonly<Record<string, string>> = {
  floating_ip: 'behind a floating IP',
  port_forwarding: 'behind a forwarded port',
  external_network: 'on an external network',
  routed: 'behind a router that leads outside',
};

/**
 * Describes the ports that use the rules, and the paths that lead to them from outside.
 *
 * @param claim what the rules let in, as the finding says
 */
export function usageOf(
  ports: readonly Port[],
  claim: ExposureClaim,
  family: Family,
  { snapshot, index, effectivePortOf }: Assessment,
): Usage {
  const { ports: allPorts, floatingIps } = snapshot;
  const told = (statement: string, observed: { source: string; at: string } = allPorts): Evidence => ({
    statement,
    source: observed.source,
    at: observed.at,
  });
  const complete = index.knowsAllUsers;
  const users = ports.map(
    (port) => `${port.id}${port.device_id === '' ? '' : ` (${port.device_owner} ${port.device_id})`}`,
  );
  const effective = ports.map((port) => effectivePortOf(port, family, claim));
  const because: Evidence[] = [];
  if (users.length > 0)
    because.push(
      told(
        `${complete ? '' : 'at least '}${counted(users.length, 'port')} ${users.length === 1 && complete ? 'uses' : 'use'} it: ${listed(users)}`,
      ),
    );
  else because.push(told(complete ? 'no port uses it' : 'which ports use it could not be seen'));
  const leading = effective.filter(({ exposed_by }) => exposed_by in kinds);
  const shut = effective.filter(({ lets }) => lets === 'nothing');
  const doubtful = effective.filter(({ exposed_by }) => exposed_by === 'unknown');
  if (leading.length > 0) because.push(told(listed(leading.map(({ why }) => why)), floatingIps));
  if (doubtful.length > 0)
    because.push(told(listed([...new Set(doubtful.map(({ why }) => why))]), floatingIps));
  if (shut.length > 0) because.push(told(listed(shut.map(({ why }) => why)), floatingIps));
  // Where less comes through than the finding says, it is as bad as the rules, and not worse.
  const whole = leading.find(({ lets }) => lets !== 'some');
  return { exposed: kinds[whole?.exposed_by ?? ''], effective, because };
}
