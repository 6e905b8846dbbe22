// Options come from JSON, YAML and flags, and one that is misspelt is passed over by many tools without a word: the feature
// stays off, and its user takes it for on (devantler-tech/ksail 6980, coreos/coreos-cloudinit 90). Every exported function
// that takes options must refuse one that it does not know, by its name. What takes options is read from the API reports,
// so that a new one is found.
import { globSync, readFileSync } from 'node:fs';
import * as audit from '@groundcrew/audit';
import * as packs from '@groundcrew/audit/packs';
import * as placement from '@groundcrew/audit/placement';
import * as policy from '@groundcrew/audit/policy';
import * as auditPostgres from '@groundcrew/audit/postgres';
import * as rabbitmq from '@groundcrew/audit/rabbitmq';
import * as response from '@groundcrew/audit/response';
import * as securityGroups from '@groundcrew/audit/security-groups';
import * as conversation from '@groundcrew/core/conversation';
import * as openTelemetry from '@groundcrew/core/opentelemetry';
import * as smtp from '@groundcrew/audit/smtp';
import * as trail from '@groundcrew/audit/trail';
import * as backupDr from '@groundcrew/backup-dr';
import * as backupOf from '@groundcrew/backup-dr/backup';
import * as backupCinderBackups from '@groundcrew/backup-dr/cinder-backups';
import * as backupControlPlane from '@groundcrew/backup-dr/control-plane';
import * as backupProve from '@groundcrew/backup-dr/prove';
import * as backupVolumeBytes from '@groundcrew/backup-dr/volume-bytes';
import * as backupReplication from '@groundcrew/backup-dr/replication';
import * as backupRepository from '@groundcrew/backup-dr/repository';
import * as backupPoint from '@groundcrew/backup-dr/point';
import * as backupRestore from '@groundcrew/backup-dr/restore';
import * as core from '@groundcrew/core';
import * as ha from '@groundcrew/ha';
import * as drill from '@groundcrew/ha/drill';
import * as enroll from '@groundcrew/ha/enroll';
import * as fencing from '@groundcrew/ha/fencing';
import * as instances from '@groundcrew/ha/instances';
import * as masakari from '@groundcrew/ha/masakari';
import * as recovery from '@groundcrew/ha/recovery';
import * as simulation from '@groundcrew/ha/simulation';
import * as stack from '@groundcrew/ha/stack';
import * as logs from '@groundcrew/logging-levels';
import * as logsFollow from '@groundcrew/logging-levels/follow';
import * as logsRead from '@groundcrew/logging-levels/read';
import * as logsCatalogue from '@groundcrew/logging-levels/catalogue';
import * as logsRelevel from '@groundcrew/logging-levels/relevel';
import * as logLevels from '@groundcrew/logging-levels/levels';
import * as logTimeline from '@groundcrew/logging-levels/timeline';
import * as logTemplates from '@groundcrew/logging-levels/templates';
import * as monitoring from '@groundcrew/monitoring';
import * as monitoringAlerts from '@groundcrew/monitoring/alerts';
import * as monitoringDashboard from '@groundcrew/monitoring/dashboard';
import * as monitoringCapacity from '@groundcrew/monitoring/capacity';
import * as monitoringCoverage from '@groundcrew/monitoring/coverage';
import * as monitoringEvents from '@groundcrew/monitoring/events';
import * as monitoringGnocchi from '@groundcrew/monitoring/gnocchi';
import * as monitoringOpenTelemetry from '@groundcrew/monitoring/opentelemetry';
import * as monitoringPage from '@groundcrew/monitoring/page';
import * as monitoringPrometheus from '@groundcrew/monitoring/prometheus';
import * as monitoringVolumes from '@groundcrew/monitoring/volumes';
import * as uptime from '@groundcrew/monitoring/uptime';
import * as uptimePostgres from '@groundcrew/monitoring/uptime/postgres';
import * as uptimeSqlite from '@groundcrew/monitoring/uptime/sqlite';
import * as probes from '@groundcrew/monitoring/probes';
import * as slo from '@groundcrew/monitoring/slo';
import * as exporter from '@groundcrew/monitoring/exporter';
import * as metrics from '@groundcrew/monitoring/metrics';
import * as runbook from '@groundcrew/runbook';
import * as dbos from '@groundcrew/runbook/dbos';
import * as hosts from '@groundcrew/runbook/hosts';
import * as runbookPostgres from '@groundcrew/runbook/postgres';
import * as sim from '@groundcrew/sim';
import * as upgrade from '@groundcrew/upgrade';
import * as upgradeChecks from '@groundcrew/upgrade/checks';
import * as upgradeCompatibility from '@groundcrew/upgrade/compatibility';
import * as upgradeDossier from '@groundcrew/upgrade/dossier';
import * as upgradeFleet from '@groundcrew/upgrade/fleet';
import * as upgradePath from '@groundcrew/upgrade/path';
import * as upgradeRehearsal from '@groundcrew/upgrade/rehearsal';
import * as upgradeRun from '@groundcrew/upgrade/run';
import * as upgradeSchema from '@groundcrew/upgrade/schema';
import { expect, test } from 'vitest';
import * as readiness from '../../src/index.ts';

