import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { AlarmRule } from '../../src/gnocchi.ts';
import { actionOf } from '../../src/aodh/alarm-action.ts';
import { ruleOf } from '../../src/aodh/alarm-rule.ts';

const threshold = {
  comparison_operator: 'gt',
  threshold: 1,
  aggregation_method: 'mean',
  evaluation_periods: 2,
  granularity: 60,
};
const compared = { comparison: 'gt', threshold: 1, method: 'mean', periods: 2, granularityMs: 60_000 };
const resource = { ...threshold, metric: 'cpu', resource_id: 'r', resource_type: 'instance' };
const ofResource = {
  type: 'gnocchi_resources_threshold',
  ...compared,
  metric: 'cpu',
  resourceId: 'r',
  resourceType: 'instance',
};

test.each<[string, unknown, unknown]>([
  ['gnocchi_resources_threshold', resource, ofResource],
  [
    'gnocchi_aggregation_by_metrics_threshold',
    { ...threshold, metrics: ['a', 'b'] },
    { type: 'gnocchi_aggregation_by_metrics_threshold', ...compared, metrics: ['a', 'b'] },
  ],
  [
    'gnocchi_aggregation_by_resources_threshold',
    { ...threshold, metric: 'cpu', query: '{}', resource_type: 'instance' },
    {
      type: 'gnocchi_aggregation_by_resources_threshold',
      ...compared,
      metric: 'cpu',
      query: '{}',
      resourceType: 'instance',
    },
  ],
  [
    'event',
    { event_type: '*', query: [{ field: 'traits.n', op: 'gt', value: 5, type: 'integer' }] },
    { type: 'event', eventType: '*', query: [{ field: 'traits.n', op: 'gt', value: '5' }] },
  ],
  // aodh/api/controllers/v2/alarm_rules/prometheus.py, since 2023.2.
  [
    'prometheus',
    { comparison_operator: 'eq', threshold: 0, query: 'up' },
    { type: 'prometheus', comparison: 'eq', threshold: 0, query: 'up' },
  ],
  [
    'composite',
    { or: [{ type: 'gnocchi_resources_threshold', ...resource }, { and: [{ type: 'new', x: 1 }] }] },
    {
      type: 'composite',
      operator: 'or',
      rules: [
        ofResource,
        {
          type: 'composite',
          operator: 'and',
          rules: [{ type: 'other', name: 'new', fields: { type: 'new', x: 1 } }],
        },
      ],
    },
  ],
])('a rule of the type %s', (type, rule, is) => {
  expect(ruleOf(type, rule)).toEqual(is);
});

test.each<[string, unknown, Record<string, unknown>]>([
  ['tomorrow', { x: 1 }, { x: 1 }],
  ['gnocchi_resources_threshold', { ...resource, threshold: 'high' }, { ...resource, threshold: 'high' }],
  ['event', undefined, { rule: undefined }],
  ['prometheus', null, { rule: null }],
  ['composite', { xor: [] }, { xor: [] }],
  ['constructor', {}, {}],
])('what has not the form of %s is kept as it came', (name, rule, fields) => {
  expect(ruleOf(name, rule)).toEqual({ type: 'other', name, fields });
});

test('a composite rule that is nested without end is read as far as somebody would write it', () => {
  let rule: unknown = { type: 'gnocchi_resources_threshold', ...resource };
  for (let level = 0; level < 100_000; level += 1) rule = { and: [rule] };
  const depthOf = (read: AlarmRule): number =>
    read.type === 'composite' ? 1 + depthOf(read.rules[0] ?? read) : 0;
  expect(depthOf(ruleOf('composite', rule))).toBe(33);
});

// Whoever knows the address of a webhook can call it: those of Slack, Teams and Heat's signals have nothing else to prove it by.
test.each([
  [
    'https://user:pw@hooks.example.com:8443/services/T000/s3cret?token=abc',
    'https',
    'hooks.example.com:8443',
  ],
  ['trust+http://abc:delete@heat.example.com/v1/p/stacks/s/signal', 'trust+http', 'heat.example.com'],
  ['zaqar://?topic=s3cret', 'zaqar', undefined],
  ['log://', 'log', undefined],
  ['log:', 'log', undefined],
  ['zaqar:?topic=s3cret', 'zaqar', undefined],
  ['http://[2001:db8::1]:80/s3cret', 'http', '[2001:db8::1]:80'],
  ['https://s3cret@', 'https', undefined],
  ['https://ho st/s3cret', 'https', undefined],
  ['s3cret', '', undefined],
  ['HTTPS://a.example.com', 'https', 'a.example.com'],
])('of the action %s nothing is shown but whom it tells', (url, scheme, host) => {
  const action = actionOf(url);
  expect(action).toMatchObject({ scheme, host });
  expect(`${inspect(action, { depth: 9 })}${JSON.stringify(action)}`).not.toMatch(/s3cret|pw|abc|delete/);
  expect(action.url.reveal()).toBe(url);
});
