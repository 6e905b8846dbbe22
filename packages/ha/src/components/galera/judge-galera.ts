import { counted, type Finding } from '@groundcrew/ground';
import { hostAndPort } from '../../probing/address.ts';
import type { JudgeOptions } from '../assess-options.ts';
import type { GaleraNode, WsrepStatus } from './galera-node.ts';
import { weightedMargin } from '../../probing/quorum.ts';
import { serving } from './galera-serving.ts';
import { found, seenOf, some } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';

/** A node that has Galera, seen. */
export interface Member {
  readonly where: { readonly source: string; readonly at: string };
  readonly id: string;
  readonly node: GaleraNode;
  readonly wsrep: WsrepStatus;
}

export function membersOf(galera: readonly Seen<GaleraNode>[]): Member[] {
  return seenOf(galera).flatMap(({ where, value }) =>
    value.wsrep === 'off' ? [] : [{ where, id: idOf(value), node: value, wsrep: value.wsrep }],
  );
}

export const idOf = (node: GaleraNode): string => hostAndPort(node.host, node.port);
export const isPrimary = ({ wsrep }: Member): boolean => wsrep.clusterStatus === 'Primary';

/** Judges each database node, and what they say of each other. */
export function judgeGalera(galera: readonly Seen<GaleraNode>[], options: JudgeOptions): Finding[] {
  if (galera.length === 0) return [];
  const members = membersOf(galera);
  const alone = seenOf(galera).filter(({ value }) => value.wsrep === 'off');
  return [
    ...alone.map(({ where, value }) => unreplicated(where, value, members)),
    ...members.flatMap((member) => memberFindings(member, options)),
    ...splitBrain(members, galera.length),
    ...membership(members, galera.length),
    ...versions(seenOf(galera), galera.length),
  ];
}

const unreplicated = (where: Member['where'], node: GaleraNode, members: readonly Member[]): Finding =>
  found(where, {
    id: 'mariadb.replicated',
    subject: { kind: 'database node', id: idOf(node) },
    severity: members.length > 0 ? 'critical' : 'high',
    good: false,
    title:
      members.length > 0
        ? `${idOf(node)} is outside the cluster that others are in`
        : `${idOf(node)} has no Galera: its data is on one machine`,
    because: `MariaDB ${node.version} with wsrep_provider none`,
    remedy:
      members.length > 0
        ? 'Find out who writes to it, before it joins and loses that.'
        : 'Make it a cluster of three.',
  });

