import type { BrokenOption, KnownBreak } from '../known-break.ts';
import { note } from './source.ts';

const all = (...names: readonly string[]): BrokenOption[] =>
  names.map((name) => ({ section: 'DEFAULT', name }));
const ignored = { service: 'image', outcome: 'is ignored', severity: 'medium' } as const;
const HIBISCUS = 'c76abb0 (in development)';

/** Of Glance. The note on glance-registry names no options: glance/common/config.py and glance/registry had them in 20.0.0, and not in 21.0.0. */
export const glanceBreaks: readonly KnownBreak[] = [
  {
    id: 'glance.v1',
    service: 'image',
    in: 'rocky',
    outcome: 'is gone',
    severity: 'high',
    signs: { apiVersion: 'v1' },
    remedy: 'Move the clients to v2.',
    source: note('glance', '17.0.0', 'rocky-rc-b0ea7628b7a74c96'),
  },
  {
    id: 'glance.sheepdog',
    service: 'image',
    in: 'ussuri',
    outcome: 'is no longer there: its images can be read no more',
    severity: 'critical',
    signs: {
      options: [
        { section: 'glance_store', name: 'stores', values: ['sheepdog'] },
        { section: 'glance_store', name: 'default_store', values: ['sheepdog'] },
      ],
    },
    remedy: 'Move the images to another store before.',
    source: note('glance', '20.0.0', 'drop-sheepdog-b55aae84807d31d9'),
  },
  {
    ...ignored,
    id: 'glance.registry',
    in: 'victoria',
    signs: { options: all('data_api', 'registry_host', 'registry_port') },
    remedy: 'Take them out, and glance-registry with them.',
    source: note('glance', '21.0.0', 'cleanout_registry_data-api-9d91368aed83497e'),
  },
  {
    ...ignored,
    id: 'glance.admin-role',
    in: 'wallaby',
    severity: 'high',
    signs: { options: all('admin_role') },
    remedy: 'Say who is an administrator by policy.',
    source: note('glance', '22.0.0', 'remove-admin_role-f508754e98331fc4'),
  },
  {
    ...ignored,
    id: 'glance.owner-is-tenant',
    in: 'wallaby',
    signs: { options: all('owner_is_tenant') },
    remedy: 'Take it out; where it was `false`, give the images to projects before.',
    source: note('glance', '22.0.0', 'remove-owner_is_tenant-b30150def293effc'),
  },
  {
    ...ignored,
    id: 'glance.cache-prefetcher',
    in: 'zed',
    signs: { options: all('cache_prefetcher_interval') },
    remedy: 'Take it out: images are cached at once.',
    source: note('glance', '25.0.0', 'immediate-caching-image-e38055575c361d32'),
  },
  {
    ...ignored,
    id: 'glance.enforce-secure-rbac',
    in: 'antelope',
    signs: { options: all('enforce_secure_rbac') },
    remedy: 'Set [oslo_policy] enforce_new_defaults and enforce_scope.',
    source: note('glance', '26.0.0', 'remove-enforce-secure-rbac-ec9a0249870460c2'),
  },
  {
    ...ignored,
    id: 'glance.additional-properties',
    in: 'dalmatian',
    signs: { options: all('allow_additional_image_properties') },
    remedy: 'Take it out; limit properties by image_property_quota.',
    source: note('glance', '29.0.0', 'remove-allow_additional_image_properties-ae33902e7967661f'),
  },
  {
    ...ignored,
    id: 'glance.location-strategy',
    in: 'dalmatian',
    signs: { options: all('location_strategy') },
    remedy: 'Take it out, and weigh the stores, which Bobcat brought.',
    source: note('glance', '29.0.0', 'removed-location-strategy-functionality-b1b562e68608a6f8'),
  },
  {
    ...ignored,
    id: 'glance.standalone-server',
    in: 'hibiscus',
    outcome: 'is ignored: glance-api serves no HTTP of its own any more',
    severity: 'high',
    signs: { options: all('bind_host', 'bind_port', 'workers', 'backlog', 'http_keepalive') },
    remedy: 'Serve glance.wsgi.api:application by a WSGI server, and bind there.',
    source: note('glance', HIBISCUS, 'drop-standalone-server-config-options-c4d5e6f7a8b9c0d1'),
  },
  {
    id: 'glance.eventlet-tasks',
    service: 'image',
    in: 'hibiscus',
    outcome: 'is no longer taken',
    severity: 'high',
    signs: {
      options: [
        { section: 'task', name: 'task_executor', values: ['eventlet'] },
        { section: 'task', name: 'eventlet_executor_pool_size' },
      ],
    },
    remedy: 'Set [task] task_executor = taskflow and [taskflow_executor] max_workers.',
    source: note('glance', HIBISCUS, 'remove-eventlet-task-executor-config-b3c4d5e6f7a8b9c0'),
  },
];
