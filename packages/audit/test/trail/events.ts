import fc from 'fast-check';
import type { AuditEvent } from '../../src/trail.ts';

/** An event, with what matters to a test. */
export const eventOf = (id: string, more: Partial<AuditEvent> = {}): AuditEvent => ({
  id,
  at: '2026-11-23T10:00:00.000Z',
  source: 'test',
  kind: 'notification',
  action: 'create',
  outcome: 'success',
  who: { user_id: 'alice', user_name: 'Alice', project_id: 'shop', address: '192.0.2.7' },
  target: { type: 'security_group_rule', id: `rule-${id}`, service: 'network' },
  request_ids: [`req-${id}`],
  detail: { body: { port: 22 } },
  ...more,
});

const some = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

/** Events that have much in common, so that questions find several. */
export const events: fc.Arbitrary<AuditEvent[]> = fc
  .array(
    fc.record({
      at: fc
        .integer({ min: 0, max: 40 })
        .map((s) => new Date(Date.UTC(2026, 10, 23, 10, 0, s)).toISOString()),
      kind: some('notification', 'audit.http', 'cadf'),
      action: some('create', 'delete', 'list'),
      outcome: some<AuditEvent['outcome']>('success', 'failure', 'pending', 'unknown'),
      user: maybe(some('alice', 'bob')),
      name: maybe(some('Alice', "Bob'; DROP TABLE trail_record; --")),
      project: maybe(some('shop', 'lab')),
      address: maybe(some('192.0.2.7', '2001:db8::1')),
      type: some('server', 'security_group_rule'),
      id: maybe(some('a', 'b', 'c')),
      service: maybe(some('compute', 'network')),
      requests: fc.uniqueArray(some('req-1', 'req-2', 'req-3'), { maxLength: 2 }),
      detail: maybe(fc.constant<AuditEvent['detail']>({ note: 'ü “quoted” \u{1F600}\n' })),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((list) =>
    list.map(
      (
        { at, kind, action, outcome, user, name, project, address, type, id, service, requests, detail },
        index,
      ) => ({
        id: `event-${index}`,
        at,
        source: 'test',
        kind,
        action,
        outcome,
        who: defined({ user_id: user, user_name: name, project_id: project, address }),
        target: { type, ...defined({ id, service }) },
        request_ids: requests,
        ...(detail === undefined ? {} : { detail }),
      }),
    ),
  );

const defined = (value: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, one]])));
