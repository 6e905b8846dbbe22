import { describe, expect, test } from 'vitest';
import { place } from '../src/arguments.ts';
import type { OperationSpec } from '../src/operation.ts';
import { placement } from '../src/placement/placement.ts';
import { schemaAt } from '../src/shape.ts';

const {
  aggregates,
  allocationCandidates,
  allocations,
  inventories,
  resourceClasses,
  reshaper,
  resourceProviders,
  traits,
  usages,
} = placement.resources;

const decode = (spec: OperationSpec, version: string, value: unknown): Record<string, unknown> => {
  const schema = spec.output === undefined ? undefined : schemaAt(spec.output, version);
  return schema?.parse(value) as Record<string, unknown>;
};
const bodyOf = (spec: OperationSpec, input: unknown, version = spec.since ?? '1.0'): unknown => {
  const { body } = place(spec, 'it', version, input);
  return body === undefined ? undefined : JSON.parse(body);
};
const queryOf = (spec: OperationSpec, input: unknown, version: string): string =>
  decodeURIComponent(place(spec, 'it', version, input).path);

const provider = { uuid: 'p', name: 'compute-1', generation: 3 };
const owner = { project_id: 'x', user_id: 'y' };

describe('providers', () => {
  test('a provider has a place in a tree from 1.14 on', () => {
    expect(decode(resourceProviders.operations.get, '1.13', provider)).toEqual(provider);
    expect(() => decode(resourceProviders.operations.get, '1.14', provider)).toThrow(/parent_provider_uuid/);
    const inTree = { ...provider, parent_provider_uuid: null, root_provider_uuid: 'p' };
    expect(decode(resourceProviders.operations.get, '1.14', inTree)).toEqual(inTree);
  });

  test('creating answers nothing before 1.20, and the provider from then on', () => {
    expect(decode(resourceProviders.operations.create, '1.19', undefined)).toBeUndefined();
    const made = { ...provider, parent_provider_uuid: null, root_provider_uuid: 'p' };
    expect(decode(resourceProviders.operations.create, '1.20', made)).toEqual(made);
    expect(() => decode(resourceProviders.operations.create, '1.20', undefined)).toThrow(/object/);
  });

  test('filters came one by one, and an older pin says which it needs', () => {
    const { list } = resourceProviders.operations;
    expect(queryOf(list, { member_of: ['a', '!b'] }, '1.32')).toBe(
      'resource_providers?member_of=a&member_of=!b',
    );
    expect(() => place(list, 'it', '1.13', { in_tree: 'p' })).toThrow(/in_tree: needs microversion 1\.14/);
    expect(() => place(list, 'it', '1.38', { required: ['A', 'B'] })).toThrow(/required/);
    expect(queryOf(list, { required: ['A', 'in:B,C'] }, '1.39')).toContain('required=A&required=in:B,C');
  });
});

describe('inventories', () => {
  test('what was read can be sent back with the generation at which it was', () => {
    const read = {
      resource_provider_generation: 4,
      inventories: {
        VCPU: { total: 8, reserved: 0, min_unit: 1, max_unit: 8, step_size: 1, allocation_ratio: 16 },
      },
    };
    expect(decode(inventories.operations.get, '1.0', read)).toEqual(read);
    expect(bodyOf(inventories.operations.replace, { resource_provider_id: 'p', ...read })).toEqual(read);
  });

  test('a class that is misspelt or a total of nothing is not sent', () => {
    const replace = (given: unknown) =>
      place(inventories.operations.replace, 'it', '1.0', {
        resource_provider_id: 'p',
        resource_provider_generation: 1,
        inventories: given,
      });
    expect(() => replace({ vcpu: { total: 1 } })).toThrow(/inventories\.vcpu/);
    expect(() => replace({ VCPU: { total: 0 } })).toThrow(/inventories\.VCPU\.total/);
    expect(() => replace({ VCPU: { total: 1, ratio: 2 } })).toThrow(
      /inventories\.VCPU\.ratio: no such argument/,
    );
  });
});

describe('aggregates', () => {
  test('they are a bare list before 1.19, and have a generation from then on', () => {
    const given = { resource_provider_id: 'p', aggregates: ['a'] };
    expect(bodyOf(aggregates.operations.overwrite, given)).toEqual(['a']);
    expect(bodyOf(aggregates.operations.replace, { ...given, resource_provider_generation: 2 })).toEqual({
      aggregates: ['a'],
      resource_provider_generation: 2,
    });
    expect(() => place(aggregates.operations.replace, 'it', '1.19', given)).toThrow(
      /resource_provider_generation/,
    );
  });
});

