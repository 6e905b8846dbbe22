import { counted, type Finding } from '@groundcrew/ground';
import type { PacemakerStatus } from './crm-mon.ts';
import { fencing } from './fencing-devices.ts';
import { quorumMargin } from '../../probing/quorum.ts';
import { found, seenOf, some } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';

/** Judges the cluster as each asked node of Pacemaker sees it. */
export function judgePacemaker(pacemaker: readonly Seen<PacemakerStatus>[]): Finding[] {
  const seen = seenOf(pacemaker);
  return [
    ...seen.flatMap(({ where, value }) => clusterFindings(where, value)),
    ...splitBrain(seen, pacemaker.length),
  ];
}

function clusterFindings(where: { source: string; at: string }, status: PacemakerStatus): Finding[] {
  const subject = { kind: 'cluster', id: `pacemaker as ${status.host} sees it` };
  const voters = status.nodes.filter((node) => node.type === 'member');
  const online = voters.filter((node) => node.online);
  const margin = quorumMargin({ of: voters.length, present: online.length });
  const fences = fencing(status);
  const unclean = status.nodes.filter((node) => node.unclean);
  const away = status.nodes.filter((node) => !node.online && !node.unclean);
  const broken = status.resources.filter((resource) => resource.failed || resource.blocked);
  const findings = [
    found(where, {
      id: 'pacemaker.quorum',
      subject,
      severity: 'critical',
      good: status.coordinator === undefined ? undefined : status.quorum,
      title:
        status.quorum === true
          ? 'The partition has quorum'
          : status.quorum === false
            ? 'The partition has no quorum: resources stop'
            : status.coordinator === undefined
              ? 'Nobody coordinates: whether there is quorum is not known'
              : 'Whether there is quorum is not told',
      because: `coordinator ${status.coordinator ?? 'none'}, with_quorum ${status.quorum ?? 'not told'}`,
      remedy: 'Bring members back; look at the ring with corosync-cfgtool -s.',
    }),
    found(where, {
      id: 'pacemaker.quorum-margin',
      subject,
      severity: margin < 0 && voters.length > 0 ? 'critical' : 'high',
      good: voters.length === 0 ? undefined : margin >= 1,
      title:
        voters.length === 0
          ? 'How many nodes may fail is not known: none is listed'
          : margin >= 1
            ? `${counted(margin, 'node')} of ${voters.length} may fail, if each has one vote`
            : `No node may fail: ${online.length} of ${voters.length} are online`,
      // A qdevice or two_node moves this line, and only corosync-quorumtool tells.
      because: `online: ${some(online.map((node) => node.name)) || 'none'}; one vote for each node supposed`,
      remedy: 'Bring nodes back, or have three; two need a quorum device.',
    }),
    found(where, {
      id: 'pacemaker.stonith',
      subject,
      severity: 'critical',
      good: fences.good,
      title: fences.title,
      because: fences.because,
      remedy:
        'Configure a fencing device for each node, switch it on, then stonith-enabled=true; stonith_admin --list NODE names those that can fence it.',
    }),
    found(where, {
      id: 'pacemaker.nodes',
      subject,
      severity: unclean.length > 0 ? 'critical' : 'high',
      good: unclean.length + away.length > 0 ? false : status.nodes.length > 0 ? true : undefined,
      title:
        unclean.length > 0
          ? `${some(unclean.map((node) => node.name))} unclean: what they held is not started before they are fenced`
          : away.length > 0
            ? `Offline: ${some(away.map((node) => node.name))}`
            : status.nodes.length === 0
              ? 'Which nodes are online is not told'
              : `${counted(status.nodes.length, 'node')} online`,
      because: status.nodes
        .map(
          (node) =>
            `${node.name}: ${node.unclean ? 'unclean' : node.online ? 'online' : 'offline'}${node.standby ? ', standby' : ''}${node.maintenance ? ', maintenance' : ''}`,
        )
        .concat(status.nodes.length === 0 ? ['no node listed'] : []),
      remedy:
        unclean.length > 0
          ? 'Fence them, or confirm that they are off: stonith_admin --confirm.'
          : 'Start the cluster there.',
    }),
    found(where, {
      id: 'pacemaker.failures',
      subject,
      severity: 'medium',
      good: status.failures.length + broken.length === 0,
      title:
        status.failures.length + broken.length === 0
          ? 'No failed action is listed, no resource failed or blocked'
          : `${counted(status.failures.length, 'failed action')}, ${counted(broken.length, 'resource')} failed or blocked`,
      because:
        status.failures.length + broken.length === 0
          ? counted(status.resources.length, 'resource')
          : [
              ...status.failures
                .slice(0, 5)
                .map((failure) => `${failure.operation} on ${failure.node}: ${failure.because}`),
              ...broken
                .slice(0, 5)
                .map((resource) => `${resource.id} ${resource.role}${resource.blocked ? ', blocked' : ''}`),
            ],
      remedy: 'Repair the cause, then crm_resource --cleanup.',
    }),
  ];
  if (status.stopAll === true)
    findings.push(
      found(where, {
        id: 'pacemaker.stop-all',
        subject,
        severity: 'critical',
        good: false,
        title: 'The cluster is told to stop everything',
        because: 'stop-all-resources true',
        remedy: 'Set it to false when the work is done.',
      }),
    );
  if (status.maintenance === true)
    findings.push(
      found(where, {
        id: 'pacemaker.maintenance',
        subject,
        severity: 'medium',
        good: false,
        title: 'The cluster is in maintenance: nothing is moved',
        because: 'maintenance-mode true',
        remedy: 'Switch it off when the work is done.',
      }),
    );
  if (status.noQuorumPolicy === 'ignore' && voters.length > 1)
    findings.push(
      found(where, {
        id: 'pacemaker.no-quorum-policy',
        subject,
        severity: 'high',
        good: false,
        title: 'Without quorum everybody goes on: both halves run everything',
        because: 'no-quorum-policy ignore',
        remedy: 'Set it to stop, or freeze.',
      }),
    );
  return findings;
}

/** Two coordinators, each with quorum. */
function splitBrain(seen: ReturnType<typeof seenOf<PacemakerStatus>>, asked: number): Finding[] {
  const [first] = seen;
  if (first === undefined || asked < 2) return [];
  const ruling = new Set(
    seen.flatMap(({ value }) => (value.quorum === true ? (value.coordinator ?? []) : [])),
  );
  // One that has a coordinator and does not tell its quorum may be ruling.
  const whole =
    seen.length === asked &&
    seen.every(({ value }) => value.coordinator === undefined || value.quorum !== undefined);
  return [
    found(first.where, {
      id: 'pacemaker.split-brain',
      subject: { kind: 'cluster', id: 'pacemaker' },
      severity: 'critical',
      good: ruling.size > 1 ? false : whole ? true : undefined,
      title:
        ruling.size > 1
          ? `${[...ruling].join(' and ')} both coordinate, with quorum`
          : whole
            ? 'One coordinator at most'
            : 'One coordinator at most among the nodes that were seen',
      because: seen.map(({ where, value }) => ({
        statement: `${value.host}: coordinator ${value.coordinator ?? 'none'}, quorum ${value.quorum ?? 'not told'}`,
        ...where,
      })),
      remedy: 'Fence one side.',
    }),
  ];
}
