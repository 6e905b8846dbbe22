import { describe, expect, test } from 'vitest';
import { serializeArguments } from '../../src/call/serialize-arguments.ts';
import { blockStorage } from '../../src/services/block-storage/block-storage.ts';
import { type OperationSpec, slotsOf } from '../../src/record/operation.ts';
import { Pager } from '../../src/call/pages.ts';
import { Secret } from '@groundcrew/ground';
import { schemaAt } from '../../src/record/shape.ts';

const { attachments, groups, pools, quotaSets, snapshots, transfers, volumes, volumeTypes } =
  blockStorage.resources;

const decode = (spec: OperationSpec, version: string, value: unknown): Record<string, unknown> => {
  const schema = spec.output === undefined ? undefined : schemaAt(spec.output, version);
  return schema?.parse(value) as Record<string, unknown>;
};
const bodyOf = (spec: OperationSpec, input: unknown, version = spec.since ?? '3.0'): unknown => {
  const { body } = serializeArguments(spec, 'it', version, input);
  return body === undefined ? undefined : JSON.parse(body);
};

const volume = {
  id: 'v',
  name: null,
  description: null,
  status: 'available',
  size: 1,
  availability_zone: 'nova',
  created_at: '2026-01-01T00:00:00.000000',
  updated_at: null,
  volume_type: 'fast',
  snapshot_id: null,
  source_volid: null,
  metadata: {},
  bootable: 'false',
  encrypted: false,
  multiattach: false,
  attachments: [],
};

describe('volumes', () => {
  test('an answer of any role and microversion decodes, and its moments say that they are UTC', () => {
    const decoded = decode(volumes.operations.get, '3.0', volume);
    expect(decoded['created_at']).toBe('2026-01-01T00:00:00.000000Z');
    const later = {
      ...volume,
      volume_type_id: 't',
      shared_targets: null,
      'os-vol-host-attr:host': 'h@b#p',
      new: 1,
    };
    expect(decode(volumes.operations.get, '3.70', later)).toMatchObject({ shared_targets: null, new: 1 });
  });

  test('shared_targets may be null only from 3.69 on', () => {
    const answered = { ...volume, shared_targets: null };
    expect(() => decode(volumes.operations.get, '3.68', answered)).toThrow(/shared_targets/);
    expect(decode(volumes.operations.get, '3.69', answered)['shared_targets']).toBeNull();
  });

  test('hints of the scheduler go beside the volume', () => {
    const hints = { same_host: ['x'] };
    expect(bodyOf(volumes.operations.create, { size: 1, 'OS-SCH-HNT:scheduler_hints': hints })).toEqual({
      volume: { size: 1 },
      'OS-SCH-HNT:scheduler_hints': hints,
    });
  });

  test('an argument that came later is refused with the microversion that it needs', () => {
    expect(() =>
      serializeArguments(volumes.operations.create, 'volumes.create', '3.0', { size: 1, backup_id: 'b' }),
    ).toThrow(/backup_id: needs microversion 3\.47/);
    expect(() =>
      serializeArguments(snapshots.operations.create, 'snapshots.create', '3.66', {
        volume_id: 'v',
        force: true,
      }),
    ).toThrow(/force: is gone/);
    expect(() => serializeArguments(volumes.operations.create, 'volumes.create', '3.0', { sise: 1 })).toThrow(
      /sise: no such argument/,
    );
  });

  test('deleting with its snapshots is asked for in the query', () => {
    const { path, body } = serializeArguments(volumes.operations.delete, 'it', '3.0', {
      id: 'v',
      cascade: true,
    });
    expect(path).toBe('volumes/v?cascade=true');
    expect(body).toBeUndefined();
  });

  test('migrating needs a host before 3.16, and may have a cluster from then on', () => {
    expect(() => serializeArguments(volumes.operations.migrate, 'it', '3.15', { id: 'v' })).toThrow(/host/);
    expect(bodyOf(volumes.operations.migrate, { id: 'v', cluster: 'c@b' }, '3.16')).toEqual({
      'os-migrate_volume': { cluster: 'c@b' },
    });
  });

  test('detaching sends an object, since Cinder answers null with a 500', () => {
    expect(bodyOf(volumes.operations.detach, { id: 'v' })).toEqual({ 'os-detach': { attachment_id: null } });
    expect(bodyOf(volumes.operations.forceDetach, { id: 'v' })).toEqual({
      'os-force_detach': { attachment_id: null },
    });
    expect(bodyOf(volumes.operations.reserve, { id: 'v' })).toEqual({ 'os-reserve': null });
  });
});

