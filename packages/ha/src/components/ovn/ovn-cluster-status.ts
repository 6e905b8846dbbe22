import { UnreadError } from '../../probing/ask.ts';

export interface OvnServer {
  /** The first digits of its id. */
  readonly id: string;
  readonly address: string;
  readonly self: boolean;
  /**
   * Milliseconds since it was last heard; `undefined` of itself, of one that was never heard, and before OVS 2.15, which
   * does not tell it of anybody.
   */
  readonly lastHeardMs: number | undefined;
}

/** A clustered OVSDB server's view of its Raft cluster. */
export interface OvnRaft {
  readonly clusterId: string | undefined;
  readonly serverId: string | undefined;
  /** `cluster member`, `joining cluster`, `disconnected from the cluster (election timeout)`, … */
  readonly status: string;
  /** `leader`, `follower`, `candidate`. */
  readonly role: string;
  /** First digits of a server id, or `self`; `undefined` while nobody leads. */
  readonly leader: string | undefined;
  readonly term: number | undefined;
  readonly electionTimerMs: number | undefined;
  readonly servers: readonly OvnServer[];
}

/**
 * Reads what `cluster/status` printed.
 *
 * @throws UnreadError if it is cut off, or something else
 */
export function ovnClusterStatus(printed: string): OvnRaft {
  const fields = new Map<string, string>();
  const servers: OvnServer[] = [];
  let listing = false;
  for (const line of printed.split('\n')) {
    if (listing) {
      const server = SERVER.exec(line)?.groups;
      if (server === undefined && line.trim() !== '' && /^\s/.test(line))
        throw new UnreadError(
          'cut',
          `\`cluster/status\` has a server in another form: ${line.trim().slice(0, 80)}`,
        );
      if (server === undefined) continue;
      const heard = /last msg (\d+) ms ago/.exec(line)?.[1];
      servers.push({
        // Both groups are in every match.
        id: server['id'] ?? '',
        address: server['address'] ?? '',
        self: line.includes('(self)'),
        lastHeardMs: heard === undefined ? undefined : Number(heard),
      });
    } else if (line.trim() === 'Servers:') listing = true;
    else {
      const colon = line.indexOf(': ');
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2).trim());
    }
  }
  const status = fields.get('Status');
  const role = fields.get('Role');
  if (status === undefined || role === undefined)
    throw new UnreadError('cut', `not a \`cluster/status\`: ${printed.trim().slice(0, 80) || 'nothing'}`);
  // Servers come last: without any, and without oneself among them, the end is missing.
  if (!servers.some((server) => server.self))
    throw new UnreadError('cut', '`cluster/status` breaks off before its servers');
  const leader = fields.get('Leader');
  // `unknown` while nobody leads (ovs `ovsdb/raft.c`): a line that is missing does not say that.
  if (leader === undefined) throw new UnreadError('cut', '`cluster/status` does not tell its leader');
  return {
    clusterId: inBrackets(fields.get('Cluster ID')),
    serverId: inBrackets(fields.get('Server ID')),
    status,
    role,
    leader: leader === 'unknown' ? undefined : leader,
    term: number(fields.get('Term')),
    electionTimerMs: number(fields.get('Election timer')),
    servers,
  };
}

const SERVER = /^\s+(?<id>[0-9a-f]{4,}) \([0-9a-f]+ at (?<address>[^)]+)\)/;

const inBrackets = (value: string | undefined): string | undefined =>
  /\(([0-9a-f-]{36})\)/.exec(value ?? '')?.[1];

function number(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}
