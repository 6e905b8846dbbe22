import type { Recipe } from '../recipe.ts';

/** barbican's doc/source/admin/upgrade.rst: all services down, the database, all services up. */
export const barbican: Recipe = {
  service: 'barbican',
  control: [['barbican-worker', 'barbican-keystone-listener'], ['barbican-api']],
  data: [],
  apis: ['barbican-api'],
  migrations: [
    {
      phase: 'sync',
      command: ['barbican-manage', 'db', 'upgrade'],
      why: 'With every service down, as its guide says.',
    },
  ],
  contract: [],
  hasCheck: true,
  refresh: [],
  restartToRefresh: {},
  rolling: { documented: false, because: 'its upgrade guide takes all services down' },
  tried: false,
  majorAtEpoxy: 20,
};
