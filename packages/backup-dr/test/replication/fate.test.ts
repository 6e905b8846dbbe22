import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReplicationSnapshot } from '../../src/replication.ts';
import { failoverImpact } from '../../src/replication.ts';
import { fateOf } from '../../src/replication/volume-fate.ts';

describe('the fate of a volume, by its status', () => {
  test.each([
    ['enabled', 'fails-over', 'fails-over'],
    ['failed-over', 'fails-over', 'fails-over'],
    ['disabled', 'error', 'stays'],
    ['not-capable', 'error', 'stays'],
    // A driver without replication leaves none (the notifications of the lab's LVM), and Cinder takes it for replicated.
    [null, 'driver-decides', 'driver-decides'],
    ['error', 'driver-decides', 'driver-decides'],
    ['failover-error', 'driver-decides', 'driver-decides'],
    ['a new word', 'driver-decides', 'driver-decides'],
  ])('%s: %s; on the way back %s', (replication_status, there, back) => {
    expect(fateOf({ replication_status }, 'site-b').fate).toBe(there);
    expect(fateOf({ replication_status }, undefined).fate).toBe(there);
    expect(fateOf({ replication_status }, 'default').fate).toBe(back);
  });
});

const at = { at: '2026-11-30T00:00:00Z', source: 'a test', completeness: 'complete', gaps: [] } as const;
const status = fc.constantFrom('enabled', 'disabled', 'not-capable', 'failed-over', 'error', null);
const volumes = fc.array(
  fc.record({
    replication_status: status,
    backend: fc.constantFrom('a@x', 'a@xy', 'b@x'),
    servers: fc.array(fc.constantFrom('s1', 's2'), { maxLength: 2 }),
  }),
  { maxLength: 12 },
);

test('each volume of the backend has one fate, none of another has any, and servers are those that have one', () => {
  fc.assert(
    fc.property(volumes, (given) => {
      const made = given.map(({ replication_status, backend, servers }, index) => ({
        id: `v${index}`,
        name: null,
        status: 'in-use',
        size: 1,
        bootable: 'false',
        replication_status,
        migration_status: null,
        attachments: servers.map((server_id, which) => ({
          id: `v${index}`,
          attachment_id: `v${index}-${which}`,
          volume_id: `v${index}`,
          server_id,
          device: null,
        })),
        'os-vol-host-attr:host': `${backend}#pool`,
      }));
      const snapshot = {
        backends: { ...at, value: [] },
        targets: {},
        volumes: { ...at, value: made },
        snapshots: { ...at, value: [] },
        servers: { ...at, value: [] },
      } as unknown as ReplicationSnapshot;
      const impact = failoverImpact(snapshot, { backend: 'a@x' });
      const own = made.filter((_, index) => given[index]?.backend === 'a@x');
      expect(impact.volumes.map(({ id }) => id)).toEqual(own.map(({ id }) => id));
      const having = new Set(own.flatMap(({ attachments }) => attachments.map(({ server_id }) => server_id)));
      expect(new Set(impact.servers.map(({ id }) => id))).toEqual(having);
      // Nobody saw them: none is connected without a person.
      expect(impact.servers.map(({ reconnect }) => reconnect)).not.toContain('shelve');
    }),
  );
});
