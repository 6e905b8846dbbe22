/** A port that is for administrators or for other programs, and not for everybody. */
export interface AdminPort {
  readonly port: number;
  /** 6 is TCP, 17 UDP. */
  readonly protocol: 6 | 17;
  readonly name: string;
}

/** Ports that nobody should reach from everywhere. */
export const adminPorts: readonly AdminPort[] = [
  { port: 22, protocol: 6, name: 'SSH' },
  { port: 3389, protocol: 6, name: 'RDP' },
  { port: 3306, protocol: 6, name: 'MySQL' },
  { port: 5432, protocol: 6, name: 'PostgreSQL' },
  { port: 6379, protocol: 6, name: 'Redis' },
  { port: 9200, protocol: 6, name: 'Elasticsearch' },
  { port: 11_211, protocol: 6, name: 'memcached' },
  // One datagram to it is answered with thousands: an amplifier.
  { port: 11_211, protocol: 17, name: 'memcached' },
];

/** `22/tcp (SSH)`. */
export const portWords = ({ port, protocol, name }: AdminPort): string =>
  `${port}/${protocol === 6 ? 'tcp' : 'udp'} (${name})`;
