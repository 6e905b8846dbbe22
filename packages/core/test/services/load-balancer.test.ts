import { describe, expect, test } from 'vitest';
import { serializeArguments } from '../../src/call/serialize-arguments.ts';
import { type OperationSpec, slotsOf } from '../../src/record/operation.ts';
import { schemaAt } from '../../src/record/shape.ts';
import { loadBalancer } from '../../src/services/load-balancer/load-balancer.ts';

const { amphorae, listeners, loadBalancers, pools } = loadBalancer.resources;

const decode = (spec: OperationSpec, value: unknown): unknown =>
  (spec.output === undefined ? undefined : schemaAt(spec.output, '0.0'))?.parse(value);

test.each(
  Object.values(loadBalancer.resources).flatMap((resource) =>
    Object.entries(resource.operations).map(
      ([name, spec]) => [`${resource.name}.${name}`, spec as OperationSpec] as const,
    ),
  ),
)('%s takes what its path names', (_, spec) => {
  const schema = schemaAt(spec.input, '0.0');
  const given = Object.fromEntries(slotsOf(spec.path).map((slot) => [slot, 'x']));
  const refused = schema?.safeParse({ ...given, nonsense: 1 });
  expect(refused?.error?.issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(true);
  for (const slot of slotsOf(spec.path)) {
    const { [slot]: _missing, ...rest } = given;
    expect(schema?.safeParse(rest).error?.issues.map(({ path }) => path[0])).toContain(slot);
  }
});

/** As Octavia 11 (Zed) answers a load balancer that has just been asked for: WSME leaves out what is not set. */
const begun = {
  id: 'b1',
  name: 'web',
  provisioning_status: 'PENDING_CREATE',
  operating_status: 'OFFLINE',
  admin_state_up: true,
  project_id: 'p',
  created_at: '2026-11-30T04:00:00',
  updated_at: null,
  listeners: [],
  pools: [],
};

describe('a load balancer', () => {
  test('has moments without a zone, which mean UTC', () => {
    expect(decode(loadBalancers.operations.get, begun)).toMatchObject({
      created_at: '2026-11-30T04:00:00Z',
      updated_at: null,
    });
  });

  test('has states that are newer than the record', () => {
    const newer = { ...begun, operating_status: 'SUSPENDED' };
    expect(decode(loadBalancers.operations.get, newer)).toMatchObject({ operating_status: 'SUSPENDED' });
  });

  test.each(['id', 'provisioning_status', 'operating_status'])('is none without its %s', (field) => {
    const { [field]: _missing, ...rest } = begun as Record<string, unknown>;
    expect(() => decode(loadBalancers.operations.list, rest)).toThrow(field);
  });

  test('is created from what its address is to be on, and deleted with its parts', () => {
    const input = { name: 'web', vip_subnet_id: 's' };
    const { body } = serializeArguments(loadBalancers.operations.create, 'it', '0.0', input);
    expect(JSON.parse(body ?? '')).toEqual({ loadbalancer: input });
    expect(
      serializeArguments(loadBalancers.operations.delete, 'it', '0.0', { id: 'b1', cascade: true }).path,
    ).toBe('lbaas/loadbalancers/b1?cascade=true');
  });
});

test('lists ask for pages, go on behind a marker, and take the filters of Octavia', () => {
  for (const { operations } of Object.values(loadBalancer.resources))
    expect(operations.list).toMatchObject({ page: 'link-then-marker', pageSize: 1000 });
  const path = (spec: OperationSpec, input: object) => serializeArguments(spec, 'it', '0.0', input).path;
  expect(path(loadBalancers.operations.list, { provisioning_status: 'ERROR' })).toBe(
    'lbaas/loadbalancers?provisioning_status=ERROR',
  );
  for (const { operations } of [listeners, pools, amphorae])
    expect(path(operations.list, { loadbalancer_id: 'b1' })).toMatch(/\?loadbalancer_id=b1$/);
});

test("an amphora's certificate ends at a moment in UTC, and upstream's own sample has a number for a flag", () => {
  // api-ref/source/v2/examples/amphora-show-response.json
  const sample = {
    id: '6bd55cd3-802e-447e-a518-1e74e23bb106',
    load_balancer_id: '09eedfc6-2c55-41a8-a75c-2cd4e95212ca',
    compute_id: 'f0f79f90-733d-417a-8d70-cc6be62cd54d',
    cert_expiration: '2019-09-19 00:34:51',
    cert_busy: 0,
    role: 'MASTER',
    status: 'ALLOCATED',
  };
  expect(decode(amphorae.operations.get, sample)).toMatchObject({ cert_expiration: '2019-09-19T00:34:51Z' });
  expect(decode(amphorae.operations.get, { ...sample, role: null, compute_id: null })).toMatchObject({
    role: null,
  });
});
