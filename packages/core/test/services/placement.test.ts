import { describe, expect, test } from 'vitest';
import { serializeArguments } from '../../src/call/serialize-arguments.ts';
import { type OperationSpec, slotsOf } from '../../src/record/operation.ts';
import { placement } from '../../src/services/placement/placement.ts';
import { schemaAt } from '../../src/record/shape.ts';

const { aggregates, allocationCandidates, allocations, reshaper, resourceProviders, usages } =
  placement.resources;

const decode = (spec: OperationSpec, version: string, value: unknown): unknown =>
  (spec.output === undefined ? undefined : schemaAt(spec.output, version))?.parse(value);
const bodyOf = (spec: OperationSpec, version: string, input: unknown): unknown => {
  const { body } = serializeArguments(spec, 'it', version, input);
  return body === undefined ? undefined : JSON.parse(body);
};

describe('providers', () => {
  const provider = { uuid: 'p', name: 'host', generation: 3, links: [] };

  test('the tree belongs to an answer from 1.14 on', () => {
    const { get } = resourceProviders.operations;
    expect(decode(get, '1.13', provider)).toEqual(provider);
    expect(() => decode(get, '1.14', provider)).toThrow(/provider_uuid/);
    const inTree = { ...provider, parent_provider_uuid: null, root_provider_uuid: 'p' };
    expect(decode(get, '1.14', inTree)).toEqual(inTree);
  });

  test('creating one answers it from 1.20 on, and nothing before', () => {
    const { create } = resourceProviders.operations;
    expect(decode(create, '1.0', undefined)).toBeUndefined();
    const made = { ...provider, parent_provider_uuid: null, root_provider_uuid: 'p' };
    expect(decode(create, '1.20', made)).toEqual(made);
  });

  test('several aggregates are several parameters from 1.24 on, and a filter is refused before it came', () => {
    const { list } = resourceProviders.operations;
    expect(serializeArguments(list, 'it', '1.24', { member_of: ['a', 'b'] }).path).toBe(
      'resource_providers?member_of=a&member_of=b',
    );
    expect(() => serializeArguments(list, 'it', '1.23', { member_of: ['a', 'b'] })).toThrow(/member_of/);
    expect(() => serializeArguments(list, 'it', '1.0', { in_tree: 'p' })).toThrow(
      /in_tree: needs microversion 1\.14/,
    );
  });
});

describe('aggregates', () => {
  test('are a bare list before 1.19, and guarded by the generation from then on', () => {
    const given = { resource_provider_id: 'p', aggregates: ['a'] };
    expect(bodyOf(aggregates.operations.overwrite, '1.1', given)).toEqual(['a']);
    expect(
      bodyOf(aggregates.operations.replace, '1.19', { ...given, resource_provider_generation: 4 }),
    ).toEqual({ aggregates: ['a'], resource_provider_generation: 4 });
    expect(() => serializeArguments(aggregates.operations.replace, 'it', '1.19', given)).toThrow(
      /generation/,
    );
  });
});

describe('allocations', () => {
  const { replace, replaceSeveral } = allocations.operations;
  const owner = { project_id: 'p', user_id: 'u' };
  const byProvider = { r: { resources: { VCPU: 1 } } };

  test('are a list before 1.12, and by provider from then on', () => {
    const list = [{ resource_provider: { uuid: 'r' }, resources: { VCPU: 1 } }];
    expect(bodyOf(replace, '1.0', { id: 'c', allocations: list })).toEqual({ allocations: list });
    expect(() => serializeArguments(replace, 'it', '1.8', { id: 'c', allocations: list })).toThrow(
      /project_id/,
    );
    expect(() => serializeArguments(replace, 'it', '1.12', { id: 'c', allocations: list, ...owner })).toThrow(
      /allocations/,
    );
    expect(bodyOf(replace, '1.12', { id: 'c', allocations: byProvider, ...owner })).toEqual({
      allocations: byProvider,
      ...owner,
    });
  });

  test('can be taken by giving none only from 1.28 on', () => {
    const none = { id: 'c', allocations: {}, ...owner };
    expect(() => serializeArguments(replace, 'it', '1.27', none)).toThrow(/allocations/);
    expect(bodyOf(replace, '1.28', { ...none, consumer_generation: 2 })).toMatchObject({ allocations: {} });
  });

  test('of several consumers are the whole body', () => {
    const consumers = { c: { allocations: byProvider, ...owner } };
    expect(bodyOf(replaceSeveral, '1.13', { consumers })).toEqual(consumers);
    expect(() => serializeArguments(replaceSeveral, 'it', '1.28', { consumers })).toThrow(
      /consumer_generation/,
    );
  });

  test('of a consumer that has nothing decode without its owner', () => {
    expect(decode(allocations.operations.get, '1.38', { allocations: {} })).toEqual({ allocations: {} });
  });

  test('move with inventories in one request', () => {
    const given = {
      inventories: { r: { resource_provider_generation: 1, inventories: { VCPU: { total: 4 } } } },
      allocations: { c: { allocations: byProvider, ...owner, consumer_generation: 1 } },
    };
    expect(bodyOf(reshaper.operations.reshape, '1.30', given)).toEqual(given);
    expect(() => serializeArguments(reshaper.operations.reshape, 'it', '1.38', given)).toThrow(
      /consumer_type/,
    );
  });
});

