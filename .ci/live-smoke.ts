/**
 * For each package that has a live suite, the file of it that runs always: it meets the lab in the way that most of its
 * suite does, in few seconds where there is a choice.
 */
export const smokeFiles: Readonly<Record<string, string>> = {
  audit: 'packages/audit/live/watch/open-close.test.ts',
  'backup-dr': 'packages/backup-dr/live/restic-contract.test.ts',
  core: 'packages/core/live/image-2gib.test.ts',
  ha: 'packages/ha/live/stack-lab.test.ts',
  lab: 'packages/lab/live/daemons.test.ts',
  'logging-levels': 'packages/logging-levels/live/oslo-log.test.ts',
  monitoring: 'packages/monitoring/live/exporter.test.ts',
  readiness: 'packages/readiness/live/agrees-with-openstack.test.ts',
  runbook: 'packages/runbook/live/postgres-journal.test.ts',
  sim: 'packages/sim/live/servers.test.ts',
  upgrade: 'packages/upgrade/live/status-checks.test.ts',
};
