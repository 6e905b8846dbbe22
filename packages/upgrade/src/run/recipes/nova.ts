import type { Recipe } from '../recipe.ts';

// In newer packages always.
const UNDER_UWSGI = { from: 0, why: 'Under uWSGI nobody reads SIGHUP as oslo.service does.' };

// The default of these components since those releases (doc/source/admin/concurrency.rst). SIGHUP ends the worker: it takes no more
// requests, sleeps `manager_shutdown_timeout`, and is replaced only then, while Nova calls it up: on the lab 163 seconds.
const THREADS =
  'With native threads SIGHUP would end its worker, and another would begin only after `manager_shutdown_timeout` (160 s).';
const SCHEDULER_HAS_THREADS = 33;

/**
 * nova's doc/source/admin/upgrades.rst. Computes and conductors of two series before are served since 2023.1, where both are SLURPs
 * (`OLDEST_SUPPORTED_SERVICE_VERSION`, nova/objects/service.py).
 *
 * Without the pin a new compute casts to a topic that an old one does not have, and a migration stands for ever; seen on the lab.
 */
export const nova: Recipe = {
  service: 'nova',
  control: [
    ['nova-conductor'],
    ['nova-scheduler', 'nova-novncproxy', 'nova-spicehtml5proxy', 'nova-serialproxy'],
    ['nova-api', 'nova-api-metadata'],
  ],
  data: [['nova-compute']],
  apis: ['nova-api', 'nova-api-metadata'],
  pin: {
    file: '/etc/nova/nova.conf',
    section: 'upgrade_levels',
    option: 'compute',
    value: 'auto',
    remove: false,
  },
  migrations: [
    {
      phase: 'api-sync',
      command: ['nova-manage', 'api_db', 'sync'],
      why: 'First: it holds where the cells are. Adds only.',
    },
    {
      phase: 'sync',
      command: ['nova-manage', 'db', 'sync'],
      why: 'cell0 and the cell of the configuration. Adds only; old and new code work on it.',
    },
  ],
  contract: [],
  online: { command: ['nova-manage', 'db', 'online_data_migrations'], limit: '--max-count' },
  hasCheck: true,
  refresh: ['nova-conductor', 'nova-scheduler', 'nova-compute', 'nova-api', 'nova-api-metadata'],
  restartToRefresh: {
    'nova-api': UNDER_UWSGI,
    'nova-api-metadata': UNDER_UWSGI,
    // OS_NOVA_DISABLE_EVENTLET_PATCHING asks for threads before they are the default (nova/monkey_patch.py and nova/cmd of each release). It
    // asks for eventlet afterwards, too, as does [DEFAULT] concurrency_backend since 34: a restart is right for that as well.
    'nova-scheduler': { from: SCHEDULER_HAS_THREADS, byEnvironmentFrom: 32, why: THREADS },
    'nova-conductor': { from: 34, byEnvironmentFrom: 33, why: THREADS },
    'nova-compute': { from: 34, byEnvironmentFrom: 33, why: THREADS },
  },
  slowToEnd: {
    major: SCHEDULER_HAS_THREADS,
    warning:
      'A scheduler, conductor or compute of nova 33 or later sleeps `manager_shutdown_timeout` (160 s) before it ends, and takes no requests meanwhile: with one scheduler nobody schedules for so long. Its unit must be allowed to take longer (TimeoutStopSec), or the option be lower.',
  },
  rolling: { documented: true, skipsRelease: true },
  // From 2025.1 to 2026.1, on the lab: ImageMetaProps 1.42 of the request that the new conductor had written, the old API knows 1.39.
  whileMixed:
    'Let nobody migrate, resize or evacuate servers from the first new nova-conductor to the last new nova-api: of a server that the new one had in hand, an old API may answer 500 (IncompatibleObjectVersion).',
  tried: true,
  majorAtEpoxy: 31,
};
