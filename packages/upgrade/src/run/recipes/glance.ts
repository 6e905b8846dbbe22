import type { MigrationState, Recipe } from '../recipe.ts';

/**
 * Exit 3: expand is needed; 4: migrate; 5: contract (glance/cmd/manage.py, `check`). It exits 0 as soon as the contract branch is at
 * its head, also where the expand branch is not: so 0 is no evidence of an expansion, which is then run again.
 */
const CHECK = ['glance-manage', 'db', 'check'] as const;
const expanded: MigrationState = { command: CHECK, done: [4, 5], left: [3], unclear: [0] };
const migrated: MigrationState = { command: CHECK, done: [5], left: [3, 4], unclear: [0] };
const contracted: MigrationState = { command: CHECK, done: [0], left: [3, 4, 5] };

/** glance's doc/source/admin/rollingupgrades.rst, which calls it experimental. */
export const glance: Recipe = {
  service: 'glance',
  control: [['glance-api']],
  data: [],
  apis: ['glance-api'],
  migrations: [
    {
      phase: 'expand',
      command: ['glance-manage', 'db', 'expand'],
      why: 'The old code goes on with the expanded schema.',
      state: expanded,
    },
    {
      phase: 'migrate',
      command: ['glance-manage', 'db', 'migrate'],
      why: 'Must have ended before a new server starts.',
      state: migrated,
    },
  ],
  contract: [
    {
      phase: 'contract',
      command: ['glance-manage', 'db', 'contract'],
      why: 'Takes away what only the old code used: it can never serve again.',
      state: contracted,
    },
  ],
  hasCheck: true,
  refresh: [],
  restartToRefresh: {},
  rolling: { documented: true, skipsRelease: false },
  tried: true,
  majorAtEpoxy: 30,
};
