import type { Observed } from '@groundcrew/core';
import { type Evidence, type Finding, finding, unseen } from '@groundcrew/runbook';
import type { Inventory } from './inventory.ts';
import type { MeasurableKind, Measured } from './measured.ts';
import type { MonitoringSnapshot, StoragePool } from './observe.ts';

export interface MonitoringPolicy {
  /** Share of a storage pool that must be free, 0 to 1. @default 0.15 */
  readonly freeShare?: number;
}

/**
 * Judges what is known of a cloud's things by number: how many there are and in which state, which of them nothing
 * measures, and how full their storage is. What has no source at all, such as uptime, is unknown and said.
 */
export function assess(snapshot: MonitoringSnapshot, policy: MonitoringPolicy = {}): Finding[] {
  const { inventory, measured, pools } = snapshot;
  const { servers, volumes } = inventory;
  return [
    ...unseenOf(inventory),
    summary('servers', servers, `${counted(servers.value.length, 'server')}${byStatus(servers.value)}`),
    summary(
      'volumes',
      volumes,
      `${counted(volumes.value.length, 'volume')}, ${sum(volumes.value)} GiB${byStatus(volumes.value)}`,
    ),
    summary(
      'volume backups',
      inventory.backups,
      `${counted(inventory.backups.value.length, 'backup')}, ${sum(inventory.backups.value)} GiB`,
    ),
    summary('images', inventory.images, counted(inventory.images.value.length, 'image')),
    ...errors('server', servers),
    ...errors('volume', volumes),
    coverage('servers', servers, measured),
    coverage('volumes', volumes, measured),
    ...capacity(pools, policy.freeShare ?? 0.15),
    uptime(servers.at),
  ];
}

interface Stateful {
  readonly id: string;
  readonly status?: string | undefined;
}

function unseenOf(inventory: Inventory): Finding[] {
  return Object.values(inventory).flatMap((observed: Observed<unknown>) =>
    observed.gaps.map((gap) =>
      unseen(gap, {
        id: 'monitoring.unseen',
        title: `Not seen: ${gap.what}`,
        severity: 'medium',
        at: observed.at,
      }),
    ),
  );
}

/** A count is a fact only of a list that was read to its end. */
function summary(what: string, observed: Observed<readonly unknown[]>, statement: string): Finding {
  const complete = observed.completeness === 'complete';
  const some = observed.value.length > 0 || observed.completeness === 'partial';
  return finding({
    id: 'monitoring.inventory',
    verdict: complete ? 'pass' : 'unknown',
    severity: 'info',
    title: complete
      ? statement
      : some
        ? `${statement} seen; there may be more`
        : `How many ${what} there are is not known`,
    subject: { kind: 'inventory', id: what },
    because:
      complete || some
        ? [{ statement, source: observed.source, at: observed.at }]
        : observed.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at: observed.at })),
    remedy: complete ? undefined : observed.gaps[0]?.remedy,
  });
}

function errors(
  kind: string,
  observed: Observed<readonly (Stateful & { readonly name?: string | null | undefined })[]>,
): Finding[] {
  return observed.value
    .filter((one) => /^error/i.test(one.status ?? ''))
    .map((one) =>
      finding({
        id: `monitoring.${kind}-in-error`,
        verdict: 'fail',
        severity: 'medium',
        title: `${kind} ${one.name ?? one.id} is in ${one.status}`,
        subject: { kind, id: one.id, name: one.name ?? undefined },
        because: [{ statement: `its status is ${one.status}`, source: observed.source, at: observed.at }],
        remedy: `Look at its fault: openstack ${kind} show ${one.id}.`,
      }),
    );
}