describe('secrets', () => {
  test('passwords of connections do not print, wherever a driver puts them', () => {
    const flat = decode(attachments.operations.get, '3.27', {
      id: 'a',
      status: 'attached',
      instance: null,
      volume_id: 'v',
      connection_info: { driver_volume_type: 'iscsi', auth_password: 'hush' },
    });
    const nested = decode(volumes.operations.initializeConnection, '3.0', {
      driver_volume_type: 'iscsi',
      data: { auth_password: 'hush', target_lun: 1 },
    });
    expect(JSON.stringify([flat, nested])).not.toContain('hush');
    expect(nested['data']).toMatchObject({ target_lun: 1 });
  });

  test('the key of a transfer is answered wrapped, and taken so', () => {
    const answered = decode(transfers.operations.create, '3.0', {
      id: 't',
      name: null,
      volume_id: 'v',
      auth_key: 'k3y',
    });
    expect(answered['auth_key']).toBeInstanceOf(Secret);
    expect(bodyOf(transfers.operations.accept, { id: 't', auth_key: answered['auth_key'] })).toEqual({
      accept: { auth_key: 'k3y' },
    });
  });
});

describe('groups', () => {
  test('actions that Cinder wants with an empty object get one', () => {
    expect(bodyOf(groups.operations.enableReplication, { id: 'g' })).toEqual({ enable_replication: {} });
    expect(bodyOf(groups.operations.delete, { id: 'g' })).toEqual({ delete: { 'delete-volumes': false } });
  });
});

describe('capacity and quotas', () => {
  test('a pool that cannot say its capacity decodes', () => {
    const pool = {
      name: 'h@b#p',
      capabilities: { total_capacity_gb: 'infinite', free_capacity_gb: 'unknown' },
    };
    expect(decode(pools.operations.list, '3.0', pool)).toEqual(pool);
    expect(serializeArguments(pools.operations.list, 'it', '3.0', {}).path).toBe(
      'scheduler-stats/get_pools?detail=true',
    );
  });

  test('quotas of volume types are set by names that no record can know', () => {
    expect(bodyOf(quotaSets.operations.update, { id: 'p', volumes: 5, volumes_fast: 2 })).toEqual({
      quota_set: { volumes: 5, volumes_fast: 2 },
    });
    expect(serializeArguments(quotaSets.operations.getUsage, 'it', '3.0', { id: 'p' }).path).toBe(
      'os-quota-sets/p?usage=true',
    );
  });
});

test('a list whose link Cinder misnames is read by offset to its end', () => {
  const spec = volumeTypes.operations.list;
  const { path } = serializeArguments(spec, 'it', '3.0', { limit: 2 });
  const pager = new Pager(spec, 'it', path);
  const next = pager.next({ volume_types: [{}, {}], volume_type_links: [{ rel: 'next', href: '…' }] }, [
    {},
    {},
  ]);
  expect(next).toContain('offset=2');
  expect(pager.next({ volume_types: [] }, [])).toBeUndefined();
});

const operations = Object.values(blockStorage.resources).flatMap((resource) =>
  Object.entries<OperationSpec>(resource.operations).map(
    ([name, spec]) => [`${resource.name}.${name}`, spec] as const,
  ),
);

test.each(operations)('%s takes what its path needs', (_name, spec) => {
  const given = Object.fromEntries(slotsOf(spec.path).map((slot) => [slot, 'x']));
  const issues = schemaAt(spec.input, spec.since ?? '3.0')?.safeParse(given).error?.issues ?? [];
  expect(issues.filter(({ code }) => code === 'unrecognized_keys')).toEqual([]);
});

test('lists by offset say their page size, without which they would stop after one page', () => {
  const byOffset = operations.filter(([, spec]) => spec.page === 'offset');
  expect(byOffset.length).toBeGreaterThan(0);
  expect(byOffset.filter(([, spec]) => spec.pageSize === undefined)).toEqual([]);
});
