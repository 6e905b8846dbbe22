import { counted, type Finding } from '@groundcrew/ground';
import { found, seenOf, some } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import type { OvnDatabase } from './observe-ovn.ts';
import { marginsOf, type OvnRaftServer, raftServers, votesOf } from './ovn-votes.ts';

type Database = OvnDatabase['database'];

/** Judges one of OVN's databases. */
export function judgeOvn(asked: readonly Seen<OvnDatabase>[], database: Database, id: string): Finding[] {
  const servers = raftServers(asked);
  const subject = { kind: 'database', id: database };
  const standalone = seenOf(asked).filter(({ value }) => value.raft === 'standalone');
  const findings: Finding[] = [
    ...standalone.map(({ where, value }) =>
      found(where, {
        id: `${id}.clustered`,
        subject,
        severity: 'high',
        good: false,
        title: `${database} on ${value.host} is not clustered: a single point of failure`,
        because: 'its server has the database, and no cluster of it',
        remedy:
          'Convert it with ovsdb-tool create-cluster, and let two more join; or let Pacemaker promote a copy.',
      }),
    ),
    ...servers.map(({ where, value, raft }) =>
      found(where, {
        id: `${id}.member`,
        subject: { kind: 'database server', id: `${database} on ${value.host}` },
        severity: 'critical',
        good: raft.status === 'cluster member' && raft.leader !== undefined,
        title: raft.leader === undefined ? `${value.host} knows no leader` : `${value.host} is ${raft.role}`,
        because: `status ${raft.status}, role ${raft.role}, leader ${raft.leader ?? 'unknown'}, term ${raft.term ?? '?'}`,
        remedy: 'Bring servers back until more than half see each other.',
      }),
    ),
  ];
  const [first] = servers;
  if (first === undefined) return findings;
  const clusters = new Set(servers.flatMap(({ raft }) => raft.clusterId ?? []));
  // A server has no cluster id before it has joined one.
  const told = servers.length === asked.length && servers.every(({ raft }) => raft.clusterId !== undefined);
  findings.push(
    found(first.where, {
      id: `${id}.split-brain`,
      subject,
      severity: 'critical',
      good: clusters.size > 1 ? false : told ? true : undefined,
      title:
        clusters.size > 1
          ? `${clusters.size} clusters of ${database}`
          : told
            ? `The ${counted(servers.length, 'server')} that were asked are of one cluster of ${database}`
            : `Whether all servers of ${database} are of one cluster is not known`,
      because: servers.map(({ where, value, raft }) => ({
        statement: `${value.host}: cluster ${raft.clusterId ?? 'none yet'}`,
        ...where,
      })),
      remedy: 'A server was created as a new cluster, instead of joining: remove it, and let it join.',
    }),
    marginFinding(first, servers, id, subject),
  );
  return findings;
}

function marginFinding(
  first: OvnRaftServer,
  servers: readonly OvnRaftServer[],
  id: string,
  subject: { kind: string; id: string },
): Finding {
  const votes = votesOf(servers);
  const { least, most } = marginsOf(votes);
  const known = least >= 1 || most < 1;
  return found(first.where, {
    id: `${id}.quorum-margin`,
    subject,
    severity: most < 0 ? 'critical' : 'high',
    good: least >= 1 ? true : most < 1 ? false : undefined,
    title: !known
      ? 'How many servers may fail is not known'
      : least >= 1
        ? `${counted(least, 'server')} of ${votes.of} may fail`
        : `No server may fail: ${votes.present} of ${votes.of} are there`,
    because: servers.map(({ where, value, raft }) => ({
      statement: `${value.host} (${raft.role}) lists ${some(raft.servers.map((server) => `${server.address}${server.self ? ' (self)' : server.lastHeardMs === undefined ? ' (when it was heard is not told)' : ` heard ${server.lastHeardMs} ms ago`}`))}`,
      ...where,
    })),
    remedy: 'Ask every server; bring those back that are down, or have three.',
  });
}
