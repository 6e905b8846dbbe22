import type { Finding, Refusal } from '@groundcrew/runbook';
import type { OvnDatabase } from './observe-ovn.ts';
import type { OvnRaft } from './ovn-cluster-status.ts';
import { quorumMargin } from './quorum.ts';
import { found, gapsOf, notAsked, plural, seenOf, some, unseenRefusals } from './report.ts';
import type { StackSnapshot } from './snapshot.ts';

interface Server {
  readonly where: { source: string; at: string };
  readonly value: OvnDatabase;
  readonly raft: OvnRaft;
}

type Database = OvnDatabase['database'];

const seenServers = (snapshot: StackSnapshot, database: Database): Server[] =>
  seenOf(snapshot.ovn).flatMap(({ where, value }) =>
    value.database === database && value.raft !== 'standalone' ? [{ where, value, raft: value.raft }] : [],
  );

/** A gap of one database is none of the other's. */
const askedOf = (snapshot: StackSnapshot, database: Database): StackSnapshot['ovn'] =>
  snapshot.ovn.filter(
    (one) => one.value?.database === database || (one.value === undefined && one.source.includes(database)),
  );

/** Judges one of OVN's databases. */
export function judgeOvn(snapshot: StackSnapshot, database: Database, id: string): Finding[] {
  const asked = askedOf(snapshot, database);
  const servers = seenServers(snapshot, database);
  const subject = { kind: 'database', id: database };
  const standalone = seenOf(asked).filter(({ value }) => value.raft === 'standalone');
  const findings: Finding[] = [
    ...gapsOf(asked, { id: `${id}.unseen` }),
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
  // Nobody has a cluster id before he has joined one.
  findings.push(
    found(first.where, {
      id: `${id}.split-brain`,
      subject,
      severity: 'critical',
      good: clusters.size > 1 ? false : servers.length === asked.length ? true : undefined,
      title: clusters.size > 1 ? `${clusters.size} clusters of ${database}` : `One cluster of ${database}`,
      because: servers.map(({ where, value, raft }) => ({
        statement: `${value.host}: cluster ${raft.clusterId ?? 'none yet'}`,
        ...where,
      })),
      remedy: 'A server was created as a new cluster, instead of joining: remove it, and let it join.',
    }),
    margin(first, servers, id, subject),
  );
  return findings;
}

function margin(
  first: Server,
  servers: readonly Server[],
  id: string,
  subject: { kind: string; id: string },
): Finding {
  const votes = votesOf(servers);
  const left = votes === undefined ? undefined : quorumMargin(votes);
  return found(first.where, {
    id: `${id}.quorum-margin`,
    subject,
    severity: left !== undefined && left < 0 ? 'critical' : 'high',
    good: left === undefined ? undefined : left >= 1,
    title:
      left === undefined
        ? 'How many servers may fail is not known'
        : left >= 1
          ? `${plural(left, 'server')} of ${votes?.of ?? 0} may fail`
          : `No server may fail: ${votes?.present ?? 0} of ${votes?.of ?? 0} are heard`,
    because: servers.map(({ where, value, raft }) => ({
      statement: `${value.host} (${raft.role}) lists ${some(raft.servers.map((one) => `${one.address}${one.self ? ' (self)' : one.lastHeard === undefined ? '' : ` heard ${one.lastHeard} ms ago`}`))}`,
      ...where,
    })),
    remedy: 'Ask every server; bring those back that are down, or have three.',
  });
}

/**
 * Who votes and is there. The leader hears everybody at least as often as the election timer; a follower hears only
 * the leader, so that without the leader's word only those count that answered themselves.
 */
function votesOf(servers: readonly Server[]): { of: number; present: number } | undefined {
  const leader = servers.find(({ raft }) => raft.role === 'leader');
  if (leader !== undefined) {
    const { servers: all, electionTimer = 1_000 } = leader.raft;
    // Three times: a heartbeat may be late, and the election timer is often set shorter than a busy disk answers.
    const heard = all.filter(
      (one) => one.self || (one.lastHeard !== undefined && one.lastHeard <= electionTimer * 3),
    );
    return { of: all.length, present: heard.length };
  }
  const of = Math.max(...servers.map(({ raft }) => raft.servers.length));
  const members = servers.filter(({ raft }) => raft.status === 'cluster member' && raft.leader !== undefined);
  return servers.length < of && members.length > 0 ? undefined : { of, present: members.length };
}

/** One server less must still be a majority. */
export function refuseOvn(snapshot: StackSnapshot, database: Database, id: string): Refusal[] {
  const what = `How many servers of ${database} can be spared is not known`;
  const asked = askedOf(snapshot, database);
  if (asked.length === 0) return [notAsked(`${id}.unseen`, what)];
  const servers = seenServers(snapshot, database);
  const [first] = servers;
  const votes = first === undefined ? undefined : votesOf(servers);
  const standalone = seenOf(asked).filter(({ value }) => value.raft === 'standalone');
  return [
    ...unseenRefusals(asked, `${id}.unseen`, what),
    ...standalone.map(({ where, value }): Refusal => ({
      code: `${id}.alone`,
      reason: `${database} on ${value.host} is not clustered: without it no port is bound and no network changes`,
      remedy: 'Announce the interruption, or cluster it first.',
      subject: { kind: 'database', id: database },
      because: [{ statement: 'standalone', ...where }],
    })),
    ...(first !== undefined && votes !== undefined && quorumMargin(votes) < 1
      ? [
          {
            code: `${id}.no-margin`,
            reason: `${votes.present} of ${votes.of} servers are there: one less is no majority`,
            remedy: 'Bring servers back first.',
            subject: { kind: 'database', id: database },
            because: [{ statement: `servers ${votes.of}, heard ${votes.present}`, ...first.where }],
          },
        ]
      : []),
  ];
}
