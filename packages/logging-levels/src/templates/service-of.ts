import { rootOf } from './moved-messages.ts';

/** The service whose own code says it; `libraries` for what services share. */
export function serviceOf(logger: string): string {
  const root = rootOf(logger);
  return SERVICES.has(root) ? root : 'libraries';
}

/** The Python packages of services, by which their loggers begin. */
const SERVICES: ReadonlySet<string> = new Set([
  'aodh',
  'barbican',
  'blazar',
  'ceilometer',
  'cinder',
  'cloudkitty',
  'cyborg',
  'designate',
  'glance',
  'gnocchi',
  'heat',
  'ironic',
  'keystone',
  'magnum',
  'manila',
  'masakari',
  'mistral',
  'neutron',
  'nova',
  'octavia',
  'placement',
  'swift',
  'trove',
  'watcher',
  'zun',
]);
