import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'data-source', onMissing: 'closed' });

const FEWEST = 3;

/** Is the source of the data broken? When every heartbeat is stale, their path is, not the hosts. */
export const dataSource: Gate = {
  id: 'data-source',
  question: 'Is it the heartbeats that are broken?',
  scope: 'cycle',
  onMissing: 'closed',
  why: 'Without heartbeats nothing says that anything is well.',
  judge({ cloud }) {
    const reporting = cloud.hosts?.filter(({ enabled, forcedDown }) => enabled && !forcedDown);
    if (reporting === undefined) return [say.missing('heartbeats could not be read')];
    if (reporting.length >= FEWEST && reporting.every(({ up }) => !up))
      return [
        say.closed(`all ${reporting.length} compute services are stale: message bus or database, not hosts`),
      ];
    return [
      say.open(`${reporting.filter(({ up }) => up).length} of ${reporting.length} compute services report`),
    ];
  },
};
