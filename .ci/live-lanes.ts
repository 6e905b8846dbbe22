/**
 * The live suites run in two lanes, each one file after the other, since the files of a lane change the same things.
 * The lanes run beside each other: none of these files asks the lab for anything, they start daemons of their own, in network
 * namespaces or on ports of their own. A file that is not listed shares the lab.
 */
export const ownDaemons: readonly string[] = [
  'packages/audit/live/response/controller-processes.test.ts',
  'packages/audit/live/response/postgres-notices.test.ts',
  'packages/audit/live/trail/postgres.test.ts',
  'packages/audit/live/trail/signers.test.ts',
  'packages/ha/live/enroll-active-passive.test.ts',
  'packages/ha/live/enroll-config.test.ts',
  'packages/ha/live/enroll-galera.test.ts',
  'packages/ha/live/recovery-galera.test.ts',
  'packages/ha/live/recovery-rabbitmq.test.ts',
  'packages/ha/live/stack-etcd.test.ts',
  'packages/ha/live/stack-galera.test.ts',
  'packages/ha/live/stack-ovn.test.ts',
  'packages/ha/live/stack-pacemaker.test.ts',
  'packages/ha/live/stack-rabbit.test.ts',
  'packages/ha/live/stack-vip.test.ts',
  'packages/monitoring/live/slo-promtool.test.ts',
  'packages/monitoring/live/uptime/postgres.test.ts',
  'packages/runbook/live/dbos-engine.test.ts',
  'packages/runbook/live/dbos-kill.test.ts',
  'packages/runbook/live/disk-full.test.ts',
  'packages/runbook/live/hosts-ssh-broken.test.ts',
  'packages/runbook/live/hosts-ssh.test.ts',
  'packages/runbook/live/postgres-journal.test.ts',
  'packages/runbook/live/postgres-lease.test.ts',
];
