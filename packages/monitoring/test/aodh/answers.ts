/** Answers of the lab's Aodh 15.0.0 (Debian 12), with other ids. */
export const alarm = (more: object): object => ({
  alarm_actions: [],
  ok_actions: [],
  name: 'gc-resources',
  severity: 'critical',
  timestamp: '2026-11-30T04:25:00.123456',
  enabled: true,
  alarm_id: 'a3b0c1d2-0000-4000-8000-000000000001',
  user_id: 'u',
  project_id: 'p',
  state: 'insufficient data',
  state_reason: 'Not evaluated yet',
  state_timestamp: '2026-11-30T04:25:00.123456',
  evaluate_timestamp: '2026-11-30T04:25:00',
  description: 'gnocchi_resources_threshold alarm rule',
  repeat_actions: false,
  insufficient_data_actions: [],
  time_constraints: [],
  type: 'gnocchi_resources_threshold',
  gnocchi_resources_threshold_rule: {
    comparison_operator: 'gt',
    threshold: 1,
    aggregation_method: 'mean',
    evaluation_periods: 1,
    granularity: 60,
    metric: 'cpu',
    resource_id: '11111111-2222-4333-8444-000000000001',
    resource_type: 'instance',
  },
  ...more,
});

export const history = [
  {
    event_id: 'e2',
    alarm_id: 'a3b0c1d2-0000-4000-8000-000000000001',
    type: 'state transition',
    detail:
      '{"state": "alarm", "transition_reason": "Transition to alarm due to 1 samples outside threshold, most recent: 100.0"}',
    project_id: null,
    user_id: null,
    on_behalf_of: 'p',
    timestamp: '2026-11-30T04:25:10.123456',
  },
  {
    event_id: 'e1',
    alarm_id: 'a3b0c1d2-0000-4000-8000-000000000001',
    type: 'creation',
    detail:
      '{"alarm_id": "a3b0c1d2-0000-4000-8000-000000000001", "alarm_actions": ["https://hooks.example.com/s3cret"], "state": "insufficient data"}',
    project_id: 'p',
    user_id: 'u',
    on_behalf_of: 'p',
    timestamp: '2026-11-30T04:25:00.123456',
  },
];
