/**
 * What services add to oslo.log's `default_log_levels` by themselves, the same from Zed to 2026.1 in each: a value in the
 * configuration replaces these, too.
 *
 * nova/config.py (without the `debug` options of its clients), keystone/conf/__init__.py, neutron/common/config.py,
 * placement/wsgi.py, cinder/cmd/backup.py; Glance, Heat and the rest of Cinder add none.
 */
export const ownLogLevels = {
  cinder: [],
  'cinder-backup': ['swiftclient=WARN', 'botocore=WARN'],
  glance: [],
  heat: [],
  keystone: ['dogpile=INFO', 'routes=INFO'],
  neutron: [
    'OFPHandler=INFO',
    'OfctlService=INFO',
    'os_ken.base.app_manager=INFO',
    'os_ken.controller.controller=INFO',
  ],
  nova: ['glanceclient=WARN', 'oslo.privsep.daemon=INFO'],
  placement: ['routes=INFO'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
