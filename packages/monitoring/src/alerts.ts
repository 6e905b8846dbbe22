export type { AlertRule } from './alerts/alert-rule.ts';
export { type AlertRules, alertRules, type AlertRulesOptions } from './alerts/alert-rules.ts';
export type { AlertSeverity } from './alerts/alert.ts';
