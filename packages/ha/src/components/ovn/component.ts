import { type Component, defineComponent } from '../define-component.ts';
import { judgeOvn } from './judge-ovn.ts';
import { type OvnDatabase, ovnObserver, type OvnTarget } from './observe-ovn.ts';
import { refuseOvn, sparesUnknown } from './refuse-ovn.ts';

const ovn = <Name extends string>(
  name: Name,
  database: 'OVN_Northbound' | 'OVN_Southbound',
  { title, stops, port }: { readonly title: string; readonly stops: string; readonly port: number },
): Component<Name, 'ovn', OvnTarget, OvnDatabase> =>
  defineComponent({
    ...ovnObserver,
    unseen: { means: sparesUnknown(database) },
    name,
    title,
    mode: 'quorum',
    state: 'replicated',
    stops,
    wanted: 3,
    essential: false,
    quorum: {
      voters: 'all servers of the Raft cluster, present or not',
      minimum: 3,
      minority: 'serves what it has to who insists on no leader, and takes no changes',
    },
    checks: [
      {
        id: 'cluster-status',
        expects: 'cluster/status: cluster member, with a leader',
        port,
        source: { kind: 'upstream', where: 'ovsdb(7), clustered databases' },
      },
    ],
    needs: [],
    unsafe: [
      {
        id: `${name}.no-margin`,
        moves: ['stop', 'restart', 'upgrade', 'reconfigure'],
        when: 'with one server less there is no majority, the database is not clustered, or a server could not be asked',
        why: 'the database takes no changes until one is back',
        source: { kind: 'upstream', where: 'ovsdb(7), clustered databases' },
        refuses: (seen) => refuseOvn(seen, database, name),
      },
      {
        id: `${name}.rejoin-with-old-file`,
        moves: ['bootstrap'],
        when: 'a server that was kicked out starts with its old file, or a cluster is created a second time',
        why: 'two clusters of one name',
        source: { kind: 'upstream', where: 'ovsdb(7): a server that left must join anew' },
      },
    ],
    sign: 'is a member that knows a leader',
    replica: ({ host, raft }) => ({
      at: host,
      works: raft === 'standalone' || (raft.status === 'cluster member' && raft.leader !== undefined),
    }),
    judge: (seen) => judgeOvn(seen, database, name),
  });

export const ovnNorthbound: Component<'ovn-northbound', 'ovn', OvnTarget, OvnDatabase> = ovn(
  'ovn-northbound',
  'OVN_Northbound',
  {
    title: 'OVN northbound database',
    port: 6_641,
    stops: 'Neutron can change no network; packets flow on',
  },
);

export const ovnSouthbound: Component<'ovn-southbound', 'ovn', OvnTarget, OvnDatabase> = ovn(
  'ovn-southbound',
  'OVN_Southbound',
  {
    title: 'OVN southbound database',
    port: 6_642,
    stops: 'no port is bound, no server gets a network; packets flow on',
  },
);
