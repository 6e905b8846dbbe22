export type { AlertSeverity } from './alerts/alert.ts';
export { type AlertRule, type AlertRules, alertRules, type AlertRulesOptions } from './alerts/alert-rules.ts';
