import type { Recipe } from '../recipe.ts';

/** swift has no database to migrate; storage nodes go before proxies, so that no proxy asks for what a node does not know. */
export const swift: Recipe = {
  service: 'swift',
  control: [['swift-proxy']],
  data: [['swift-account', 'swift-container', 'swift-object']],
  dataFirst: true,
  apis: ['swift-proxy'],
  migrations: [],
  contract: [],
  hasCheck: false,
  refresh: [],
  restartToRefresh: {},
  rolling: { documented: true, skipsRelease: true },
  tried: false,
  majorAtEpoxy: undefined,
};
