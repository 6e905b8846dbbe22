import { expect, test } from 'vitest';
import { assess } from '../../src/assess.ts';
import { detectRelease, type ServiceVersions } from '../../src/detect.ts';

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

const NOW = Date.parse('2026-11-23T00:00:00Z');
const image = { service: 'image', versions: [{ id: 'v2.17', status: 'CURRENT' }] };
const verdicts = (...services: ServiceVersions[]) => {
  const source = 'version documents';
  const observed = { value: { services }, at: '', source, completeness: 'complete', gaps: [] } as const;
  return assess(observed, { now: NOW })
    .filter(({ id }) => id === 'upgrade.uniform' || id === 'upgrade.supported')
    .map(({ verdict, title }) => `${verdict}: ${title}`);
};

test.each<[string, ServiceVersions]>([
  ['Nova', { service: 'compute', versions: [{ id: 'v2.1', status: 'CURRENT' }] }],
  ['Neutron without a known extension', { service: 'network', versions: [], extensions: ['acme'] }],
])('%s that tells no release is none of which all services fit', (_, silent) => {
  const [uniform, supported] = verdicts(image, silent);
  expect(uniform).toMatch(/^unknown: All services that could be read fit /);
  expect(supported).not.toMatch(/^pass/);
});

test('a service whose API tells no release in any cloud is no doubt', () => {
  expect(verdicts(image, { service: 'metric', versions: [] })[0]).toMatch(/^pass: All services fit /);
});
