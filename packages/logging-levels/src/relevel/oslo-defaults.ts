import { placeOf } from '../release.ts';

/**
 * oslo.log's own `default_log_levels`, which a value of somebody's own replaces (`DEFAULT_LOG_LEVELS`, oslo_log/_options.py: 5.0.1 of
 * Zed to 7.2.1 of 2025.2, and 8.0.0 of 2026.1, which has two less).
 */
export function osloDefaultLevels(release: string): readonly string[] {
  return placeOf(release) < placeOf('2026.1') ? [...COMMON, ...UNTIL_2025] : COMMON;
}

const COMMON = [
  'amqp=WARN',
  'boto=WARN',
  'sqlalchemy=WARN',
  'suds=INFO',
  'oslo.messaging=INFO',
  'oslo_messaging=INFO',
  'iso8601=WARN',
  'requests.packages.urllib3.connectionpool=WARN',
  'urllib3.connectionpool=WARN',
  'websocket=WARN',
  'requests.packages.urllib3.util.retry=WARN',
  'urllib3.util.retry=WARN',
  'keystonemiddleware=WARN',
  'routes.middleware=WARN',
  'stevedore=WARN',
  'taskflow=WARN',
  'keystoneauth=WARN',
  'oslo.cache=INFO',
  'oslo_policy=INFO',
  'dogpile.core.dogpile=INFO',
];

const UNTIL_2025 = ['amqplib=WARN', 'qpid=WARN'];
