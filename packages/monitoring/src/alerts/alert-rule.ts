import type { AlertSeverity } from './alert.ts';

/** An alert of Prometheus, as data. */
export interface AlertRule {
  readonly name: string;
  /** PromQL: a series for each thing that is wrong. */
  readonly expr: string;
  /** How long that must be so before the alert fires. */
  readonly forMs: number;
  readonly severity: AlertSeverity;
  /** One sentence, a template of Prometheus: what stands in braces is a label or the value of the series. */
  readonly summary: string;
  /** What to look at, and what helps; plain text. */
  readonly runbook: string;
  /** Labels besides `severity`. */
  readonly labels: Readonly<Record<string, string>>;
  /** The collectors whose figures it needs. */
  readonly collectors: readonly string[];
}
