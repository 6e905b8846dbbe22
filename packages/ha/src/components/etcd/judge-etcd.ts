import { counted } from '@groundcrew/ground';
import type { Finding, Refusal } from '@groundcrew/runbook';
import type { EtcdStatus } from './observe-etcd.ts';
import { quorumMargin } from '../../probing/quorum.ts';
import { found, seenOf, some } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';

type SeenMember = ReturnType<typeof seenOf<EtcdStatus>>[number];

const subject = { kind: 'cluster', id: 'etcd' } as const;

/** Judges etcd by what each asked member says. */
export function judgeEtcd(etcd: readonly Seen<EtcdStatus>[]): Finding[] {
  const seen = seenOf(etcd);
  const [first] = seen;
  if (first === undefined) return [];
  const ids = new Set(seen.map(({ value }) => value.clusterId));
  const alarms = [
    ...new Set(
      seen.flatMap(({ value }) => (value.alarms ?? []).map((alarm) => `${alarm.alarm} by ${alarm.member}`)),
    ),
  ];
  const alarmsTold = seen.some(({ value }) => value.alarms !== undefined);
  const { votes, margin } = marginOf(seen);
  return [
    ...seen.map(({ where, value }) =>
      found(where, {
        id: 'etcd.leader',
        subject: { kind: 'cluster member', id: value.url },
        severity: 'critical',
        good: value.leader !== undefined && value.healthy !== false,
        title:
          value.leader === undefined
            ? `${value.url} has no leader: nothing can be written`
            : value.healthy === false
              ? `${value.url} calls itself unhealthy`
              : `${value.url} follows a leader`,
        because: `leader ${value.leader ?? 'none'}, term ${value.term ?? '?'}, health ${value.healthy ?? 'not told'}${value.errors.length > 0 ? `, ${some(value.errors)}` : ''}`,
        remedy: 'Bring members back until more than half are there.',
      }),
    ),
    found(first.where, {
      id: 'etcd.split-brain',
      subject,
      severity: 'critical',
      good: ids.size > 1 ? false : seen.length === etcd.length ? true : undefined,
      title:
        ids.size > 1
          ? `${ids.size} clusters where one was expected`
          : seen.length === etcd.length
            ? `The ${counted(seen.length, 'member')} that were asked are of one cluster`
            : 'Whether all members are of one cluster is not known',
      because: seen.map(({ where, value }) => ({
        statement: `${value.url}: cluster ${value.clusterId}`,
        ...where,
      })),
      remedy: 'Find out which one the services write to; a member was started as a new cluster.',
    }),
    found(first.where, {
      id: 'etcd.quorum-margin',
      subject,
      severity: margin !== undefined && margin < 0 ? 'critical' : 'high',
      good: margin === undefined ? undefined : margin >= 1,
      title:
        margin === undefined
          ? 'How many members may fail is not known'
          : margin >= 1
            ? `${counted(margin, 'member')} of ${votes.of} may fail`
            : `No member may fail: ${votes.present} of ${votes.of} seen to work`,
      because: `members: ${some((first.value.members ?? []).map((member) => member.name || member.id)) || 'not told'}; answering with a leader: ${votes.present}`,
      remedy: 'Ask every member, bring those back that are down, or have three.',
    }),
    found(first.where, {
      id: 'etcd.alarms',
      subject,
      severity: 'critical',
      good: alarms.length > 0 ? false : alarmsTold ? true : undefined,
      title:
        alarms.length > 0
          ? some(alarms)
          : alarmsTold
            ? 'etcd lists no alarm'
            : 'Whether there are alarms is not told',
      because: alarms.length > 0 ? alarms : 'maintenance/alarm',
      remedy: 'NOSPACE: compact, defragment, disarm. CORRUPT: replace the member.',
    }),
  ];
}

/** A member that nobody asked, or that did not answer, is not counted on; it may work. */
function marginOf(seen: readonly SeenMember[]): {
  votes: { of: number; present: number };
  margin: number | undefined;
} {
  const members = seen
    .find(({ value }) => value.members !== undefined)
    ?.value.members?.filter((member) => !member.learner);
  const works = new Set(
    seen
      .filter(({ value }) => value.leader !== undefined && value.healthy !== false && !value.learner)
      .map(({ value }) => value.memberId),
  );
  // Without a list nothing is counted of: the margin is `undefined` then.
  const votes = { of: members?.length ?? 0, present: works.size };
  if (members === undefined) return { votes, margin: undefined };
  const asked = new Set(seen.map(({ value }) => value.memberId));
  const margin = quorumMargin(votes);
  const notAskedOf = members.some((member) => !asked.has(member.id));
  // An empty list is no cluster: who answers is a member of it.
  if (members.length === 0) return { votes, margin: undefined };
  return { votes, margin: margin < 1 && notAskedOf && works.size > 0 ? undefined : margin };
}

/** One member less must still be a majority. */
export function refuseEtcd(etcd: readonly Seen<EtcdStatus>[]): Refusal[] {
  const seen = seenOf(etcd);
  const { votes, margin } = marginOf(seen);
  const [first] = seen;
  if (first === undefined || margin === undefined || margin >= 1) return [];
  return [
    {
      code: 'etcd.no-margin',
      reason: `${votes.present} of ${votes.of} members work: one less is no majority`,
      remedy: 'Bring members back, or add one, first.',
      subject,
      because: [{ statement: `members ${votes.of}, working ${votes.present}`, ...first.where }],
    },
  ];
}
