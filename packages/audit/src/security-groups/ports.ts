import { type Finding, finding } from '@groundcrew/runbook';
import type { AuditSnapshot, Port } from './observe.ts';
import type { World } from './world.ts';

/**
 * Ports that no rule applies to, but those of Neutron itself (`network:…`), of routers and DHCP servers, which are so
 * by nature. A port without a security group is none of them: it is closed.
 */
export const unprotected = (ports: readonly Port[]): readonly Port[] =>
  ports.filter((port) => port.port_security_enabled === false && !port.device_owner.startsWith('network:'));

export function ofUnprotected(snapshot: AuditSnapshot, world: World): Finding[] {
  const { source, at } = snapshot.ports;
  return unprotected(snapshot.ports.value).map((port) => {
    const project = world.projectName(port.project_id);
    const floating = world.floatingIpsOf(port.id).map((one) => one.floating_ip_address);
    const where = port.device_id === '' ? 'of no device' : `of ${port.device_owner} ${port.device_id}`;
    return finding({
      id: 'audit.port-security-off',
      verdict: 'fail',
      severity: 'medium',
      title: `Port ${port.name === '' ? port.id : port.name} of project ${project} is open: its port security is off`,
      subject: { kind: 'port', id: port.id, name: port.name === '' ? undefined : port.name },
      because: [
        {
          statement: `port_security_enabled is false: no security group applies, and it may send from any address; ${where}`,
          source,
          at,
        },
        ...(floating.length > 0
          ? [
              {
                statement: `it has the floating IP ${floating.join(', ')}`,
                source: snapshot.floatingIps.source,
                at,
              },
            ]
          : []),
      ],
      remedy: 'Switch it on; if it must send from other addresses, allow these (allowed_address_pairs).',
    });
  });
}

/** Networks whose ports begin without port security: Neutron gives a port its network's, unless it is told otherwise. */
export function ofOpenNetworks({ networks }: AuditSnapshot, world: World): Finding[] {
  const { source, at } = networks;
  return networks.value
    .filter((network) => network.port_security_enabled === false)
    .map(({ id, name, project_id }) =>
      finding({
        id: 'audit.port-security-off',
        verdict: 'fail',
        severity: 'low',
        title: `Ports of network ${name === '' ? id : name} of project ${world.projectName(project_id)} begin open: its port security is off`,
        subject: { kind: 'network', id, name: name === '' ? undefined : name },
        because: [
          {
            statement:
              'port_security_enabled of the network is false: a port that is made without saying otherwise has no security group; ports that are there keep their own',
            source,
            at,
          },
        ],
        remedy: 'Switch it on for the network, and off for the ports that need it.',
      }),
    );
}
