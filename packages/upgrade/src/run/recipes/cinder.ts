import type { Recipe } from '../recipe.ts';

/**
 * cinder's doc/source/admin/upgrades.rst: scheduler, volume, backup, and the API last; it says of itself that a live upgrade goes to the
 * next release only. An outage of cinder-volume goes unnoticed while it is shorter than `service_down_time`. The API does not take
 * SIGHUP.
 */
export const cinder: Recipe = {
  service: 'cinder',
  control: [['cinder-scheduler'], ['cinder-volume'], ['cinder-backup'], ['cinder-api']],
  data: [],
  apis: ['cinder-api'],
  migrations: [
    {
      phase: 'sync',
      command: ['cinder-manage', 'db', 'sync'],
      why: "Adds only; refused by cinder-manage while the old release's online migrations are left.",
    },
  ],
  contract: [],
  online: { command: ['cinder-manage', 'db', 'online_data_migrations'], limit: '--max_count' },
  hasCheck: true,
  refresh: ['cinder-scheduler', 'cinder-volume', 'cinder-backup', 'cinder-api'],
  restartToRefresh: { 'cinder-api': { from: 0, why: 'It does not take SIGHUP.' } },
  rolling: { documented: true, skipsRelease: false },
  tried: true,
  majorAtEpoxy: 26,
};
