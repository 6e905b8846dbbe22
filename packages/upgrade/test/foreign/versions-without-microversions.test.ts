import { expect, test } from 'vitest';
import { detectRelease } from '../../src/detect.ts';

// A version document whose `version` or `max_version` a gateway leaves out (keystoneauth `discover.py`, `_normalize_version_args`,
// reads both as absent). Nova's v2.1 without one was taken for a Nova of before Kilo.

test.each([
  ['compute', 'v2.1'],
  ['block-storage', 'v3.0'],
  ['placement', 'v1.0'],
  ['instance-ha', 'v1.0'],
])('%s %s without a microversion tells no release', (service, id) => {
  const { verdict, services } = detectRelease([{ service, versions: [{ id, status: 'CURRENT' }] }]);
  expect(verdict).toBe('unknown');
  expect(services).toMatchObject([{ from: undefined, to: undefined, because: 'it names no version' }]);
});

test('Keystone and Glance have their minor version in the id', () => {
  const { services } = detectRelease([
    { service: 'identity', versions: [{ id: 'v3.14', status: 'stable' }] },
    { service: 'image', versions: [{ id: 'v2.16', status: 'CURRENT' }] },
  ]);
  expect(services.every(({ from }) => from !== undefined)).toBe(true);
});
