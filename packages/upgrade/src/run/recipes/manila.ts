import type { Recipe } from '../recipe.ts';

/** manila's tools, in the order in which cinder, of which it came, is upgraded; no guide of it promises more. */
export const manila: Recipe = {
  service: 'manila',
  control: [['manila-scheduler'], ['manila-share', 'manila-data'], ['manila-api']],
  data: [],
  apis: ['manila-api'],
  migrations: [
    {
      phase: 'sync',
      command: ['manila-manage', 'db', 'sync'],
      why: 'With every service down: nothing promises that old code works on it.',
    },
  ],
  contract: [],
  hasCheck: true,
  refresh: [],
  restartToRefresh: {},
  rolling: { documented: false, because: 'no guide of it describes one' },
  tried: false,
  majorAtEpoxy: 20,
};
