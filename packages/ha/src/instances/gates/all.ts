import { aggregateBudget } from './aggregate-budget.ts';
import { anythingToMove } from './anything-to-move.ts';
import { dataSource } from './data-source.ts';
import { heartbeatCliff } from './heartbeat-cliff.ts';
import type { Gate } from './gate.ts';
import { hostReallyDown } from './host-really-down.ts';
import { hostsAtOnce } from './hosts-at-once.ts';
import { kernelDump } from './kernel-dump.ts';
import { ownView } from './own-view.ts';
import { schedulerUp } from './scheduler-up.ts';
import { shareDown } from './share-down.ts';

/**
 * The ten gates, in the order in which they are asked. The questions and their order are InstanceHA's
 * (openstack-k8s-operators/infra-operator, `docs/instanceha_architecture.md`).
 */
export const gates: readonly Gate[] = [
  ownView,
  heartbeatCliff,
  hostReallyDown,
  dataSource,
  anythingToMove,
  shareDown,
  aggregateBudget,
  hostsAtOnce,
  schedulerUp,
  kernelDump,
];