/** Which of the things that are there have no time series. */
function coverage(
  kind: MeasurableKind,
  observed: Observed<readonly Stateful[]>,
  measured: Observed<Measured>,
): Finding {
  const base = {
    id: 'monitoring.not-measured',
    subject: { kind: 'inventory', id: kind },
    severity: 'high',
  } as const;
  const because = (statement: string, source: string = measured.source): Evidence[] => [
    { statement, source, at: measured.at },
  ];
  const remedy =
    kind === 'volumes'
      ? "Poll `volume.*`: Ceilometer's own polling.yaml has none before 2025.1. Or scrape the block storage API with an exporter."
      : 'Poll the compute hosts, or scrape the compute API with an exporter.';
  if (measured.completeness !== 'complete') {
    return finding({
      ...base,
      verdict: 'unknown',
      title: `Which ${kind} are measured could not be seen`,
      because: measured.gaps.map((gap) => ({ statement: gap.why, source: gap.what })),
      remedy: measured.gaps[0]?.remedy,
    });
  }
  if (!measured.value.telemetry) {
    const statement =
      'the catalogue has no metric service; a monitoring system outside of OpenStack is not seen from here';
    return finding({
      ...base,
      verdict: 'fail',
      title: `OpenStack itself measures no ${kind}`,
      because: because(statement, 'catalogue'),
      remedy,
    });
  }
  const missing = observed.value.filter((one) => !measured.value[kind].has(one.id));
  if (missing.length > 0) {
    const shown = missing
      .slice(0, 5)
      .map((one) => one.id)
      .join(', ');
    const statement = `${missing.length} of ${observed.value.length} have no time series: ${shown}${missing.length > 5 ? ', …' : ''}`;
    return finding({
      ...base,
      verdict: 'fail',
      title: `${counted(missing.length, kind.slice(0, -1))} ${missing.length === 1 ? 'is' : 'are'} there and not measured`,
      because: because(statement),
      remedy,
    });
  }
  const complete = observed.completeness === 'complete';
  return finding({
    ...base,
    verdict: complete ? 'pass' : 'unknown',
    title: complete ? `All ${kind} are measured` : `All ${kind} that were seen are measured`,
    because: because(`each of ${observed.value.length} has a time series`),
    remedy: complete ? undefined : observed.gaps[0]?.remedy,
  });
}

function capacity(pools: Observed<readonly StoragePool[]>, freeShare: number): Finding[] {
  const title = 'How full the storage is could not be seen';
  const findings = pools.gaps.map((gap) =>
    unseen(gap, { id: 'monitoring.capacity', title, severity: 'high', at: pools.at }),
  );
  for (const pool of pools.value) {
    // A driver may say `infinite` or `unknown` instead of a number (Cinder `scheduler/host_manager.py`).
    const total = pool.capabilities?.['total_capacity_gb'];
    const free = pool.capabilities?.['free_capacity_gb'];
    const base = {
      id: 'monitoring.capacity',
      subject: { kind: 'storage pool', id: pool.name },
      severity: 'high',
    } as const;
    const because: Evidence[] = [
      { statement: `${amount(free)} of ${amount(total)} GiB are free`, source: pools.source, at: pools.at },
    ];
    if (typeof total !== 'number' || typeof free !== 'number' || total <= 0) {
      const remedy = 'The driver tells no numbers: ask the storage itself.';
      findings.push(
        finding({
          ...base,
          verdict: 'unknown',
          title: `Pool ${pool.name} does not tell how full it is`,
          because,
          remedy,
        }),
      );
      continue;
    }
    const low = free / total < freeShare;
    findings.push(
      finding({
        ...base,
        verdict: low ? 'fail' : 'pass',
        title: `Pool ${pool.name} has ${Math.round((free / total) * 100)} % free`,
        because,
        remedy: low
          ? 'Add capacity or move volumes before the pool is full: volumes on a thin pool that is full lose writes.'
          : undefined,
      }),
    );
  }
  return findings;
}

/** GiB to one place; a driver's word as it is. */
const amount = (value: unknown): string =>
  typeof value === 'number' ? String(Math.round(value * 10) / 10) : String(value);

const uptime = (at: string): Finding =>
  finding({
    id: 'monitoring.uptime',
    verdict: 'unknown',
    severity: 'medium',
    title: 'How long servers were up is not known',
    subject: { kind: 'inventory', id: 'uptime' },
    because: [
      {
        statement: 'no API tells it: usage counts hours of allocation, also of a server that is shut off',
        source: 'compute os-simple-tenant-usage',
        at,
      },
    ],
    remedy: 'Keep instance actions and power states over time, or probe from outside.',
  });

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function byStatus(items: readonly { readonly status?: string | undefined }[]): string {
  const counts = Object.entries(Object.groupBy(items, (one) => one.status ?? 'unknown'));
  return counts.length === 0
    ? ''
    : `: ${counts.map(([status, ones]) => `${ones?.length ?? 0} ${status}`).join(', ')}`;
}

const sum = (items: readonly { readonly size?: number | null | undefined }[]): number =>
  items.reduce((total, one) => total + (one.size ?? 0), 0);
