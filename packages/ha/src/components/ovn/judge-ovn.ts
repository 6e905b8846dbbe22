import type { Finding, Refusal } from '@groundcrew/runbook';
import type { OvnDatabase } from './observe-ovn.ts';
import type { OvnRaft } from './ovn-cluster-status.ts';
import { quorumMargin } from '../../probing/quorum.ts';
import { found, gapsOf, notAsked, plural, seenOf, some, unseenRefusals } from '../../probing/report.ts';
import type { StackSnapshot } from '../snapshot.ts';

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
            ? `The ${plural(servers.length, 'server')} that were asked are of one cluster of ${database}`
            : `Whether all servers of ${database} are of one cluster is not known`,
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
        ? `${plural(least, 'server')} of ${votes.of} may fail`
        : `No server may fail: ${votes.present} of ${votes.of} are there`,
    because: servers.map(({ where, value, raft }) => ({
      statement: `${value.host} (${raft.role}) lists ${some(raft.servers.map((one) => `${one.address}${one.self ? ' (self)' : one.lastHeard === undefined ? ' (when it was heard is not told)' : ` heard ${one.lastHeard} ms ago`}`))}`,
      ...where,
    })),
    remedy: 'Ask every server; bring those back that are down, or have three.',
  });
}

/** Who votes, who of them is there for certain, and how many may be. */
interface RaftVotes {
  readonly of: number;
  readonly present: number;
  /** Those whose absence nobody tells, too. */
  readonly atMost: number;
}

const marginsOf = ({ of, present, atMost }: RaftVotes): { least: number; most: number } => ({
  least: quorumMargin({ of, present }),
  most: quorumMargin({ of, present: atMost }),
});

/**
 * The leader hears everybody at least as often as the election timer, and from OVS 2.15 on tells when it last did. A
 * follower hears only the leader, and before 2.15 nobody tells of anybody (ovs-issues 177 shows 2.12): then only those
 * count that answered themselves, and of those that were not asked nothing is known.
 */
function votesOf(servers: readonly Server[]): RaftVotes {
  // An old leader that was cut off may not know it yet: the highest term is the one that rules.
  const [leader] = servers
    .filter(({ raft }) => raft.role === 'leader')
    .toSorted((a, b) => (b.raft.term ?? 0) - (a.raft.term ?? 0));
  const all = leader?.raft.servers ?? [];
  if (leader !== undefined && all.some((one) => one.lastHeard !== undefined)) {
    // ovsdb/raft.c: ELECTION_BASE_MSEC, until somebody changes it.
    const { electionTimer = 1_000 } = leader.raft;
    // Three times: a heartbeat may be late, and the election timer is often set shorter than a busy disk answers.
    const heard = all.filter(
      (one) => one.self || (one.lastHeard !== undefined && one.lastHeard <= electionTimer * 3),
    ).length;
    return { of: all.length, present: heard, atMost: heard };
  }
  const of = all.length > 0 ? all.length : Math.max(...servers.map(({ raft }) => raft.servers.length));
  const present = servers.filter(
    ({ raft }) => raft.status === 'cluster member' && raft.leader !== undefined,
  ).length;
  // Where nobody of those that were asked knows a leader there is no majority, whoever else is there.
  const unasked = present === 0 ? 0 : Math.max(0, of - servers.length);
  return { of, present, atMost: present + unasked };
}

/** One server less must still be a majority. */
export function refuseOvn(snapshot: StackSnapshot, database: Database, id: string): Refusal[] {
  const what = `How many servers of ${database} can be spared is not known`;
  const asked = askedOf(snapshot, database);
  if (asked.length === 0) return [notAsked(`${id}.unseen`, what)];
  const servers = seenServers(snapshot, database);
  const [first] = servers;
  const votes = first === undefined ? undefined : votesOf(servers);
  const margins = votes === undefined ? undefined : marginsOf(votes);
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
    ...(first !== undefined && votes !== undefined && margins !== undefined && margins.least < 1
      ? [
          {
            code: margins.most < 1 ? `${id}.no-margin` : `${id}.unseen`,
            reason:
              margins.most < 1
                ? `${votes.present} of ${votes.of} servers are there: one less is no majority`
                : `${what}: ${votes.present} of ${votes.of} servers said that they are there`,
            remedy: margins.most < 1 ? 'Bring servers back first.' : 'Ask every server of it.',
            subject: { kind: 'database', id: database },
            because: [{ statement: `servers ${votes.of}, heard ${votes.present}`, ...first.where }],
          },
        ]
      : []),
  ];
}
