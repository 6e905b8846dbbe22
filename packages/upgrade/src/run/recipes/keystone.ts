import type { MigrationState, Recipe } from '../recipe.ts';

/** Exit 0: all done; 2: expand comes next; 4: contract comes next; 1: broken (keystone doc/source/admin/upgrading.rst). */
const CHECK = ['keystone-manage', 'db_sync', '--check'] as const;
const expanded: MigrationState = { command: CHECK, done: [0, 4], left: [2, 3] };
const contracted: MigrationState = { command: CHECK, done: [0], left: [2, 3, 4] };

/**
 * "Upgrading without downtime" of keystone's doc/source/admin/upgrading.rst. `--migrate` does nothing since Yoga, whose migrations of
 * data are part of the expand phase; it is run for hops from before, and costs two seconds.
 */
export const keystone: Recipe = {
  service: 'keystone',
  control: [['keystone']],
  data: [],
  apis: ['keystone'],
  migrations: [
    {
      phase: 'expand',
      command: ['keystone-manage', 'db_sync', '--expand'],
      why: 'The old code goes on with the expanded schema; on MySQL it needs log_bin_trust_function_creators=1.',
      state: expanded,
    },
    {
      phase: 'migrate',
      command: ['keystone-manage', 'db_sync', '--migrate'],
      why: 'Data for the new columns; nothing since Yoga.',
    },
  ],
  contract: [
    {
      phase: 'contract',
      command: ['keystone-manage', 'db_sync', '--contract'],
      why: 'Takes away what only the old code used: it can never serve again.',
      state: contracted,
    },
  ],
  hasCheck: true,
  refresh: [],
  restartToRefresh: {},
  rolling: { documented: true, skipsRelease: false },
  tried: true,
  majorAtEpoxy: 27,
};
