import { packageBuild } from '../../tsup.base.ts';

export default packageBuild([
  'src/index.ts',
  'src/alerts.ts',
  'src/dashboard.ts',
  'src/capacity.ts',
  'src/coverage.ts',
  'src/events.ts',
  'src/exporter.ts',
  'src/gnocchi.ts',
  'src/metrics.ts',
  'src/opentelemetry.ts',
  'src/page.ts',
  'src/probes.ts',
  'src/prometheus.ts',
  'src/slo.ts',
  'src/uptime.ts',
  'src/uptime/postgres.ts',
  'src/uptime/sqlite.ts',
  'src/volumes.ts',
]);
