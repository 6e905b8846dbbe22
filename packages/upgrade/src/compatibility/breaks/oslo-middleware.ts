import type { BreakableService, KnownBreak } from '../known-break.ts';
import { note } from './source.ts';

/** Services whose APIs are put together by an api-paste.ini. */
const pasted: readonly (readonly [name: string, service: BreakableService])[] = [
  ['nova', 'compute'],
  ['cinder', 'block-storage'],
  ['glance', 'image'],
  ['neutron', 'network'],
  ['manila', 'shared-file-system'],
];

const factories = ['oslo_middleware:Healthcheck.factory', 'oslo_middleware.healthcheck:Healthcheck.factory'];

/**
 * Of the library that all of them share. Debian's api-paste.ini of Nova 2025.1 has the filter, and packages keep the file: on the lab
 * the Nova API of 2026.1 ran and answered nobody.
 */
export const osloMiddlewareBreaks: readonly KnownBreak[] = pasted.map(([name, service]) => ({
  id: `${name}.healthcheck-filter`,
  service,
  in: 'gazpacho',
  outcome: 'keeps the API from loading',
  severity: 'critical',
  signs: {
    options: [
      { section: 'filter:healthcheck', name: 'use', values: ['egg:oslo.middleware#healthcheck'] },
      { section: 'filter:healthcheck', name: 'paste.filter_factory', values: factories },
    ],
  },
  remedy: 'Take `healthcheck` out of the pipelines of api-paste.ini, or serve it as an app of its own.',
  source: note('oslo.middleware', '7.0.0', 'healthcheck-app-only-f6442fa7da6dd22e'),
}));
