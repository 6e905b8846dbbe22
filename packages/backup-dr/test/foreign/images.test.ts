import { expect, test } from 'vitest';
import type { BackupSnapshot, ServerImage } from '../../src/index.ts';
import { image, judged, seen, server, statements, volume, backup } from '../snapshot.ts';

const serverFindings = (
  images: readonly ServerImage[],
  status = 'ACTIVE',
  parts: Partial<BackupSnapshot> = {},
) =>
  judged('backup-dr.server', {
    servers: seen([server('s', { id: 'debian' }, [], { status })]),
    images: seen(images),
    ...parts,
  });

// SAP-cloud-infrastructure/elektra issue 616, `nova/compute/api.py` `snapshot_volume_backed`: an image of 0 bytes that only
// names snapshots of the volumes.
test('an active image of 0 bytes is no copy', () => {
  const findings = serverFindings([image('i', 's', 1, { size: 0 })]);
  expect(findings).toMatchObject([{ verdict: 'fail' }]);
  expect(statements(findings)).toContain('image i is active and has no bytes');
});

// `glance/api/v2/images.py`, `get_base_properties`: `size` may be null.
test.each([null, undefined])('an active image with the size %s is not known to be a copy', (size) => {
  const findings = serverFindings([image('i', 's', 1, { size })]);
  expect(findings).toMatchObject([{ verdict: 'unknown' }]);
  expect(statements(findings)).toContain('image i is active without a size');
});

// `glance/domain/__init__.py`, `Image.valid_state_targets`.
test.each(['deactivated', 'quarantined'])('an image that is %s is neither a copy nor none', (status) => {
  expect(serverFindings([image('i', 's', 1, { status })])).toMatchObject([{ verdict: 'unknown' }]);
});

test('an image without a moment does not hide one with', () => {
  const undated = image('undated', 's', 1, { created_at: '' });
  expect(serverFindings([image('old', 's', 90), undated, image('older', 's', 200)])).toMatchObject([
    { verdict: 'unknown' },
  ]);
  expect(serverFindings([undated, image('young', 's', 1)])).toMatchObject([{ verdict: 'pass' }]);
});

// `nova/compute/api.py`, `shelve`: the image is called after the name that the server had then.
test('the shelf of a server that was renamed since is no copy', () => {
  expect(
    serverFindings([image('i', 's', 1, { name: 'its-old-name-shelved' })], 'SHELVED_OFFLOADED'),
  ).toMatchObject([{ verdict: 'fail' }]);
});

test('a shelf that was renamed cannot be told from a copy', () => {
  expect(serverFindings([image('i', 's', 1, { name: 'golden' })], 'SHELVED_OFFLOADED')).toMatchObject([
    { verdict: 'unknown' },
  ]);
});

// `nova/api/openstack/compute/views/servers.py`: below 2.47 a flavor is an id, and one that was deleted is in no list.
test('a server of a flavor that is gone may have an ephemeral disk', () => {
  const parts = { flavors: seen([]) };
  expect(serverFindings([image('i', 's', 1)], 'ACTIVE', parts)).toMatchObject([
    { verdict: 'unknown', title: expect.stringContaining('whether it has an ephemeral disk is not known') },
  ]);
});

// `nova/virt/libvirt/driver.py`, `snapshot`: the root disk only.
test('the title says what is not restored', () => {
  const flavors = seen([{ id: 'small', 'OS-FLV-EXT-DATA:ephemeral': 20 }]);
  const findings = judged('backup-dr.server', {
    volumes: seen([volume('v')]),
    backups: seen([backup('b', 'v', 1)]),
    servers: seen([server('s', '', ['v'])]),
    flavors,
  });
  expect(findings).toMatchObject([
    { verdict: 'pass', title: expect.stringContaining('can be restored but for its ephemeral disk') },
  ]);
});
