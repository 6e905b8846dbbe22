import type { Observed } from '@groundcrew/core';
import { counted, type Evidence, finding, type Finding, parseArguments, unseen } from '@groundcrew/ground';
import { z } from 'zod';
import type { CloudInventory } from './inventory.ts';
import type { MeasurableKind, Measured } from './measured.ts';
import type { MonitoringSnapshot, StoragePool } from './observe.ts';
import { judgePool } from './pool-capacity.ts';
import { judgeUptime } from './uptime-target.ts';

export interface MonitoringPolicy {
  /** Share of a storage pool that must be free, and of a thin one not promised, 0 to 1. @default 0.15 */
  readonly freeShare?: number | undefined;
}

const policySchema = z.strictObject({ freeShare: z.number().min(0).max(1).optional() });

/**
 * Judges what is known of a cloud's things by number: how many there are and in which state, which of them nothing
 * measures, and how full their storage is. What has no source at all is unknown and said: uptime, unless a ledger was asked.
 *
 * @throws InputError for a policy with a field that there is not, or a share that is none
 */
export function assess(snapshot: MonitoringSnapshot, policy: MonitoringPolicy = {}): Finding[] {
  const { freeShare = 0.15 } = parseArguments('assess', policySchema, policy);
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
    ...capacity(pools, freeShare),
    ...judgeUptime(snapshot.uptime, servers),
  ];
}

/** Whatever comes without a status is none that core's records read, and a gap of its list. */
interface Stateful {
  readonly id: string;
  readonly status: string;
}

function unseenOf(inventory: CloudInventory): Finding[] {
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
    .filter((item) => /^error/i.test(item.status))
    .map((item) =>
      finding({
        id: `monitoring.${kind}-in-error`,
        verdict: 'fail',
        severity: 'medium',
        title: `${kind} ${item.name ?? item.id} is in ${item.status}`,
        subject: { kind, id: item.id, name: item.name ?? undefined },
        because: [{ statement: `its status is ${item.status}`, source: observed.source, at: observed.at }],
        remedy: `Look at its fault: openstack ${kind} show ${item.id}.`,
      }),
    );
}

/** The things that exist and have no time series. */
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
      ? "Poll `volume.*`: Ceilometer's own polling.yaml has none before 2023.2. Or scrape the block storage API with an exporter."
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
    return finding({
      ...base,
      verdict: 'unknown',
      title: `Whether anything measures ${kind} is not known`,
      because: because(
        'the catalogue has no metric service; what measures from outside of OpenStack (Prometheus) is in no catalogue, and was not asked',
        'catalogue',
      ),
      remedy: `Look whether a monitoring system of your own has series of ${kind}. ${remedy}`,
    });
  }
  const { [kind]: all, fresh, since } = measured.value;
  const missing = observed.value.filter((item) => !all.has(item.id));
  const stale = observed.value.filter((item) => all.has(item.id) && !fresh[kind].has(item.id));
  if (missing.length > 0 || stale.length > 0) {
    const statements = [
      ...(missing.length > 0 ? [`${of(missing, observed.value)} have no time series: ${some(missing)}`] : []),
      ...(stale.length > 0
        ? [`${of(stale, observed.value)} have no value since ${since}: ${some(stale)}`]
        : []),
    ];
    const count = missing.length + stale.length;
    return finding({
      ...base,
      verdict: 'fail',
      title: `${counted(count, kind.slice(0, -1))} ${count === 1 ? 'is' : 'are'} there and not measured${missing.length === 0 ? ' any more' : ''}`,
      because: statements.flatMap((statement) => because(statement)),
      remedy:
        missing.length === 0
          ? 'Their series are there and nothing is added to them: look at the polling agents and at what writes to Gnocchi.'
          : remedy,
    });
  }
  const complete = observed.completeness === 'complete';
  if (complete && observed.value.length === 0)
    return finding({
      ...base,
      verdict: 'pass',
      title: `There are no ${kind} to measure`,
      because: because('the list was read to its end, and is empty', observed.source),
      remedy: undefined,
    });
  if (observed.value.length === 0)
    return finding({
      ...base,
      verdict: 'unknown',
      title: `Which ${kind} there are to measure could not be seen`,
      because: observed.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at: observed.at })),
      remedy: observed.gaps[0]?.remedy,
    });
  return finding({
    ...base,
    verdict: complete ? 'pass' : 'unknown',
    title: `All ${kind}${complete ? '' : ' that were seen'} have a value in Gnocchi since ${since}`,
    because: because(`each of ${observed.value.length} has a time series with a value since ${since}`),
    remedy: complete ? undefined : observed.gaps[0]?.remedy,
  });
}

const of = (some: readonly unknown[], all: readonly unknown[]): string => `${some.length} of ${all.length}`;

const some = (things: readonly Stateful[]): string =>
  `${things
    .slice(0, 5)
    .map((item) => item.id)
    .join(', ')}${things.length > 5 ? ', …' : ''}`;

function capacity(pools: Observed<readonly StoragePool[]>, freeShare: number): Finding[] {
  const title = 'How full the storage is could not be seen';
  return [
    ...pools.gaps.map((gap) =>
      unseen(gap, { id: 'monitoring.capacity', title, severity: 'high', at: pools.at }),
    ),
    ...pools.value.map((pool) => judgePool(pool, pools, freeShare)),
  ];
}

function byStatus(items: readonly Pick<Stateful, 'status'>[]): string {
  const counts = [...Map.groupBy(items, ({ status }) => status)];
  return counts.length === 0
    ? ''
    : `: ${counts.map(([status, entities]) => `${entities.length} ${status}`).join(', ')}`;
}

/** Sizes are required of the records: a volume or a backup without one is a gap of its list, and not of 0 GiB. */
const sum = (items: readonly { readonly size: number }[]): number =>
  items.reduce((total, { size }) => total + size, 0);