test('usages of a project are grouped by type of consumer from 1.38 on', () => {
  const { ofProject } = usages.operations;
  expect(decode(ofProject, '1.9', { VCPU: 2 })).toEqual({ VCPU: 2 });
  const grouped = { INSTANCE: { consumer_count: 1, VCPU: 2 } };
  expect(decode(ofProject, '1.38', grouped)).toEqual(grouped);
  expect(() => decode(ofProject, '1.37', grouped)).toThrow(/INSTANCE/);
});

describe('candidates', () => {
  const { get } = allocationCandidates.operations;
  const query = (version: string, input: unknown): string =>
    serializeArguments(get, 'it', version, input).path;

  test('groups are numbered from 1.25 on, and named as one likes from 1.33 on', () => {
    const numbered = { resources: 'VCPU:1', resources1: 'VGPU:1', group_policy: 'none' };
    expect(query('1.25', numbered)).toBe(
      'allocation_candidates?group_policy=none&resources=VCPU%3A1&resources1=VGPU%3A1',
    );
    expect(() => query('1.24', numbered)).toThrow(/no such argument/);
    const named = { resources_NIC: 'SRIOV_NET_VF:1' };
    expect(() => query('1.32', named)).toThrow(/resources_NIC: no such argument/);
    expect(query('1.33', named)).toContain('resources_NIC=');
  });

  test('a mistyped name is no group', () => {
    expect(() => query('1.36', { resources: 'VCPU:1', resurces1: 'VCPU:1' })).toThrow(/resurces1/);
    expect(() => query('1.36', { resources1: 5 })).toThrow(/resources1/);
  });

  test('in: may be repeated for traits from 1.39 on', () => {
    const required = ['in:A,B', 'C'];
    expect(query('1.39', { resources: 'VCPU:1', required })).toContain('required=in%3AA%2CB&required=C');
    expect(() => query('1.38', { resources: 'VCPU:1', required })).toThrow(/required/);
  });

  test('answers change shape at 1.12, 1.17, 1.29 and 1.34', () => {
    const summary = { resources: { VCPU: { capacity: 4, used: 0 } } };
    const first = {
      allocation_requests: [{ allocations: [{ resource_provider: { uuid: 'p' }, resources: { VCPU: 1 } }] }],
      provider_summaries: { p: summary },
    };
    expect(decode(get, '1.10', first)).toEqual(first);
    expect(() => decode(get, '1.12', first)).toThrow(/allocations/);
    const last = {
      allocation_requests: [{ allocations: { p: { resources: { VCPU: 1 } } }, mappings: { '': ['p'] } }],
      provider_summaries: {
        p: { ...summary, traits: [], parent_provider_uuid: null, root_provider_uuid: 'p' },
      },
    };
    expect(decode(get, '1.34', last)).toEqual(last);
    expect(() => decode(get, '1.34', { ...last, provider_summaries: { p: summary } })).toThrow(/traits/);
  });
});

const operations = Object.values(placement.resources).flatMap((resource) =>
  Object.entries<OperationSpec>(resource.operations).map(
    ([name, spec]) => [`${resource.name}.${name}`, spec] as const,
  ),
);

test.each(operations)('%s takes what its path needs', (_name, spec) => {
  const given = Object.fromEntries(slotsOf(spec.path).map((slot) => [slot, 'x']));
  const issues = schemaAt(spec.input, spec.since ?? '1.0')?.safeParse(given).error?.issues ?? [];
  expect(issues.filter(({ code }) => code === 'unrecognized_keys')).toEqual([]);
});
