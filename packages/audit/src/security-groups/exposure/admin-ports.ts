/** A port that is for administrators or for other programs, and not for everybody. */
export interface AdminPort {
  /** 1 to 65535. */
  readonly port: number;
  /** 6 is TCP, 17 UDP. */
  readonly protocol: 6 | 17;
  readonly name: string;
}

/**
 * Ports that nobody should reach from everywhere: logins, databases, and interfaces that run what they are told. They
 * are a choice, and `SecurityGroupPolicy.ports` makes another; whatever passes names those that were looked at.
 *
 * @example
 * assessSecurityGroups(snapshot, { ports: [...adminPorts, { port: 8006, protocol: 6, name: 'Proxmox' }] });
 */
export const adminPorts: readonly AdminPort[] = [
  { port: 22, protocol: 6, name: 'SSH' },
  { port: 23, protocol: 6, name: 'Telnet' },
  { port: 445, protocol: 6, name: 'SMB' },
  { port: 1433, protocol: 6, name: 'SQL Server' },
  { port: 2375, protocol: 6, name: 'Docker' },
  { port: 2379, protocol: 6, name: 'etcd' },
  { port: 3306, protocol: 6, name: 'MySQL' },
  { port: 3389, protocol: 6, name: 'RDP' },
  { port: 5432, protocol: 6, name: 'PostgreSQL' },
  { port: 5900, protocol: 6, name: 'VNC' },
  { port: 5985, protocol: 6, name: 'WinRM' },
  { port: 6379, protocol: 6, name: 'Redis' },
  { port: 9200, protocol: 6, name: 'Elasticsearch' },
  { port: 10_250, protocol: 6, name: 'kubelet' },
  { port: 11_211, protocol: 6, name: 'memcached' },
  // One datagram to it is answered with thousands: an amplifier.
  { port: 11_211, protocol: 17, name: 'memcached' },
  { port: 27_017, protocol: 6, name: 'MongoDB' },
];

/** Describes a port: `22/tcp (SSH)`. */
export const describePort = ({ port, protocol, name }: AdminPort): string =>
  `${port}/${protocol === 6 ? 'tcp' : 'udp'} (${name})`;
