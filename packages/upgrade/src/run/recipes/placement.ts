import type { Recipe } from '../recipe.ts';

/** placement's doc/source/admin/upgrade-notes.rst and doc/source/cli/placement-manage.rst. It has one program, and no RPC. */
export const placement: Recipe = {
  service: 'placement',
  control: [['placement-api']],
  data: [],
  apis: ['placement-api'],
  migrations: [
    {
      phase: 'sync',
      command: ['placement-manage', 'db', 'sync'],
      why: 'Adds only; the old code goes on with it.',
    },
  ],
  contract: [],
  online: { command: ['placement-manage', 'db', 'online_data_migrations'], limit: '--max-count' },
  hasCheck: true,
  refresh: [],
  restartToRefresh: {},
  rolling: { documented: true, skipsRelease: false },
  tried: true,
  majorAtEpoxy: 13,
};
