import type { Recipe } from '../recipe.ts';

/** octavia's doc/source/admin/guides/upgrade.rst: a cold upgrade; amphorae go on balancing meanwhile. */
export const octavia: Recipe = {
  service: 'octavia',
  control: [
    ['octavia-worker', 'octavia-health-manager', 'octavia-housekeeping', 'octavia-driver-agent'],
    ['octavia-api'],
  ],
  data: [],
  apis: ['octavia-api'],
  migrations: [
    {
      phase: 'sync',
      command: ['octavia-db-manage', '--config-file', '/etc/octavia/octavia.conf', 'upgrade', 'head'],
      why: 'With its control plane down; load balancers go on.',
    },
  ],
  contract: [],
  hasCheck: true,
  refresh: [],
  restartToRefresh: {},
  rolling: { documented: false, because: 'its upgrade guide knows a cold upgrade only' },
  tried: false,
  majorAtEpoxy: 16,
};
