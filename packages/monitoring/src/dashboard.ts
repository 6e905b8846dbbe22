export { type DashboardOptions, grafanaDashboard } from './dashboard/grafana-dashboard.ts';
export type {
  GrafanaDashboard,
  GrafanaDatasource,
  GrafanaOverride,
  GrafanaPanel,
  GrafanaRow,
  GrafanaTarget,
  GrafanaVariable,
  GridPosition,
} from './dashboard/grafana-model.ts';
