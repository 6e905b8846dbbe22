import type { Recipe } from '../recipe.ts';

/**
 * heat's doc/source/operating_guides/upgrades_guide.rst. Its rolling upgrade wants new engines on a vhost of their own until the old ones
 * are gone, which changes the bus and not only the packages: here heat is upgraded as it calls "cold".
 */
export const heat: Recipe = {
  service: 'heat',
  control: [['heat-engine'], ['heat-api', 'heat-api-cfn']],
  data: [],
  apis: ['heat-api', 'heat-api-cfn'],
  migrations: [
    {
      phase: 'sync',
      command: ['heat-manage', 'db_sync'],
      why: 'With every engine down: old ones are not meant to see it.',
    },
  ],
  contract: [],
  hasCheck: true,
  refresh: [],
  restartToRefresh: {},
  rolling: {
    documented: false,
    because: 'its rolling upgrade needs a second vhost of RabbitMQ for the new engines',
  },
  tried: false,
  majorAtEpoxy: 24,
};
