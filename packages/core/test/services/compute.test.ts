import { describe, expect, test } from 'vitest';
import { serializeArguments } from '../../src/call/serialize-arguments.ts';
import { compute } from '../../src/services/compute/compute.ts';
import { type OperationSpec, slotsOf } from '../../src/record/operation.ts';
import { isShape, type Schema, schemaAt } from '../../src/record/shape.ts';
import { Secret } from '@groundcrew/ground';

const { resources } = compute;

/** Reads an answer as the engine does; the first complaint is thrown with its path. */
function read(output: Schema, version: string, value: unknown): Record<string, unknown> {
  const schema = schemaAt(output, version);
  if (schema === undefined) throw new Error(`nothing at ${version}`);
  const result = schema.safeParse(value);
  if (result.success) return result.data as Record<string, unknown>;
  throw new Error(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

const body = (spec: OperationSpec, version: string, input: unknown): unknown => {
  const { body: text } = serializeArguments(spec, 'x', version, input);
  return text === undefined ? undefined : JSON.parse(text);
};

const server = {
  id: 's1',
  name: 'web',
  status: 'ACTIVE',
  tenant_id: 'p1',
  user_id: 'u1',
  created: '2026-01-01T10:00:00Z',
  updated: '2026-01-01T10:01:00Z',
  links: [],
  metadata: {},
  hostId: 'f00',
  image: '',
  flavor: { id: '1', links: [] },
  addresses: { lan: [{ addr: '10.0.0.5', version: 4 }] },
  accessIPv4: '',
  accessIPv6: '',
  'OS-DCF:diskConfig': 'AUTO',
  'OS-SRV-USG:launched_at': '2026-01-01T10:00:59.000000',
};
const flavorOf247 = { original_name: 'm1', vcpus: 1, ram: 512, disk: 1, ephemeral: 0, swap: 0 };

describe('every record', () => {
  const operations = Object.entries(resources).flatMap(([name, resource]) =>
    Object.entries(resource.operations as Record<string, OperationSpec>).map(
      ([verb, spec]) => [`${name}.${verb}`, spec] as const,
    ),
  );

  test.each(operations)('%s takes what its path needs', (_name, spec) => {
    const { input } = spec;
    if (!isShape(input)) throw new Error('the input is no shape');
    expect(input.strictness).toBe('strict');
    expect(Object.keys(input.fields)).toEqual(expect.arrayContaining(slotsOf(spec.path)));
    for (const placed of [
      ...(spec.query ?? []),
      ...(spec.beside ?? []),
      ...(spec.body === undefined ? [] : [spec.body]),
    ]) {
      expect(Object.keys(input.fields)).toContain(placed);
    }
  });

  test('bears the name by which the client has it', () => {
    for (const [name, resource] of Object.entries(resources)) expect(resource.name).toBe(name);
  });

  test('is the only one of its verb, path and action at any microversion', () => {
    const seen = new Map<string, string[]>();
    for (const [name, spec] of operations) {
      const route = `${spec.verb} ${spec.path.replaceAll(/\{[^}]+\}/g, '{}')} ${spec.action ?? ''}`;
      seen.set(route, [...(seen.get(route) ?? []), name]);
    }
    const shared = [...seen.values()].filter((names) => names.length > 1);
    expect(shared).toEqual([['servers.create', 'servers.reserve']]);
  });
});

describe('servers', () => {
  const { get, create, list } = resources.servers.operations;

  test('have the flavor by reference before 2.47, and embedded from then on', () => {
    expect(
      read(get.output, '2.46', { ...server, locked: false, description: null, tags: [] })['flavor'],
    ).toEqual(server.flavor);
    expect(() => read(get.output, '2.46', { ...server, flavor: flavorOf247 })).toThrow('flavor.id');
    expect(read(get.output, '2.47', { ...server, flavor: flavorOf247 })['flavor']).toEqual(flavorOf247);
    expect(() => read(get.output, '2.47', server)).toThrow('flavor.original_name');
  });

  test('give a timestamp without a zone its Z, and keep unknown fields', () => {
    const found = read(get.output, '2.1', { ...server, 'vendor:rack': 'r7' });
    expect(found['OS-SRV-USG:launched_at']).toBe('2026-01-01T10:00:59.000000Z');
    expect(found['vendor:rack']).toBe('r7');
  });

  test('of a cell that does not respond are read, with what there is', () => {
    const down = { id: 's2', status: 'UNKNOWN', tenant_id: 'p1', created: '2026-01-01T10:00:00Z', links: [] };
    expect(read(list.output, '2.96', down)).toEqual(down);
    expect(() => read(list.output, '2.96', { ...down, status: undefined })).toThrow('status');
  });

  test('have their image properties from 2.98 on', () => {
    const image = { id: 'i1', properties: { hw_disk_bus: 'scsi' } };
    expect(read(get.output, '2.98', { ...server, flavor: flavorOf247, image })['image']).toEqual(image);
    expect(read(get.output, '2.98', { ...server, flavor: flavorOf247 })['image']).toBe('');
  });

  test('are made with hints beside them', () => {
    const group = 'g1';
    expect(
      body(create, '2.37', { name: 'a', flavorRef: '1', networks: 'none', 'os:scheduler_hints': { group } }),
    ).toEqual({
      server: { name: 'a', flavorRef: '1', networks: 'none' },
      'os:scheduler_hints': { group },
    });
  });

  test('must say their networks from 2.37 on', () => {
    expect(body(create, '2.36', { name: 'a', flavorRef: '1' })).toEqual({
      server: { name: 'a', flavorRef: '1' },
    });
    expect(() => body(create, '2.37', { name: 'a', flavorRef: '1' })).toThrow('networks');
  });

  test('lost the tags of their devices from 2.33 to 2.41, as Nova did', () => {
    const tagged = {
      name: 'a',
      flavorRef: '1',
      networks: [],
      block_device_mapping_v2: [{ uuid: 'v', tag: 'root' }],
    };
    expect(body(create, '2.32', tagged)).toEqual({ server: tagged });
    expect(() => body(create, '2.33', tagged)).toThrow('block_device_mapping_v2.0.tag');
    expect(() => body(create, '2.41', tagged)).toThrow('block_device_mapping_v2.0.tag');
    expect(body(create, '2.42', tagged)).toEqual({ server: tagged });
  });

  test('refuse an argument that is unknown, and tell when one comes or went', () => {
    expect(() => body(create, '2.1', { name: 'a', flavorRef: '1', flavour: 'x' })).toThrow(
      'flavour: no such argument',
    );
    expect(() => body(create, '2.1', { name: 'a', flavorRef: '1', tags: ['x'] })).toThrow(
      'tags: needs microversion 2.52',
    );
    expect(() =>
      body(create, '2.57', { name: 'a', flavorRef: '1', networks: 'auto', personality: [] }),
    ).toThrow('personality: is gone at microversion 2.57');
  });

  test('hide a password that is answered, and reveal one that is sent', () => {
    const made = read(create.output, '2.1', { id: 's1', links: [], adminPass: 'pa55' });
    expect(JSON.stringify(made)).not.toContain('pa55');
    expect((made['adminPass'] as Secret).reveal()).toBe('pa55');
    const sent = body(resources.servers.operations.changePassword, '2.1', {
      id: 's1',
      adminPass: new Secret('pa55'),
    });
    expect(sent).toEqual({ changePassword: { adminPass: 'pa55' } });
  });

  test('are reserved together, and say so on the wire', () => {
    expect(
      body(resources.servers.operations.reserve, '2.1', { name: 'a', flavorRef: '1', max_count: 3 }),
    ).toEqual({
      server: { name: 'a', flavorRef: '1', max_count: 3, return_reservation_id: true },
    });
  });
});

describe('moves', () => {
  const { evacuate, liveMigrate, unshelve, migrate, getConsoleOutput } = resources.servers.operations;

  test('evacuation asks about storage before 2.14 only, and can be forced from 2.29 to 2.67 only', () => {
    expect(() => body(evacuate, '2.1', { id: 's1' })).toThrow('onSharedStorage');
    expect(() => body(evacuate, '2.14', { id: 's1', onSharedStorage: true })).toThrow(
      'is gone at microversion 2.14',
    );
    expect(body(evacuate, '2.29', { id: 's1', host: 'c2', force: true })).toEqual({
      evacuate: { host: 'c2', force: true },
    });
    expect(() => body(evacuate, '2.28', { id: 's1', host: 'c2', force: true })).toThrow('force');
    expect(() => body(evacuate, '2.68', { id: 's1', host: 'c2', force: true })).toThrow('force');
  });

  test('evacuation answers a password before 2.14 and nothing from then on', () => {
    expect(String(read(evacuate.output, '2.1', { adminPass: 'pa55' })['adminPass'])).toBe('***');
    expect(read(evacuate.output, '2.14', undefined)).toBeUndefined();
  });

  test('live migration finds out about disks from 2.25 on', () => {
    expect(() => body(liveMigrate, '2.24', { id: 's1', host: null, block_migration: 'auto' })).toThrow(
      'block_migration',
    );
    expect(body(liveMigrate, '2.25', { id: 's1', host: null, block_migration: 'auto' })).toEqual({
      'os-migrateLive': { host: null, block_migration: 'auto' },
    });
    expect(() =>
      body(liveMigrate, '2.68', { id: 's1', host: 'c', block_migration: 'auto', force: true }),
    ).toThrow('force');
  });

  test('cold migration takes a host from 2.56 on', () => {
    expect(body(migrate, '2.55', { id: 's1' })).toEqual({ migrate: null });
    expect(() => body(migrate, '2.55', { id: 's1', host: 'c2' })).toThrow('needs microversion 2.56');
    expect(body(migrate, '2.56', { id: 's1', host: 'c2' })).toEqual({ migrate: { host: 'c2' } });
  });

  test('unshelving takes a zone from 2.77 on, and unpins it from 2.91 on', () => {
    // Between 2.77 and 2.90 an empty object is a 400: null must be sent.
    expect(body(unshelve, '2.80', { id: 's1' })).toEqual({ unshelve: null });
    expect(() => body(unshelve, '2.90', { id: 's1', availability_zone: null })).toThrow('availability_zone');
    expect(body(unshelve, '2.91', { id: 's1', availability_zone: null })).toEqual({
      unshelve: { availability_zone: null },
    });
  });

  test('console output is asked for with an object, as Nova refuses null', () => {
    expect(body(getConsoleOutput, '2.1', { id: 's1' })).toEqual({ 'os-getConsoleOutput': { length: null } });
  });
});

describe('hosts', () => {
  test('hypervisors have a number for an id before 2.53, a UUID from then on, and no counters from 2.88 on', () => {
    const { output } = resources.hypervisors.operations.get;
    const bare = {
      hypervisor_hostname: 'c1',
      state: 'up',
      status: 'enabled',
      hypervisor_type: 'QEMU',
      hypervisor_version: 7002000,
      host_ip: '10.0.0.1',
    };
    const service = { host: 'c1', disabled_reason: null };
    const counters = {
      vcpus: 8,
      vcpus_used: 1,
      memory_mb: 1,
      memory_mb_used: 1,
      free_ram_mb: 1,
      local_gb: 1,
      local_gb_used: 1,
      free_disk_gb: 1,
      disk_available_least: null,
      current_workload: 0,
      running_vms: 0,
    };
    const old = { ...bare, ...counters, id: 1, cpu_info: '{}', service: { ...service, id: 2 } };
    expect(read(output, '2.27', old)).toEqual(old);
    expect(() => read(output, '2.28', old)).toThrow('cpu_info');
    expect(() => read(output, '2.53', { ...old, cpu_info: {} })).toThrow('id: ');
    const now = { ...bare, id: 'u1', uptime: null, service: { ...service, id: 'u2' } };
    expect(read(output, '2.88', now)).toEqual(now);
    expect(() => read(output, '2.87', now)).toThrow('vcpus');
  });

  test('a service of a cell that does not respond is read', () => {
    const { output } = resources.services.operations.list;
    const down = { host: 'c1', binary: 'nova-compute', status: 'UNKNOWN' };
    expect(read(output, '2.69', down)).toEqual(down);
    expect(() => read(output, '2.53', { ...down, id: 1 })).toThrow('id');
  });

  test('a service is changed by host and name before 2.53, by id from then on', () => {
    const { forceDown, update } = resources.services.operations;
    expect([forceDown.since, forceDown.until, update.since]).toEqual(['2.11', '2.53', '2.53']);
    expect(body(update, '2.53', { id: 'u1', forced_down: true })).toEqual({ forced_down: true });
  });

  test('an aggregate is known by its number, given as one or as text', () => {
    const { get } = resources.aggregates.operations;
    expect(serializeArguments(get, 'x', '2.1', { id: 7 }).path).toBe('os-aggregates/7');
    expect(serializeArguments(get, 'x', '2.1', { id: '7' }).path).toBe('os-aggregates/7');
  });
});

describe('lists', () => {
  test('key pairs come out of their envelopes, with their type from 2.2 on', () => {
    const { output } = resources.keypairs.operations.list;
    const keypair = { name: 'k', fingerprint: 'aa', public_key: 'ssh-ed25519 AAAA' };
    expect(read(output, '2.1', { keypair })).toEqual(keypair);
    expect(() => read(output, '2.2', { keypair })).toThrow('type');
    expect(schemaAt(output, '2.1')?.encode(keypair as never)).toEqual({ keypair });
  });

  test('filters go into the query, several values as several parameters', () => {
    const { list } = resources.servers.operations;
    const { path } = serializeArguments(list, 'x', '2.26', {
      all_tenants: true,
      status: ['ERROR', 'BUILD'],
      'not-tags': 'a,b',
    });
    expect(path).toBe('servers/detail?all_tenants=true&status=ERROR&status=BUILD&not-tags=a%2Cb');
    expect(() => serializeArguments(list, 'x', '2.25', { tags: 'a' })).toThrow(
      'tags: needs microversion 2.26',
    );
  });

  test('all_projects of server groups can only be true, as Nova looks no closer', () => {
    const { list } = resources.serverGroups.operations;
    expect(() => serializeArguments(list, 'x', '2.1', { all_projects: false })).toThrow('all_projects');
  });
});

describe('fields that came and went', () => {
  test('server groups have one policy from 2.64 on', () => {
    const { create } = resources.serverGroups.operations;
    expect(() => body(create, '2.14', { name: 'g', policies: ['soft-affinity'] })).toThrow('policies.0');
    expect(body(create, '2.15', { name: 'g', policies: ['soft-affinity'] })).toEqual({
      server_group: { name: 'g', policies: ['soft-affinity'] },
    });
    expect(() => body(create, '2.64', { name: 'g', policy: 'affinity', policies: ['affinity'] })).toThrow(
      'policies',
    );
  });

  test('quotas lost the network with 2.36 and files with 2.57; a user goes into the query', () => {
    const { update } = resources.quotaSets.operations;
    expect(() => body(update, '2.36', { id: 'p', floating_ips: 1 })).toThrow('floating_ips: is gone');
    expect(() => body(update, '2.57', { id: 'p', injected_files: 1 })).toThrow('injected_files: is gone');
    const placed = serializeArguments(update, 'x', '2.57', { id: 'p', user_id: 'u', cores: -1 });
    expect(placed.path).toBe('os-quota-sets/p?user_id=u');
    expect(JSON.parse(placed.body ?? '')).toEqual({ quota_set: { cores: -1 } });
  });

  test('attaching a volume answers nothing from 2.101 on', () => {
    const { output } = resources.volumeAttachments.operations.create;
    expect(read(output, '2.101', undefined)).toBeUndefined();
    expect(() => read(output, '2.100', undefined)).toThrow('expected object');
  });

  test('a key is not made by Nova from 2.92 on', () => {
    const { create } = resources.keypairs.operations;
    expect(body(create, '2.91', { name: 'k' })).toEqual({ keypair: { name: 'k' } });
    expect(() => body(create, '2.92', { name: 'k' })).toThrow('public_key');
  });

  test('the swap of a flavor is empty text before 2.75', () => {
    const { output } = resources.flavors.operations.get;
    const flavor = {
      id: '1',
      name: 'm1',
      vcpus: 1,
      ram: 64,
      disk: 1,
      'OS-FLV-EXT-DATA:ephemeral': 0,
      swap: '',
      'os-flavor-access:is_public': true,
      'OS-FLV-DISABLED:disabled': false,
      rxtx_factor: 1,
      links: [],
      description: null,
    };
    expect(read(output, '2.74', flavor)['swap']).toBe('');
    expect(() => read(output, '2.75', flavor)).toThrow('swap');
  });
});
