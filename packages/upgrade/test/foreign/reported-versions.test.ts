// What `openstack versions show` printed of other people's clouds.
import { expect, test } from 'vitest';
import { detectRelease } from '../../src/index.ts';

// os-migrate/os-migrate pull request 646: a cloud of Red Hat's, whose metric service tells no microversion.
const compute = {
  service: 'compute',
  versions: [
    { id: 'v2.0', status: 'SUPPORTED' },
    { id: 'v2.1', status: 'CURRENT', max: '2.60' },
  ],
};
const metric = { service: 'metric', versions: [{ id: 'v1.0', status: 'CURRENT' }] };

test('Nova 2.60 and Cinder 3.50 are Queens, and a service that tells nothing does not change that', () => {
  const storage = { service: 'block-storage', versions: [{ id: 'v3.0', status: 'CURRENT', max: '3.50' }] };
  const found = detectRelease([compute, storage, metric]);
  expect(found).toMatchObject({ verdict: 'uniform', candidates: ['queens'] });
  expect(found.because).toEqual(['Queens (2018.1) fits all of compute, block-storage']);
});

test('of a service whose newest version has no microversion the older one tells no release', () => {
  const { verdict, services } = detectRelease([
    { service: 'compute', versions: [{ id: 'v2.0', status: 'SUPPORTED', max: '' }] },
    metric,
  ]);
  expect(verdict).toBe('unknown');
  expect(services.map(({ from }) => from)).toEqual([undefined, undefined]);
});

// SovereignCloudStack/standards issue 749: a devstack of 2024, of which Placement's 1.39 alone is told.
test('Placement 1.39 is of ten series, and no one of them is named', () => {
  const { candidates, disambiguateWith } = detectRelease([
    { service: 'placement', versions: [{ id: 'v1.0', status: 'CURRENT', max: '1.39' }] },
  ]);
  expect(candidates.at(0)).toBe('yoga');
  expect(candidates.length).toBeGreaterThan(5);
  expect(disambiguateWith).toContain('the API of compute, if this cloud has one');
});
