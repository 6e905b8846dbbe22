import { metric, root } from './answers.ts';

const ID = '2ac5f1b0-5b7e-4a4c-9a3b-0c7f6f2d1e11';
const policy = {
  ...metric.archive_policy,
  definition: [{ timespan: '30 days, 0:00:00', granularity: '0:05:00', points: 8640 }],
};
/** Points of five minutes, from 10:00 on. */
const points = (...values: number[]) =>
  values.map((value, index) => [`2026-11-21T10:${String(index * 5).padStart(2, '0')}:00+00:00`, 300, value]);

const alarm = (alarm_id: string, more: object) => ({
  alarm_id,
  type: 'event',
  enabled: true,
  description: '',
  state_timestamp: '2026-11-21T10:00:00',
  timestamp: '2026-11-21T10:00:00',
  severity: 'moderate',
  ok_actions: [],
  alarm_actions: [],
  insufficient_data_actions: [],
  time_constraints: [],
  event_rule: { event_type: '*', query: [] },
  ...more,
});

/**
 * What the Gnocchi and the Aodh of the README answer: a server whose CPU is told of from 10:00 to 10:20, and was restarted, beside
 * another one; `undefined` for what they do not have.
 */
export function telemetryAnswer(url: string, body: string): unknown {
  const { pathname, searchParams } = new URL(url, 'http://telemetry');
  switch (pathname) {
    case '/':
      return root('4.4.2');
    case '/v1/capabilities':
      return { aggregation_methods: ['mean', 'max', 'rate:mean'] };
    case `/v1/resource/generic/${ID}/metric/cpu`:
      return { ...metric, archive_policy: policy };
    case `/v1/metric/${metric.id}/measures`:
      return points(1_500e9, 1_650e9, 1_725e9, 30e9);
    case '/v1/aggregates':
      return {
        measures: {
          aggregated: body.includes('"count"')
            ? points(2, 2, 2, 1)
            : points(3_000e9, 3_300e9, 3_450e9, 1_725e9),
        },
      };
    case '/aodh/v2/alarms':
      return searchParams.has('marker')
        ? []
        : [
            alarm('a', { name: 'disk-full', state: 'insufficient data' }),
            alarm('b', { name: 'cpu-high', state: 'alarm', severity: 'critical' }),
          ];
    default:
      return undefined;
  }
}
