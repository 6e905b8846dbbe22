import { type Component, defineComponent } from '../define-component.ts';
import { eachReplica } from '../replicas.ts';
import type { PacemakerStatus } from './crm-mon.ts';
import { judgePacemaker } from './judge-pacemaker.ts';
import { pacemakerObserver, type PacemakerTarget } from './observe-pacemaker.ts';
import { refusePacemaker } from './refuse-pacemaker.ts';

/** The fact as the node that was asked first tells it of all. */
const ONLINE = 'is online';

/** Corosync is seen through Pacemaker, which judges what it sees. */
export const corosync: Component<'corosync', 'pacemaker', PacemakerTarget, PacemakerStatus> = defineComponent(
  {
    ...pacemakerObserver,
    name: 'corosync',
    title: 'corosync',
    mode: 'quorum',
    state: 'replicated',
    stops: 'Pacemaker loses its membership: it stops resources, or fences',
    wanted: 3,
    essential: false,
    quorum: {
      voters: 'nodes of the cluster, and a quorum device if there is one',
      minimum: 3,
      minority: 'what Pacemaker does then is its no-quorum-policy: stop',
    },
    checks: [
      {
        id: 'quorum',
        expects: 'the partition has quorum',
        source: { kind: 'upstream', where: 'votequorum(5)' },
      },
    ],
    needs: [],
    unsafe: [
      {
        id: 'corosync.no-margin',
        moves: ['stop', 'restart', 'upgrade', 'reconfigure'],
        when: 'with one node less there is no majority, or a node is unclean',
        why: 'resources stop everywhere, or a node is fenced',
        source: { kind: 'upstream', where: 'votequorum(5), Pacemaker Explained: no-quorum-policy' },
        refuses: refusePacemaker,
      },
    ],
  },
);

export const pacemaker: Component<'pacemaker', 'pacemaker', PacemakerTarget, PacemakerStatus> =
  defineComponent({
    ...pacemakerObserver,
    name: 'pacemaker',
    title: 'Pacemaker',
    mode: 'active-passive',
    state: 'replicated',
    stops: 'nobody moves virtual addresses and passive services any more',
    wanted: 3,
    essential: false,
    checks: [
      {
        id: 'crm-mon',
        expects: 'quorum, no unclean node, no failed action, stonith enabled with devices',
        source: { kind: 'upstream', where: 'crm_mon(8), Pacemaker Explained' },
      },
    ],
    needs: [{ component: 'corosync', kind: 'hard', why: 'membership and messages' }],
    unsafe: [
      {
        id: 'pacemaker.unclean',
        moves: ['stop', 'restart', 'upgrade', 'reconfigure'],
        when: 'a node is unclean, the partition has no quorum, or none may leave',
        why: 'Pacemaker answers with fencing, or stops what runs',
        source: { kind: 'upstream', where: 'Pacemaker Explained: fencing, no-quorum-policy' },
        refuses: refusePacemaker,
      },
      {
        id: 'pacemaker.no-stonith',
        moves: ['evacuate'],
        when: 'stonith is disabled, and what ran on a lost node is started elsewhere',
        why: 'it may run twice: two writers on one disk',
        source: { kind: 'field', where: 'charm guide of Masakari: stonith is required' },
      },
    ],
    replicas: (seen) => {
      const first = seen.find(({ value }) => value !== undefined);
      // A list without any node says nothing of those that there are: who printed it is one of them.
      if (first?.value === undefined || first.value.nodes.length === 0)
        return eachReplica(
          { sign: ONLINE, replica: ({ host }: PacemakerStatus) => ({ at: host, works: undefined }) },
          seen,
        );
      const nodes = first.value.nodes.filter(({ type }) => type === 'member');
      return {
        working: nodes.filter((node) => node.online && !node.unclean).map(({ name }) => name),
        broken: nodes.filter((node) => !node.online || node.unclean).map(({ name }) => name),
        unseen: [],
        sign: ONLINE,
        source: first.source,
        at: first.at,
      };
    },
    judge: judgePacemaker,
  });
