import type { Recipe } from '../recipe.ts';

const WITHOUT_PIN = { from: 0, why: 'Its guide has everything restarted once the pin is gone.' };

/**
 * ironic's doc/source/admin/upgrade-guide.rst: before nova, whose driver may ask for what only the new ironic has; conductors before
 * APIs, both pinned to the old release; then the pin goes, everything is restarted, and the data is migrated. It goes one series at a
 * time.
 */
export const ironic: Recipe = {
  service: 'ironic',
  control: [['ironic-conductor'], ['ironic-api']],
  data: [],
  apis: ['ironic-api'],
  pin: {
    file: '/etc/ironic/ironic.conf',
    section: 'DEFAULT',
    option: 'pin_release_version',
    value: 'from',
    remove: true,
  },
  migrations: [
    {
      phase: 'sync',
      command: ['ironic-dbsync', '--config-file', '/etc/ironic/ironic.conf', 'upgrade'],
      why: 'Adds only; the pinned code works on it.',
    },
  ],
  contract: [],
  online: {
    command: ['ironic-dbsync', '--config-file', '/etc/ironic/ironic.conf', 'online_data_migrations'],
    limit: '--max-count',
  },
  hasCheck: true,
  refresh: ['ironic-conductor', 'ironic-api'],
  restartToRefresh: { 'ironic-conductor': WITHOUT_PIN, 'ironic-api': WITHOUT_PIN },
  rolling: { documented: true, skipsRelease: false },
  tried: false,
  majorAtEpoxy: undefined,
};
