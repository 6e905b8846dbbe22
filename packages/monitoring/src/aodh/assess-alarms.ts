import type { Observed } from '@groundcrew/core';
import { counted, finding, type Finding, type Severity, unseen } from '@groundcrew/ground';
import type { Alarm } from './alarm.ts';

/**
 * One finding `monitoring.alarm` for each alarm: `fail` in the state `alarm`, `pass` in `ok`. Everything else is `unknown`:
 * insufficient data, a state that is not known here, and an alarm that is not enabled, since nobody evaluates it. That an evaluator
 * runs at all Aodh does not tell; that an alarm is `ok` rests on it.
 */
export const assessAlarms = (observed: Observed<readonly Alarm[]>): Finding[] => [
  ...observed.gaps.map((gap) =>
    unseen(gap, {
      id: 'monitoring.alarms-unseen',
      title: `Not seen: ${gap.what}`,
      severity: 'medium',
      at: observed.at,
    }),
  ),
  ...observed.value.map((alarm) => judged(alarm, observed)),
];

function judged(alarm: Alarm, { source, at }: Observed<unknown>): Finding {
  const { id, name, isEnabled, state, since, reason, type, actions } = alarm;
  const verdict = !isEnabled ? 'unknown' : (VERDICTS.get(state) ?? 'unknown');
  const because = [
    {
      statement: `its state is ${state}${since === undefined ? '' : ` since ${since}`}${reason === undefined || reason === '' ? '' : `: ${reason}`}`,
      source,
      at,
    },
  ];
  if (!isEnabled) because.push({ statement: 'it is not enabled: nobody evaluates it', source, at });
  if (verdict === 'fail' && actions.alarm.length === 0)
    because.push({ statement: 'it has no action: nobody was told', source, at });
  return finding({
    id: 'monitoring.alarm',
    verdict,
    severity: SEVERITIES.get(alarm.severity) ?? 'medium',
    title: `Alarm ${name === '' ? id : name} ${words(alarm)}`,
    subject: { kind: 'alarm', id, name },
    because,
    remedy:
      verdict === 'fail'
        ? `Look at what it watches (${type})${actions.alarm.length === 0 ? ', and give it an action' : `; ${counted(actions.alarm.length, 'action')} was meant to tell somebody`}.`
        : verdict === 'unknown'
          ? remedyOf(alarm)
          : undefined,
  });
}

const VERDICTS: ReadonlyMap<string, 'fail' | 'pass'> = new Map([
  ['alarm', 'fail'],
  ['ok', 'pass'],
]);
const SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['low', 'low'],
  ['moderate', 'medium'],
  ['critical', 'critical'],
]);

function words({ isEnabled, state }: Alarm): string {
  if (!isEnabled) return `is not evaluated; its last state was ${state}`;
  switch (state) {
    case 'ok':
      return 'is ok';
    case 'alarm':
      return 'is raised';
    case 'insufficient data':
      return 'has insufficient data';
    default:
      return `is in a state that is not known: ${state}`;
  }
}

function remedyOf({ isEnabled, rule }: Alarm): string {
  if (!isEnabled) return 'Enable it, or delete it.';
  switch (rule.type) {
    case 'event':
      return 'An alarm on events has a state once an event came, and keeps it until somebody sets it.';
    case 'gnocchi_resources_threshold':
      return `Look whether Gnocchi has fresh points of ${rule.metric} of ${rule.resourceId} with a granularity of ${rule.granularityMs / 1000} s.`;
    case 'gnocchi_aggregation_by_metrics_threshold':
    case 'gnocchi_aggregation_by_resources_threshold':
      return `Look whether Gnocchi has fresh points with a granularity of ${rule.granularityMs / 1000} s of what it watches.`;
    default:
      return 'Look whether what it watches has values, and at the log of aodh-evaluator.';
  }
}