type Call = (...given: unknown[]) => unknown;

const entries: Readonly<Record<string, object>> = {
  audit,
  'audit-packs': packs,
  'audit-placement': placement,
  'audit-policy': policy,
  'audit-postgres': auditPostgres,
  'audit-rabbitmq': rabbitmq,
  'audit-response': response,
  'audit-security-groups': securityGroups,
  'audit-smtp': smtp,
  'audit-trail': trail,
  'backup-dr': backupDr,
  'backup-dr-backup': backupOf,
  'backup-dr-cinder-backups': backupCinderBackups,
  'backup-dr-control-plane': backupControlPlane,
  'backup-dr-prove': backupProve,
  'backup-dr-replication': backupReplication,
  'backup-dr-volume-bytes': backupVolumeBytes,
  'backup-dr-repository': backupRepository,
  'backup-dr-point': backupPoint,
  'backup-dr-restore': backupRestore,
  core,
  'core-conversation': conversation,
  'core-opentelemetry': openTelemetry,
  ha,
  'ha-drill': drill,
  'ha-enroll': enroll,
  'ha-fencing': fencing,
  'ha-instances': instances,
  'ha-masakari': masakari,
  'ha-recovery': recovery,
  'ha-simulation': simulation,
  'ha-stack': stack,
  'logging-levels': logs,
  'logging-levels-follow': logsFollow,
  'logging-levels-read': logsRead,
  'logging-levels-catalogue': logsCatalogue,
  'logging-levels-relevel': logsRelevel,
  'logging-levels-levels': logLevels,
  'logging-levels-timeline': logTimeline,
  'logging-levels-templates': logTemplates,
  monitoring,
  'monitoring-alerts': monitoringAlerts,
  'monitoring-dashboard': monitoringDashboard,
  'monitoring-capacity': monitoringCapacity,
  'monitoring-coverage': monitoringCoverage,
  'monitoring-events': monitoringEvents,
  'monitoring-gnocchi': monitoringGnocchi,
  'monitoring-opentelemetry': monitoringOpenTelemetry,
  'monitoring-page': monitoringPage,
  'monitoring-prometheus': monitoringPrometheus,
  'monitoring-volumes': monitoringVolumes,
  'monitoring-uptime': uptime,
  'monitoring-uptime-postgres': uptimePostgres,
  'monitoring-uptime-sqlite': uptimeSqlite,
  'monitoring-probes': probes,
  'monitoring-slo': slo,
  'monitoring-exporter': exporter,
  'monitoring-metrics': metrics,
  readiness,
  runbook,
  'runbook-dbos': dbos,
  'runbook-hosts': hosts,
  'runbook-postgres': runbookPostgres,
  sim,
  upgrade,
  'upgrade-checks': upgradeChecks,
  'upgrade-compatibility': upgradeCompatibility,
  'upgrade-dossier': upgradeDossier,
  'upgrade-fleet': upgradeFleet,
  'upgrade-path': upgradePath,
  'upgrade-rehearsal': upgradeRehearsal,
  'upgrade-run': upgradeRun,
  'upgrade-schema': upgradeSchema,
};

/** `entry name`, and where among its parameters the options stand. */
interface Taker {
  readonly entry: string;
  readonly name: string;
  readonly at: number;
}

/** Those whose last word is what others made, is told by a type of its own, or is read from a service. */
const NOT_OPTIONS = new Set([
  'audit affectedBy',
  'audit-policy parseExemptions',
  'audit-policy subject',
  'audit-policy toJUnit',
  'audit-policy toSarif',
  'audit-response decideResponses',
  'audit-response planResponses',
  'audit-trail withoutReads',
  'ha-instances nextHistory',
  'ha-masakari notifiedState',
  // By the names that settings use.
  'ha-enroll renderSettings',
  'ha-instances planReturn',
  'ha-instances reconcile',
  'logging-levels-catalogue catalogueUrl',
  'logging-levels-timeline timelinePage',
  'logging-levels-timeline timelineText',
  'backup-dr-backup tenantPointOf',
  'backup-dr-point isNewerPoint',
  'backup-dr-prove assessProtection',
  'core-conversation requestKey',
  'upgrade-checks assessUpgradeChecks',
  'upgrade-fleet fleetText',
  'upgrade-dossier dossierText',
  'upgrade-path pathText',
  'upgrade-run deploymentText',
  'upgrade-run verdictText',
  'monitoring compareDrill',
  'monitoring roomOf',
  // A step's data, which its action's own schema reads.
  'runbook readInput',
  'runbook unseen',
  // Declarations of records: the compiler and the contract tests have them.
  'core isIdempotent',
  'core operation',
  'core resource',
  'core routeOf',
  'core service',
  // Only a clock is taken from it, and others' clocks have more.
  'core observeList',
]);