function memberFindings({ where, id, node, wsrep }: Member, { flowControl }: JudgeOptions): Finding[] {
  const subject = { kind: 'database node', id };
  const findings = [
    found(where, {
      id: 'mariadb.primary',
      subject,
      severity: 'critical',
      good: wsrep.clusterStatus === undefined ? undefined : wsrep.clusterStatus === 'Primary',
      title:
        wsrep.clusterStatus === undefined
          ? `Whether ${id} is in the primary component is not told`
          : `${id} is ${wsrep.clusterStatus === 'Primary' ? '' : 'not '}in the primary component`,
      because: `wsrep_cluster_status ${wsrep.clusterStatus ?? 'not told'}, wsrep_cluster_size ${wsrep.clusterSize ?? 'not told'}`,
      remedy:
        'Find the nodes that it lost. If none is primary, plan the recovery; do not bootstrap by guess.',
    }),
    found(where, {
      id: 'mariadb.synced',
      subject,
      // A donor and a joiner are on their way; everything else is not.
      severity: wsrep.donor || wsrep.joiner ? 'medium' : 'high',
      good:
        wsrep.localState === undefined ? undefined : wsrep.localState === 'Synced' && wsrep.ready !== false,
      title: `${id} is ${wsrep.localState ?? 'in a state that it does not tell'}${wsrep.ready === false ? ' and not ready' : ''}`,
      because: `wsrep_local_state_comment ${wsrep.localState ?? 'not told'}, wsrep_ready ${told(wsrep.ready)}, wsrep_connected ${told(wsrep.connected)}, wsrep_evs_state ${wsrep.evsState ?? 'not told'}`,
      remedy:
        wsrep.donor || wsrep.joiner
          ? 'Wait until the transfer is over; touch no node meanwhile.'
          : `Read the error log of ${id}.`,
    }),
  ];
  const serves = serving(wsrep);
  findings.push(
    found(where, {
      id: 'mariadb.serves',
      subject,
      severity: 'critical',
      good: serves.good,
      title: `${id} ${serves.words}`,
      because: serves.because,
      remedy: serves.remedy,
    }),
  );
  if (wsrep.on !== true)
    findings.push(
      found(where, {
        id: 'mariadb.wsrep-on',
        subject,
        severity: 'critical',
        good: wsrep.on,
        title:
          wsrep.on === false
            ? `What is written to ${id} is not replicated`
            : `Whether what is written to ${id} is replicated is not told`,
        because: `a Galera provider is loaded, and wsrep_on is ${told(wsrep.on)}`,
        remedy: 'Stop writing to it; let it join again with a full transfer.',
      }),
    );
  if (wsrep.desynced === true && !wsrep.donor)
    findings.push(
      found(where, {
        id: 'mariadb.desynced',
        subject,
        severity: 'medium',
        good: false,
        title: `${id} is held out of flow control`,
        because: 'wsrep_desync, or wsrep_desync_count above 0',
        remedy: 'If no backup runs on it: SET GLOBAL wsrep_desync = OFF.',
      }),
    );
  if (node.readOnly !== false)
    findings.push(
      found(where, {
        id: 'mariadb.writable',
        subject,
        severity: 'high',
        good: node.readOnly === true ? false : undefined,
        title: node.readOnly === true ? `${id} is read-only` : `Whether ${id} can be written to is not told`,
        because: `read_only ${told(node.readOnly)}`,
        remedy: 'SET GLOBAL read_only = OFF, if nobody wants it so.',
      }),
    );
  // A node that does not tell it is neither praised nor blamed for it.
  if (wsrep.flowControlPaused !== undefined)
    findings.push(
      found(where, {
        id: 'mariadb.flow-control',
        subject,
        severity: 'medium',
        good: wsrep.flowControlPaused <= flowControl,
        title: `Writing stood still for ${(wsrep.flowControlPaused * 100).toFixed(1)} % of the time`,
        because: `wsrep_flow_control_paused ${wsrep.flowControlPaused} on ${id}, at most ${flowControl} wanted`,
        remedy: 'Find the slowest node: its disks, its applier threads (wsrep_slave_threads).',
      }),
    );
  return findings;
}

