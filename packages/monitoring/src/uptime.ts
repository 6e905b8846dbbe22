export type { UptimeAvailability, UptimeDurations, UptimeVerdict } from './uptime/availability.ts';
export type { RefusedEvidence } from './uptime/door.ts';
export type { EvidenceState, UptimeEvidence, UptimeKind, UptimeSubject } from './uptime/evidence.ts';
export {
  type AppendedEvidence,
  type Uptime,
  type UptimeInterval,
  type UptimeLedger,
  uptimeLedger,
  type UptimeLedgerOptions,
  type UptimeOptions,
} from './uptime/ledger.ts';
export { notificationEvidence, type NotificationEvidenceOptions } from './uptime/notification-evidence.ts';
export type { MaintenanceWindow, UptimeQuestion, UptimeTime } from './uptime/period.ts';
export { probeEvidence } from './uptime/poll-evidence.ts';
export type { PolledRound, WatchedRound } from './uptime/poller.ts';
export {
  prometheusEvidence,
  type PrometheusEvidenceOptions,
  type ReportingSeries,
  type UptimeSeries,
} from './uptime/prometheus-evidence.ts';
export type { PrometheusLabels } from './uptime/prometheus-samples.ts';
export type { UptimeReportOptions, UptimeReportRow } from './uptime/report.ts';
export type { UptimeClaim } from './uptime/runs.ts';
export { groundcrewServers, openstackExporterServers } from './uptime/server-series.ts';
export type { KnownSubject, SubjectClaims, SubjectPage, UptimeStore } from './uptime/store.ts';
export type { UptimeState, UptimeWindow } from './uptime/timeline.ts';
export { UptimeError } from './uptime/uptime-error.ts';
export { watchUptime, type WatchUptimeOptions } from './uptime/watch.ts';
