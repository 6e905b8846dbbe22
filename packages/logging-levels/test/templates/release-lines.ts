// As the sources of both releases write them: nova 31.0.0 and 33.0.2, oslo.service 4.1.0 and 4.4.1, neutron 26.0.3 and 28.0.1
// (`git diff 31.0.0 33.0.2`, …). The deprecated option is one of the lab's own logs.
const NETWORK = '9f3ba7e0-6f0a-4c52-9a0b-0d6a64ad7f53';
const STARS = '*'.repeat(80);
const BOTH = [
  'WARNING oslo_config.cfg [-] Deprecated: Option "api_servers" from group "glance" is deprecated for removal (',
  '  Support for image service configuration via standard keystoneauth1 Adapter options was added in the 17.0.0 Queens release.',
  '  ).  Its value may be silently ignored in the future.',
];
/** Lines of 2025.1, without the time and process before them. */
export const EPOXY: readonly string[] = [
  ...BOTH,
  'INFO nova.service [-] Starting conductor node (version 31.0.0)',
  'INFO oslo_service.backend.eventlet.service [-] Starting 2 workers',
  'DEBUG oslo_service.backend.eventlet.service [-] Full set of CONF:',
  `DEBUG oslo_service.backend.eventlet.service [-] ${STARS}`,
  'DEBUG oslo_service.backend.eventlet.service [-] auth_strategy                  = keystone',
  'WARNING nova.service [-] Running nova-metadata using eventlet is deprecated. Deploy with a WSGI server such as uwsgi or mod_wsgi.',
  `ERROR neutron.agent.metadata.agent [-] No port found in network ${NETWORK} with IP address 10.0.0.7`,
  'INFO oslo_service.backend.eventlet.service [-] Caught SIGTERM, stopping children',
];

/** Lines of 2026.1. */
export const GAZPACHO: readonly string[] = [
  ...BOTH,
  'INFO nova.service [-] Starting conductor node (version 33.0.2)',
  'INFO nova.monkey_patch [-] Service is starting with Eventlet based service backend',
  'INFO oslo_service.backend [-] Loading backend: eventlet',
  "INFO oslo_service.backend [-] Backend 'eventlet' successfully loaded and cached.",
  'INFO nova.utils [-] The default thread pool nova.default is initialized',
  'INFO oslo_service.backend._eventlet.service [-] Starting 2 workers',
  'DEBUG oslo_service.backend._eventlet.service [-] Full set of CONF:',
  `DEBUG oslo_service.backend._eventlet.service [-] ${STARS}`,
  'DEBUG oslo_service.backend._eventlet.service [-] auth_strategy                  = keystone',
  'DEBUG oslo_service.backend._eventlet.service [-] default_thread_pool_size       = 10',
  'WARNING nova.compute.manager [-] Nova compute deprecated the support of unlimited parallel live migration so [DEFAULT]max_concurrent_live_migrations configured with value 0 is deprecated and will not be supported in future releases. Please set an explicit positivevalue to this config option instead.',
  'WARNING nova.conductor.manager [-] manager_shutdown_timeout (160) is higher than graceful_shutdown_timeout (60); the service may be killed before the manager finishes waiting.',
  `WARNING neutron.agent.metadata.agent [-] No port found in network ${NETWORK} with IP address 10.0.0.7`,
  'WARNING neutron.quota.resource_registry [-] security_group_rule is already registered',
  'INFO oslo_service.backend._eventlet.service [-] Caught SIGTERM, stopping children',
];

/** The lines as a file has them: a second after each other, of one process. Those that begin with blanks belong to the one before. */
export const asLogged = (lines: readonly string[]): string[] =>
  lines.map((line, index) => (line.startsWith('  ') ? line.trim() : `${head(index)}${line}`));

const head = (index: number): string => `2026-11-30 08:00:${String(index).padStart(2, '0')}.100 71 `;