/** Components that call themselves primary, by what they agree on. */
export function primaryComponents(members: readonly Member[]): Member[][] {
  const groups = new Map<string, Member[]>();
  for (const member of members.filter(isPrimary)) {
    const { clusterStateUuid, configurationId, clusterSize } = member.wsrep;
    const key = `${clusterStateUuid} ${configurationId} ${clusterSize}`;
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  return [...groups.values()];
}

function splitBrain(members: readonly Member[], asked: number): Finding[] {
  const components = primaryComponents(members);
  const [first] = members;
  if (first === undefined) return [];
  const uuids = new Set(members.filter(isPrimary).flatMap((member) => member.wsrep.clusterStateUuid ?? []));
  const base = {
    id: 'mariadb.split-brain',
    subject: { kind: 'database', id: 'galera' },
    severity: 'critical',
  } as const;
  const because = members.map((member) => ({
    statement: `${member.id}: ${member.wsrep.clusterStatus ?? 'no status'}, size ${member.wsrep.clusterSize ?? '?'}, view ${member.wsrep.configurationId ?? '?'}, history ${member.wsrep.clusterStateUuid ?? '?'}`,
    ...member.where,
  }));
  // Two histories are two clusters. Of one history: components whose members were all seen, and of which each believes
  // to be whole, are apart; views that merely differ may be one change of membership, caught in the middle.
  const apart =
    components.length > 1 &&
    components.every(([head, ...rest]) => head?.wsrep.clusterSize === rest.length + 1);
  if (uuids.size > 1 || apart)
    return [
      found(first.where, {
        ...base,
        good: false,
        title:
          uuids.size > 1
            ? `${uuids.size} clusters with different histories`
            : `${components.length} primary components`,
        because,
        remedy: 'Stop writing to all but one; keep the data of the others until it has been compared.',
      }),
    ];
  const differ = components.length > 1;
  const complete = members.length === asked && members.every(({ wsrep }) => tellsItsComponent(wsrep));
  return [
    found(first.where, {
      ...base,
      good: differ || !complete ? undefined : true,
      title: differ
        ? 'Nodes do not agree on who belongs to the cluster'
        : complete
          ? 'One history, one primary component at most'
          : 'No split brain among the nodes that were seen',
      because,
      remedy: differ ? 'Ask again in a few seconds: membership may be changing.' : 'Make every node visible.',
    }),
  ];
}

/** Without these a node may be in any component. */
const tellsItsComponent = ({ clusterStatus, clusterStateUuid, clusterSize }: WsrepStatus): boolean =>
  clusterStatus !== undefined &&
  (clusterStatus !== 'Primary' || (clusterStateUuid !== undefined && clusterSize !== undefined));

function membership(members: readonly Member[], asked: number): Finding[] {
  const [component] = primaryComponents(members).toSorted((a, b) => b.length - a.length);
  const [first] = component ?? [];
  const size = first?.wsrep.clusterSize;
  if (first === undefined || component === undefined) return [];
  const subject = { kind: 'database', id: 'galera' };
  if (size === undefined)
    return [
      found(first.where, {
        id: 'mariadb.quorum-margin',
        subject,
        severity: 'high',
        good: undefined,
        title: 'How many nodes may fail is not known: the size of the cluster is not told',
        because: `wsrep_cluster_size not told by ${first.id}`,
        remedy: `Read wsrep_cluster_size on ${first.id}.`,
      }),
    ];
  // Galera counts anew after every change of membership: what was lost before does not vote any more.
  const weights = Array.from({ length: size }, (_, index) => component[index]?.wsrep.weight);
  const known = weights.filter((weight) => weight !== undefined);
  // Of two, the lighter alone is never more than half, whatever they weigh. Of more it depends on those that were not seen.
  const margin = size <= 2 ? 0 : known.length < size ? undefined : weightedMargin(known);
  const findings = [
    found(first.where, {
      id: 'mariadb.quorum-margin',
      subject,
      severity: margin === undefined || margin < 1 ? 'high' : 'medium',
      good: margin === undefined ? undefined : margin >= 1,
      title:
        margin === undefined
          ? `How many nodes of ${size} may fail is not known: ${counted(size - known.length, 'weight was', 'weights were')} not seen`
          : margin >= 1
            ? `${counted(margin, 'node')} of ${size} may fail at once`
            : `No node of ${size} may fail`,
      because: `wsrep_cluster_size ${size}, pc.weight ${weights.map((weight) => weight ?? 'not seen').join(', ')}: more than half must stay`,
      remedy:
        margin === undefined
          ? 'Make every node visible: one that was given a greater pc.weight counts for several.'
          : 'Bring the missing nodes back, or add one: three is the least that survives a failure.',
    }),
  ];
  if (size < asked)
    findings.push(
      found(first.where, {
        id: 'mariadb.member-missing',
        subject,
        severity: 'high',
        good: false,
        title: `${counted(asked - size, 'node')} of ${asked} not in the cluster`,
        because: `wsrep_cluster_size ${size}, ${asked} nodes are known; in it: ${some(first.wsrep.incomingAddresses)}`,
        remedy: 'Start the missing nodes, one at a time.',
      }),
    );
  if (size > asked)
    findings.push(
      found(first.where, {
        id: 'mariadb.member-unknown',
        subject,
        severity: 'medium',
        good: undefined,
        title: `The cluster has ${size} nodes, ${counted(asked, 'was', 'were')} asked`,
        because: `wsrep_cluster_size ${size}; addresses: ${some(first.wsrep.incomingAddresses)}`,
        remedy: 'Ask all of them. An arbitrator (garbd) counts and has no SQL.',
      }),
    );
  return findings;
}

function versions(
  nodes: readonly { readonly where: Member['where']; readonly value: GaleraNode }[],
  asked: number,
): Finding[] {
  const [first] = nodes;
  if (first === undefined || nodes.length < 2) return [];
  const all = new Set(nodes.map(({ value }) => value.version));
  return [
    found(first.where, {
      id: 'mariadb.version-skew',
      subject: { kind: 'database', id: 'galera' },
      severity: 'medium',
      good: all.size > 1 ? false : nodes.length === asked ? true : undefined,
      title:
        all.size > 1
          ? `Nodes run ${all.size} versions`
          : `The ${nodes.length} of ${counted(asked, 'node')} that were seen run ${first.value.version}`,
      because: nodes.map(({ where, value }) => ({ statement: `${idOf(value)}: ${value.version}`, ...where })),
      remedy: 'Finish the upgrade: mixed versions are for the time of a rolling upgrade.',
    }),
  ];
}

const told = (value: boolean | undefined): string =>
  value === undefined ? 'not told' : value ? 'ON' : 'OFF';
