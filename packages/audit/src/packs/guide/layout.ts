/** The services that the Security Guide has checks for. */
export type GuideService =
  | 'identity'
  | 'dashboard'
  | 'compute'
  | 'block-storage'
  | 'image'
  | 'network'
  | 'key-manager'
  | 'shared-file-system';

interface Layout {
  /** Below /etc. */
  readonly directory: string;
  /** Paths whose ownership and permissions are judged. */
  readonly files: readonly string[];
  /** The files among them whose options are judged. */
  readonly read: readonly string[];
  readonly owner: readonly [user: string, group: string];
}

/** Policies are YAML since Wallaby: the Guide still names the JSON. */
const POLICIES = ['policy.json', 'policy.yaml'] as const;
const COMMON = ['api-paste.ini', ...POLICIES, 'rootwrap.conf'] as const;

/** The files that the Guide's checklists name, for each service. */
export const layout: Readonly<Record<GuideService, Layout>> = {
  identity: {
    directory: 'keystone',
    files: [
      'keystone.conf',
      'keystone-paste.ini',
      ...POLICIES,
      'logging.conf',
      'ssl/certs/signing_cert.pem',
      'ssl/private/signing_key.pem',
      'ssl/certs/ca.pem',
    ],
    read: ['keystone.conf', 'keystone-paste.ini'],
    owner: ['keystone', 'keystone'],
  },
  dashboard: {
    directory: 'openstack-dashboard',
    files: ['local_settings.py'],
    read: ['local_settings.py'],
    owner: ['root', 'horizon'],
  },
  compute: {
    directory: 'nova',
    files: ['nova.conf', ...COMMON],
    read: ['nova.conf'],
    owner: ['root', 'nova'],
  },
  'block-storage': {
    directory: 'cinder',
    files: ['cinder.conf', ...COMMON],
    read: ['cinder.conf'],
    owner: ['root', 'cinder'],
  },
  image: {
    directory: 'glance',
    files: [
      'glance-api.conf',
      'glance-api-paste.ini',
      'glance-cache.conf',
      'glance-manage.conf',
      'glance-registry.conf',
      'glance-registry-paste.ini',
      'glance-scrubber.conf',
      'glance-swift-store.conf',
      ...POLICIES,
      'schema-image.json',
      'schema.json',
    ],
    read: ['glance-api.conf'],
    owner: ['root', 'glance'],
  },
  network: {
    directory: 'neutron',
    files: ['neutron.conf', ...COMMON],
    read: ['neutron.conf'],
    owner: ['root', 'neutron'],
  },
  'key-manager': {
    directory: 'barbican',
    files: ['barbican.conf', 'barbican-api-paste.ini', ...POLICIES],
    read: ['barbican.conf', 'barbican-api-paste.ini'],
    owner: ['root', 'barbican'],
  },
  'shared-file-system': {
    directory: 'manila',
    files: ['manila.conf', ...COMMON],
    read: ['manila.conf'],
    owner: ['root', 'manila'],
  },
};
