import { counted, type Evidence, type Finding, finding } from '@groundcrew/ground';
import type { Assessment } from '../assessment.ts';
import type { Exposures } from '../exposure/exposures.ts';
import type { UnenforcedPort } from '../exposure/unenforced-ports.ts';
import type { SecurityGroupSnapshot, Port } from '../snapshot/snapshot.ts';
import type { SnapshotIndex } from '../snapshot/snapshot-index.ts';

/**
 * Findings on ports to which no rule applies, on ports of which that was not seen, and on networks whose ports begin
 * so.
 */
export function portFindings(
  { snapshot, index }: Assessment,
  { unenforcedPorts: doubtful }: Exposures,
): Finding[] {
  const open = doubtful.flatMap(({ port, enforcement }) =>
    enforcement.is === 'unseen' ? [] : [openPortFinding(port, enforcement, snapshot, index)],
  );
  return [...open, ...unseenPortFindings(snapshot, doubtful), ...openNetworkFindings(snapshot, index)];
}

function openPortFinding(
  port: Port,
  enforcement: Exclude<UnenforcedPort['enforcement'], { is: 'unseen' }>,
  snapshot: SecurityGroupSnapshot,
  index: SnapshotIndex,
): Finding {
  const { source, at } = snapshot.ports;
  const floating = index.floatingIpsOf(port.id).map((floatingIp) => floatingIp.floating_ip_address);
  const where = port.device_id === '' ? 'of no device' : `of ${port.device_owner} ${port.device_id}`;
  const name = `Port ${port.name === '' ? port.id : port.name} of project ${index.projectName(port.project_id)}`;
  const floatingIpEvidence: Evidence[] =
    floating.length === 0
      ? []
      : [
          {
            statement: `it has the floating IP ${floating.join(', ')}`,
            source: snapshot.floatingIps.source,
            at,
          },
        ];
  const base = {
    verdict: 'fail',
    severity: 'medium',
    subject: { kind: 'port', id: port.id, name: port.name === '' ? undefined : port.name },
  } as const;
  if (enforcement.is === 'off')
    return finding({
      ...base,
      id: 'audit.port-security-off',
      title: `${name} is open: its port security is off`,
      because: [
        {
          statement: `port_security_enabled is false: no security group applies, and it may send from any address; ${where}`,
          source,
          at,
        },
        ...floatingIpEvidence,
      ],
      remedy: 'Switch it on; if it must send from other addresses, allow these (allowed_address_pairs).',
    });
  // For the type: whoever does not show its groups is `unseen`, and not here.
  const groups = port.security_groups ?? [];
  return finding({
    ...base,
    id: 'audit.port-unfiltered',
    title: `${name} is open: nothing enforces its security groups`,
    because: [
      {
        statement: `${enforcement.why}, whatever its groups say (${groups.join(', ') || 'it has none'}); ${where}`,
        source,
        at,
      },
      ...floatingIpEvidence,
    ],
    remedy:
      'Filter in the guest or on the switch, or use a device that is filtered: normal, or direct with flows in the card.',
  });
}

/** One finding for each reason: to a user who is no administrator it is all ports. */
function unseenPortFindings(
  { ports }: SecurityGroupSnapshot,
  doubtful: readonly UnenforcedPort[],
): Finding[] {
  const { source, at } = ports;
  const byReason = Map.groupBy(
    doubtful.flatMap(({ port, enforcement }) =>
      enforcement.is === 'unseen' ? [{ id: port.id, why: enforcement.why }] : [],
    ),
    ({ why }) => why,
  );
  if (byReason.size === 0) return [];
  const many = [...byReason.values()].reduce((total, some) => total + some.length, 0);
  return [
    finding({
      id: 'audit.unseen',
      verdict: 'unknown',
      severity: 'medium',
      title: `Not seen: whether the security groups of ${counted(many, 'port')} are enforced`,
      subject: { kind: 'cloud', id: 'enforcement of security groups' },
      because: [...byReason].slice(0, 10).map(([why, some]) => ({
        statement: `${why}: ${some
          .slice(0, 5)
          .map(({ id }) => id)
          .join(', ')}${some.length > 5 ? ` and ${some.length - 5} more` : ''}`,
        source,
        at,
      })),
      remedy: 'Ask as an administrator, or look at these ports on their hosts.',
    }),
  ];
}

/**
 * Networks whose ports begin without port security: Neutron gives a port its network's, unless it is told otherwise.
 */
function openNetworkFindings({ networks }: SecurityGroupSnapshot, index: SnapshotIndex): Finding[] {
  const { source, at } = networks;
  return networks.value
    .filter((network) => network.port_security_enabled === false)
    .map(({ id, name, project_id }) =>
      finding({
        id: 'audit.port-security-off',
        verdict: 'fail',
        severity: 'low',
        title: `Ports of network ${name === '' ? id : name} of project ${index.projectName(project_id)} begin open: its port security is off`,
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
