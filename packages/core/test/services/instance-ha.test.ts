import { describe, expect, test } from 'vitest';
import { serializeArguments } from '../../src/call/serialize-arguments.ts';
import { instanceHa } from '../../src/services/instance-ha/instance-ha.ts';
import { type OperationSpec, slotsOf } from '../../src/record/operation.ts';
import { schemaAt } from '../../src/record/shape.ts';

const { hosts, notifications, segments, vmoves } = instanceHa.resources;

const decode = (spec: OperationSpec, version: string, value: unknown): unknown =>
  (spec.output === undefined ? undefined : schemaAt(spec.output, version))?.parse(value);
const bodyOf = (spec: OperationSpec, version: string, input: unknown): unknown => {
  const { body } = serializeArguments(spec, 'it', version, input);
  return body === undefined ? undefined : JSON.parse(body);
};

test.each(
  Object.values(instanceHa.resources).flatMap((resource) =>
    Object.entries(resource.operations).map(
      ([name, spec]) => [`${resource.name}.${name}`, spec as OperationSpec] as const,
    ),
  ),
)('%s takes what its path names', (_, spec) => {
  const schema = schemaAt(spec.input, '1.3');
  const given = Object.fromEntries(slotsOf(spec.path).map((slot) => [slot, 'x']));
  const refused = schema?.safeParse({ ...given, nonsense: 1 });
  expect(refused?.error?.issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(true);
  for (const slot of slotsOf(spec.path)) {
    const { [slot]: _missing, ...rest } = given;
    expect(schema?.safeParse(rest).error?.issues.map(({ path }) => path[0])).toContain(slot);
  }
});

describe('segments', () => {
  const given = { name: 'a', recovery_method: 'auto', service_type: 'COMPUTE' };

  test('are enabled and disabled from 1.2 on', () => {
    const { create, list } = segments.operations;
    expect(bodyOf(create, '1.2', { ...given, enabled: false })).toEqual({
      segment: { ...given, enabled: false },
    });
    expect(() => serializeArguments(create, 'it', '1.1', { ...given, enabled: false })).toThrow(
      /enabled: needs .*1\.2/,
    );
    expect(serializeArguments(list, 'it', '1.2', { enabled: 1, limit: 5 }).path).toBe(
      'segments?enabled=1&limit=5',
    );
    // The service takes `true` for 0.
    expect(() => serializeArguments(list, 'it', '1.2', { enabled: true })).toThrow(/enabled/);
    expect(() => serializeArguments(create, 'it', '1.2', { ...given, recovery_method: 'reserved' })).toThrow(
      /recovery_method/,
    );
  });

  test('moments have no zone and mean UTC', () => {
    const answered = {
      ...given,
      id: 4,
      uuid: 'u',
      description: null,
      created_at: '2026-11-23T08:39:06.000000',
      updated_at: null,
      deleted: false,
    };
    expect(decode(segments.operations.get, '1.0', answered)).toMatchObject({
      created_at: '2026-11-23T08:39:06.000000Z',
      deleted: false,
    });
  });
});

describe('notifications', () => {
  const { create, get, list } = notifications.operations;
  const said = { type: 'COMPUTE_HOST', hostname: 'compute-2', generated_time: '2026-11-23T08:00:00' };

  test('have the payload of one of the three kinds', () => {
    const payload = { event: 'STOPPED', cluster_status: 'OFFLINE', host_status: 'NORMAL' };
    expect(bodyOf(create, '1.0', { ...said, payload })).toEqual({ notification: { ...said, payload } });
    expect(() =>
      serializeArguments(create, 'it', '1.0', { ...said, payload: { ...payload, host_status: 'OFF' } }),
    ).toThrow(/payload/);
    expect(() =>
      serializeArguments(create, 'it', '1.0', { ...said, payload: { event: 'STOPPED', nonsense: 'x' } }),
    ).toThrow(/payload/);
  });

  test('show the steps of their recovery from 1.1 on', () => {
    const answered = {
      notification_uuid: 'n',
      id: 1,
      type: 'VM',
      source_host_uuid: 'h',
      generated_time: '2017-06-13T15:34:55.000000',
      payload: { event: 'LIFECYCLE', vir_domain_event: 'STOPPED_FAILED', instance_uuid: 'i' },
      status: 'finished',
      created_at: '2019-02-28T07:19:49.000000',
      updated_at: null,
    };
    const details = [{ timestamp: '2019-03-07 13:54:28.842031', message: 'Stopping', progress: '0.0' }];
    const steps = [{ name: 'StopInstanceTask', state: 'SUCCESS', progress: 1, progress_details: details }];
    expect(decode(get, '1.0', answered)).toMatchObject({ status: 'finished' });
    expect(() => decode(get, '1.1', answered)).toThrow(/recovery_workflow_details/);
    expect(decode(get, '1.1', { ...answered, recovery_workflow_details: steps })).toMatchObject({
      recovery_workflow_details: steps,
    });
    expect(serializeArguments(list, 'it', '1.0', { 'generated-since': '2026-11-23T00:00:00' }).path).toBe(
      'notifications?generated-since=2026-11-23T00%3A00%3A00',
    );
  });
});

test('a host is taken out of maintenance by what differs', () => {
  const input = { segment_id: 's', id: 'h', on_maintenance: false };
  expect(serializeArguments(hosts.operations.update, 'it', '1.0', input).path).toBe('segments/s/hosts/h');
  expect(bodyOf(hosts.operations.update, '1.0', input)).toEqual({ host: { on_maintenance: false } });
  expect(() => serializeArguments(hosts.operations.update, 'it', '1.0', { ...input, type: 'a b' })).toThrow(
    /type/,
  );
});

test('moves ask for 1.3', () => {
  expect(vmoves.operations.list.since).toBe('1.3');
  expect(
    serializeArguments(vmoves.operations.list, 'it', '1.3', { notification_id: 'n', status: 'failed' }).path,
  ).toBe('notifications/n/vmoves?status=failed');
});
