import { quorumMargin } from '../../probing/quorum.ts';
import { seenOf } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import type { OvnDatabase } from './observe-ovn.ts';
import type { OvnRaft } from './ovn-cluster-status.ts';

/** A server of a clustered database, as it was seen. */
export interface OvnRaftServer {
  readonly where: { source: string; at: string };
  readonly value: OvnDatabase;
  readonly raft: OvnRaft;
}

/** The servers that are clustered, of those that answered. */
export const raftServers = (asked: readonly Seen<OvnDatabase>[]): OvnRaftServer[] =>
  seenOf(asked).flatMap(({ where, value }) =>
    value.raft !== 'standalone' ? [{ where, value, raft: value.raft }] : [],
  );

/** The number of voters, of those that are there for certain, and of those that may be. */
export interface RaftVotes {
  readonly of: number;
  readonly present: number;
  /** Those whose absence nobody tells, too. */
  readonly atMost: number;
}

/** The number of servers that may fail, at least and at most. */
export const marginsOf = ({ of, present, atMost }: RaftVotes): { least: number; most: number } => ({
  least: quorumMargin({ of, present }),
  most: quorumMargin({ of, present: atMost }),
});

/**
 * The leader hears everybody at least as often as the election timer, and from OVS 2.15 on tells when it last did. A
 * follower hears only the leader, and before 2.15 nobody tells of anybody (ovs-issues 177 shows 2.12): then only those
 * count that answered themselves, and of those that were not asked nothing is known.
 */
export function votesOf(servers: readonly OvnRaftServer[]): RaftVotes {
  // An old leader that was cut off may not know it yet: the highest term is the one that rules.
  const [leader] = servers
    .filter(({ raft }) => raft.role === 'leader')
    .toSorted((a, b) => (b.raft.term ?? 0) - (a.raft.term ?? 0));
  const all = leader?.raft.servers ?? [];
  if (leader !== undefined && all.some((server) => server.lastHeardMs !== undefined)) {
    // ovsdb/raft.c: ELECTION_BASE_MSEC, until somebody changes it.
    const { electionTimerMs = 1_000 } = leader.raft;
    // Three times: a heartbeat may be late, and the election timer is often set shorter than a busy disk answers.
    const heard = all.filter(
      (server) =>
        server.self || (server.lastHeardMs !== undefined && server.lastHeardMs <= electionTimerMs * 3),
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
