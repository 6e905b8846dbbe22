import { claimsNeutronOwner, type Enforcement, enforcements, isOwnedByNeutron } from './enforcement.ts';
import type { SecurityGroupSnapshot, Port } from '../snapshot/snapshot.ts';

/** A port to which its rules do not apply, or of which that was not seen. */
export interface UnenforcedPort {
  readonly port: Port;
  readonly enforcement: Exclude<Enforcement, { is: 'enforced' }>;
}

/**
 * Ports that no rule applies to, or may not, but those of Neutron itself (`network:…`), of routers and DHCP servers, which
 * are so by nature. A port without a security group is none of them: it is closed.
 */
export function unenforcedPorts(snapshot: SecurityGroupSnapshot): readonly UnenforcedPort[] {
  const enforcementOf = enforcements(snapshot);
  return snapshot.ports.value.flatMap((port): UnenforcedPort[] => {
    if (isOwnedByNeutron(port)) return [];
    const enforcement = claimsNeutronOwner(port) ? claimed(port) : enforcementOf(port);
    return enforcement.is === 'enforced' ? [] : [{ port, enforcement }];
  });
}

const claimed = ({ device_owner }: Port): UnenforcedPort['enforcement'] => ({
  is: 'unseen',
  why: `Neutron filters no port of an owner that begins with network:, and ${device_owner} is none that is known here`,
});

/** Tells whether the port is open for sure. */
export const isOpenPort = ({ enforcement }: UnenforcedPort): boolean => enforcement.is !== 'unseen';
