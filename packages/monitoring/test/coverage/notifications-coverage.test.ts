// Payloads as nova/objects/volume_usage.py (`to_dict`) and nova's doc/notification_samples write them, and cinder's volume.exists.
import { expect, test } from 'vitest';
import { blindSpots, type CloudCoverage, type FigureId, observeCoverage } from '../../src/coverage.ts';
import { parseNotification } from '../../src/events.ts';
import type { CloudInventory } from '../../src/index.ts';
import { cloudWith, NOW } from '../gnocchi-cloud.ts';

const A = 'a07f71dc-8151-4e7d-a0cc-cd24a3f11113';
const B = 'b07f71dc-8151-4e7d-a0cc-cd24a3f11113';
const SERVER = '88fde343-13a8-4047-84fb-2657d5e702f9';

const whole = { at: new Date(NOW).toISOString(), source: 'x', completeness: 'complete', gaps: [] } as const;
const volume = (id: string) => ({
  id,
  name: id,
  status: 'in-use',
  size: 1,
  created_at: '2026-11-01T00:00:00Z',
  attachments: [{ server_id: SERVER, device: '/dev/vdb', attached_at: '2026-11-01T00:00:00Z' }],
});
const inventory = {
  servers: {
    ...whole,
    value: [
      {
        id: SERVER,
        name: 'web',
        status: 'ACTIVE',
        'OS-EXT-STS:power_state': 1,
        'OS-SRV-USG:launched_at': '2026-11-01T00:00:00Z',
      },
    ],
  },
  volumes: { ...whole, value: [volume(A), volume(B)] },
  snapshots: { ...whole, value: [] },
  backups: { ...whole, value: [] },
  images: { ...whole, value: [] },
  ports: { ...whole, value: [] },
  floatingIps: { ...whole, value: [] },
} as unknown as CloudInventory;

const message = (event_type: string, payload: object, timestamp: string) => {
  const body = {
    message_id: event_type + timestamp,
    publisher_id: 'x',
    priority: 'INFO',
    event_type,
    payload,
    timestamp,
  };
  const parsed = parseNotification(
    JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(body) }),
  );
  if (parsed === undefined) throw new Error('it is a notification');
  return parsed;
};

const unversioned = message(
  'volume.usage',
  {
    volume_id: A,
    tenant_id: 't',
    instance_id: SERVER,
    last_refreshed: '',
    reads: 0,
    read_bytes: 0,
    writes: 1,
    write_bytes: 512,
  },
  '2026-11-29 02:28:00.123456',
);
const versioned = message(
  'volume.usage',
  {
    'nova_object.name': 'VolumeUsagePayload',
    'nova_object.namespace': 'nova',
    'nova_object.version': '1.0',
    'nova_object.data': {
      volume_id: B,
      instance_uuid: SERVER,
      read_bytes: 0,
      reads: 0,
      write_bytes: 0,
      writes: 0,
    },
  },
  '2026-11-29 02:29:00.123456',
);
const exists = message(
  'volume.exists',
  { volume_id: A, size: 1, tenant_id: 't' },
  '2026-11-29 02:05:00.000000',
);

const heard = async (messages: readonly ReturnType<typeof message>[], from = '2026-11-28T00:00:00Z') => {
  const cloud = await cloudWith(() => undefined, ['compute']);
  return observeCoverage(cloud, { inventory, notifications: { from, messages } });
};
const spot = (found: CloudCoverage, id: FigureId) => blindSpots(found).find(({ figure }) => figure === id);

test('volumes of which Nova tells, in either format, are measured; without its poll they are not, and the line is named', async () => {
  expect(spot(await heard([unversioned, versioned]), 'volumes.io')).toBeUndefined();
  const one = spot(await heard([unversioned]), 'volumes.io');
  expect(one?.things).toEqual([B]);
  expect(one?.opensWith.map(({ file, line, byDefault }) => [file, line, byDefault])).toEqual([
    ['nova.conf [DEFAULT]', 'volume_usage_poll_interval = 300', 'off'],
  ]);
});

test('Cinder’s audits are hourly: one of two volumes was told of', async () => {
  const audit = spot(await heard([exists]), 'volumes.audit');
  expect(audit).toMatchObject({ things: [B], of: 2 });
  expect(audit?.opensWith[0]?.line).toContain('cinder-volume-usage-audit');
});

test('a notification that is older than a value may be: stale, since then', async () => {
  const late = message('volume.usage', { volume_id: A }, '2026-11-29 01:00:00');
  expect(spot(await heard([late, versioned]), 'volumes.io')?.stale).toEqual([
    { id: A, since: '2026-11-29T01:00:00.000Z' },
  ]);
});

test('who has listened for five minutes knows nothing of what is told every hour', async () => {
  const found = await heard([unversioned], '2026-11-29T02:25:00Z');
  expect(spot(found, 'volumes.audit')).toBeUndefined();
  expect(spot(found, 'volumes.io')).toBeUndefined();
});
