import { type GaleraRefusal, orAcceptLoss, refuseCluster, refuseNode } from './galera-refusal.ts';
import { type GaleraNodeState, isPrimary } from './galera-state.ts';

/** The obstacles that forbid every plan, total outage or not: what is not known, and what is under way. */
export function standingInTheWay(
  nodes: readonly GaleraNodeState[],
  acceptLoss: readonly string[],
): GaleraRefusal[] {
  const serving = nodes.filter(isPrimary);
  return [
    ...nodes.flatMap((node) => nodeRefusals(node, serving.length > 0, acceptLoss.includes(node.host))),
    ...twoComponents(serving),
    ...missingMembers(nodes, serving.length > 0),
  ];
}

function nodeRefusals(node: GaleraNodeState, served: boolean, lossAccepted: boolean): GaleraRefusal[] {
  const { host, process, live, joiner, donor, bootstrapping } = node;
  if (joiner || donor)
    return [
      refuseNode(
        node,
        'galera.transfer-in-progress',
        joiner
          ? 'receives its data from another node'
          : 'gives its data to another node, or is held out for a backup',
        'Wait until it is Synced, and read all nodes again.',
      ),
    ];
  if (typeof live === 'object' && process !== 'running' && process !== 'unknown')
    return [
      refuseNode(
        node,
        'galera.unseen',
        `answers over SQL, and its process is ${process}: it changed while it was read, or one of its addresses is wrong`,
        'Read all nodes again; if it stays so, correct its addresses.',
      ),
    ];
  if (process === 'alone')
    return [
      refuseNode(
        node,
        'galera.transfer-in-progress',
        'has no server, and something else works in its data directory',
        'See what it is; a state transfer that lost its server may be ended. Then read all nodes again.',
      ),
    ];
  if (process === 'unknown')
    return lossAccepted
      ? []
      : [
          refuseNode(
            node,
            'galera.unseen',
            served
              ? 'could not be seen: it may run on its own'
              : 'could not be seen: it may run on its own, or hold the newest commit',
            `Make it readable, ${orAcceptLoss(host)}.`,
          ),
        ];
  if (process === 'frozen')
    return served
      ? []
      : [
          refuseNode(
            node,
            'galera.frozen',
            'has a server that a signal stopped; what it has is not known as long as it is in between',
            'Let it go on (SIGCONT) or end it (SIGKILL; its data stay), and read all nodes again.',
          ),
        ];
  if (process === 'none') return [];
  return runningRefusals(node, { served, live, bootstrapping });
}

function runningRefusals(
  node: GaleraNodeState,
  {
    served,
    live,
    bootstrapping,
  }: Pick<GaleraNodeState, 'live' | 'bootstrapping'> & { readonly served: boolean },
): GaleraRefusal[] {
  if (typeof live !== 'object')
    return [
      bootstrapping === true
        ? refuseNode(
            node,
            'galera.bootstrap-underway',
            'was told to begin a cluster, and does not answer yet',
            'Wait until it answers, or stop it; then read all nodes again.',
          )
        : refuseNode(
            node,
            'galera.unseen',
            'has a server that does not answer: it starts, hangs, or does not let us in',
            'See why it does not answer; if it hangs, end it (its data stay). Then read all nodes again.',
          ),
    ];
  if (isPrimary(node))
    return live.localState === 'Synced'
      ? []
      : [
          refuseNode(
            node,
            'galera.transfer-in-progress',
            `serves, and is not Synced but ${live.localState ?? 'in a state that it does not tell'}`,
            'Wait until it is Synced, and read all nodes again.',
          ),
        ];
  if (served)
    return [
      refuseNode(
        node,
        'galera.partitioned',
        `runs, and is outside of the component that serves (${live.clusterStatus ?? 'it does not tell'})`,
        'Let it reach the others again, and it joins by itself; if it does not, stop it, and read all nodes again.',
      ),
    ];
  // Whether a component serves is only known of a node that says that it does not.
  if (live.clusterStatus === undefined)
    return [
      refuseNode(
        node,
        'galera.unseen',
        'does not tell whether it is in a component that serves',
        'Ask it for wsrep_cluster_status, and read all nodes again.',
      ),
    ];
  if (live.clusterStatus !== 'Disconnected' || bootstrapping === false) return [];
  return [
    bootstrapping === true
      ? refuseNode(
          node,
          'galera.bootstrap-underway',
          'was told to begin a cluster, and is not connected yet',
          'Wait until it serves, or stop it; then read all nodes again.',
        )
      : refuseNode(
          node,
          'galera.unseen',
          'is not connected, and may have been told to begin a cluster: its processes could not be seen',
          'Read its processes as root, or stop it; then read all nodes again.',
        ),
  ];
}

/** After two bootstraps from the same data both have one history, so that its id does not tell them apart. */
export function twoComponents(serving: readonly GaleraNodeState[]): GaleraRefusal[] {
  const views = serving.map(({ host, live }) => ({ host, ...(typeof live === 'object' ? live : {}) }));
  const differ = (key: 'clusterStateUuid' | 'clusterSize' | 'configurationId'): boolean =>
    new Set(views.map((view) => view[key])).size > 1;
  const tooMany = views.some(({ clusterSize }) => clusterSize !== undefined && clusterSize < serving.length);
  if (!tooMany && !differ('clusterStateUuid') && !differ('clusterSize') && !differ('configurationId'))
    return [];
  const each = views.map(
    ({ host, clusterStateUuid, clusterSize, configurationId }) =>
      `${host} is one of ${clusterSize ?? '?'} in ${clusterStateUuid ?? '?'}, configuration ${configurationId ?? '?'}`,
  );
  return [
    refuseCluster(
      'galera.two-components',
      `Nodes serve that are not in one component: ${each.join('; ')}`,
      'Read all nodes again, in case one has just joined or left. If it stays so, both take writes that the other will never see: stop clients, decide which one is kept, and stop the other.',
    ),
  ];
}

/** Nodes that died in a component wrote down who was in it. */
function missingMembers(nodes: readonly GaleraNodeState[], served: boolean): GaleraRefusal[] {
  if (served) return [];
  const largest = nodes
    .filter(({ view }) => typeof view === 'object')
    .map(({ host, view }) => ({ host, members: typeof view === 'object' ? view.members.length : 0 }))
    .toSorted((a, b) => b.members - a.members)[0];
  if (largest === undefined || largest.members <= nodes.length) return [];
  return [
    refuseCluster(
      'galera.member-missing',
      `${largest.host} was one of ${largest.members} nodes, and only ${nodes.length} were given`,
      'Give every node of the cluster; one that cannot be read too.',
    ),
  ];
}