const reports = globSync(new URL('../../../*/etc/*.api.md', import.meta.url).pathname);

function takersIn(path: string): Taker[] {
  const entry = /([^/]+)\.api\.md$/.exec(path)?.[1] ?? '';
  const declared = /^export (?:declare )?(?:function|const) (\w+)(?:: )?(?:<[^(]*>)?\(([^]*?)\) ?(?:=>|:)/gm;
  return [...readFileSync(path, 'utf8').matchAll(declared)].flatMap(([, name = '', parameters = '']) => {
    // Names at the top level alone: types have commas and colons, too.
    let flat = parameters;
    for (let next = ''; next !== flat;) {
      next = flat;
      flat = flat.replaceAll(/\{[^{}]*\}|<[^<>]*>|\[[^[\]]*\]|\([^()]*\)/g, '');
    }
    const at = flat
      .split(',')
      .findLastIndex((line) =>
        /^\s*(?:options|input\d?|given|policy|spec|read|secrets|targets)\??:/.test(line),
      );
    return at === -1 || NOT_OPTIONS.has(`${entry} ${name}`) ? [] : [{ entry, name, at }];
  });
}

const takers = reports.filter((path) => !/ground|sim-msw/.test(path)).flatMap(takersIn);

/** What stands before the options: nothing of it is touched before they are read. */
const before = (at: number): unknown[] => Array.from({ length: at }, () => ({}));

/** Some look at the name of a thing first. */
const FIRST: Readonly<Record<string, readonly unknown[]>> = {
  'ha-stack standingWarnings': ['mariadb'],
  'ha-stack unsafeNow': ['mariadb', {}],
  'backup-dr-backup planBackup': [backupOf.protect({ project: 'shop', rpo: '4h' })],
  'backup-dr-cinder-backups planCinderBackups': [{ project: 'shop' }],
  'upgrade nextHops': [upgrade.series[0]],
  'upgrade-checks observeUpgradeChecks': [[]],
  'upgrade-compatibility compatibilityOf': [{ from: upgrade.series[0], to: upgrade.series[1] }],
  'upgrade-compatibility readConfiguration': [''],
  'upgrade-compatibility requestShapes': [[]],
  'upgrade-dossier observePackages': [[]],
  'upgrade-fleet surveyFleet': [[]],
  'upgrade-fleet upgradeCalendar': [{ clouds: [], day: '2026-11-30' }],
  'upgrade-path planPath': ['zed'],
  'upgrade-run observeThreads': [{ hosts: [{ name: 'ctl-1', runs: ['nova-scheduler'] }] }],
  'upgrade-run kollaAnsibleCommands': [{ from: upgrade.series[0], to: upgrade.series[1] }],
  'upgrade-run openstackAnsibleCommands': [{ from: upgrade.series[0], to: upgrade.series[1] }],
  'upgrade-run planUpgrade': [{ from: upgrade.series[0], to: upgrade.series[1] }],
  'ha-stack assessStack': [{}],
  'monitoring httpProbe': ['http://192.0.2.1/'],
  'ha-recovery galeraImplementations': [[]],
  'ha-recovery rabbitImplementations': [[]],
  'audit-policy evaluate': [[], {}],
  'ha-simulation simulate': [{ view: { hosts: [], servers: [] } }, { hosts: [] }],
  'ha-drill prove': [{ name: 'x' }],
  'sim virtualClock': [0],
};

test(`${takers.length} functions take options, and each refuses one that it does not know, by its name`, async () => {
  expect(takers.length).toBeGreaterThan(110);
  const wrong: string[] = [];
  for (const { entry, name, at } of takers) {
    const call = Reflect.get(entries[entry] ?? {}, name) as Call | undefined;
    const which = `${entry} ${name}`;
    if (call === undefined) {
      // HTML's template and pages are of another entry of this name.
      if (entry !== 'ground-html') wrong.push(`${which}: is not exported`);
      continue;
    }
    const given = [...(FIRST[which] ?? before(at)), { misspelt: 1 }];
    const error: unknown = await Promise.resolve()
      .then(() => call(...given))
      .then(
        () => 'taken',
        (reason: unknown) => reason,
      );
    const field: unknown =
      error instanceof Error ? (Reflect.get(error, 'field') ?? Reflect.get(error, 'key')) : undefined;
    if (!core.isGroundcrewError(error)) wrong.push(`${which}: ${String(error)}`);
    else if (!/misspelt/.test(`${String(field)} ${error.message}`))
      wrong.push(`${which}: names another field: ${error.message}`);
  }
  expect(wrong).toEqual([]);
});