describe('allocations', () => {
  const { get, replace, replaceSeveral } = allocations.operations;
  const byProvider = { p: { resources: { VCPU: 1 } } };

  test('a consumer that nobody knows has nothing, at any microversion', () => {
    for (const version of ['1.0', '1.12', '1.28', '1.38']) {
      expect(decode(get, version, { allocations: {} })).toEqual({ allocations: {} });
    }
  });

  test('each shape at its microversion', () => {
    const list = [{ resource_provider: { uuid: 'p' }, resources: { VCPU: 1 } }];
    expect(bodyOf(replace, { id: 'c', allocations: list }, '1.7')).toEqual({ allocations: list });
    expect(() => place(replace, 'it', '1.8', { id: 'c', allocations: list })).toThrow(/project_id/);
    expect(() => place(replace, 'it', '1.12', { id: 'c', allocations: list, ...owner })).toThrow(
      /allocations/,
    );
    expect(bodyOf(replace, { id: 'c', allocations: byProvider, ...owner }, '1.12')).toEqual({
      allocations: byProvider,
      ...owner,
    });
    expect(() => place(replace, 'it', '1.28', { id: 'c', allocations: byProvider, ...owner })).toThrow(
      /consumer_generation/,
    );
    const guarded = { id: 'c', allocations: byProvider, ...owner, consumer_generation: null };
    expect(bodyOf(replace, guarded, '1.28')).toMatchObject({ consumer_generation: null });
    expect(() => place(replace, 'it', '1.38', guarded)).toThrow(/consumer_type/);
    expect(bodyOf(replace, { ...guarded, consumer_type: 'INSTANCE' }, '1.38')).toMatchObject({
      consumer_type: 'INSTANCE',
    });
  });

  test('to take nothing is an error before 1.28, and takes all from then on', () => {
    expect(() => place(replace, 'it', '1.12', { id: 'c', allocations: {}, ...owner })).toThrow(/delete/);
    expect(
      bodyOf(replace, { id: 'c', allocations: {}, ...owner, consumer_generation: 1 }, '1.28'),
    ).toMatchObject({
      allocations: {},
    });
  });

  test('those of several consumers are the whole body', () => {
    const consumers = { c: { allocations: {}, ...owner } };
    expect(bodyOf(replaceSeveral, { consumers })).toEqual(consumers);
    expect(() => place(replaceSeveral, 'it', '1.28', { consumers })).toThrow(
      /consumers\.c\.consumer_generation/,
    );
  });

  test('reshaping needs the generation of each provider', () => {
    const given = (generation: unknown) => ({
      inventories: { p: { resource_provider_generation: generation, inventories: { VCPU: { total: 4 } } } },
      allocations: {},
    });
    expect(bodyOf(reshaper.operations.reshape, given(1))).toEqual(given(1));
    expect(() => place(reshaper.operations.reshape, 'it', '1.30', given(null))).toThrow(
      /inventories\.p\.resource_provider_generation/,
    );
  });
});

describe('candidates', () => {
  const { get } = allocationCandidates.operations;

  test('groups have numbers from 1.25 on, and any suffix from 1.33 on', () => {
    const numbered = { resources: 'VCPU:1', resources1: 'DISK_GB:1', required1: 'CUSTOM_SSD' };
    expect(() => place(get, 'it', '1.24', numbered)).toThrow(/resources1/);
    expect(queryOf(get, numbered, '1.25')).toContain('resources1=DISK_GB:1&required1=CUSTOM_SSD');
    expect(() => place(get, 'it', '1.32', { resources_NIC: 'SRIOV_NET_VF:1' })).toThrow(/resources_NIC/);
    expect(queryOf(get, { resources_NIC: 'SRIOV_NET_VF:1' }, '1.33')).toContain('resources_NIC=');
    expect(() => place(get, 'it', '1.36', { resourcesNIC: 'VCPU:1', recources: 'VCPU:1' })).toThrow(
      /recources: no such argument/,
    );
  });

  test('the answer is a list of providers at first, then by provider, then with mappings', () => {
    const summary = { resources: { VCPU: { capacity: 8, used: 1 } } };
    const old = {
      allocation_requests: [{ allocations: [{ resource_provider: { uuid: 'p' }, resources: { VCPU: 1 } }] }],
      provider_summaries: { p: summary },
    };
    expect(decode(get, '1.11', old)).toEqual(old);
    const byProvider = { allocations: { p: { resources: { VCPU: 1 } } } };
    const now = {
      allocation_requests: [{ ...byProvider, mappings: { '': ['p'] } }],
      provider_summaries: {
        p: { ...summary, traits: [], parent_provider_uuid: null, root_provider_uuid: 'p' },
      },
    };
    expect(decode(get, '1.34', now)).toEqual(now);
    expect(() => decode(get, '1.34', { ...now, allocation_requests: [byProvider] })).toThrow(/mappings/);
    expect(() => decode(get, '1.12', old)).toThrow(/allocations/);
  });
});

describe('the rest', () => {
  test('usages are by type of consumer from 1.38 on', () => {
    expect(decode(usages.operations.ofProject, '1.9', { VCPU: 2 })).toEqual({ VCPU: 2 });
    const byType = { INSTANCE: { VCPU: 2, consumer_count: 1 } };
    expect(decode(usages.operations.ofProject, '1.38', byType)).toEqual(byType);
    expect(() => decode(usages.operations.ofProject, '1.38', { VCPU: 2 })).toThrow(/VCPU/);
  });

  test('names of the cloud begin with CUSTOM_', () => {
    expect(() => place(traits.operations.create, 'it', '1.6', { id: 'SSD' })).toThrow(/CUSTOM_/);
    expect(() => place(resourceClasses.operations.create, 'it', '1.2', { name: 'custom_x' })).toThrow(
      /CUSTOM_/,
    );
    expect(place(resourceClasses.operations.ensure, 'it', '1.7', { id: 'CUSTOM_X' })).toMatchObject({
      path: 'resource_classes/CUSTOM_X',
      body: undefined,
    });
  });
});
