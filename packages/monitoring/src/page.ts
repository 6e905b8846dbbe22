export { monitoringPage, type MonitoringPageOptions } from './page/monitoring-page.ts';
