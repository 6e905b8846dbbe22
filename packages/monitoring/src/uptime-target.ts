import { isInputError, type Observed } from '@groundcrew/core';
import { anObjectWith, counted, type Evidence, finding, type Finding, messageOf } from '@groundcrew/ground';
import { z } from 'zod';
import type { CloudInventory } from './inventory.ts';
import type { UptimeLedger } from './uptime/ledger.ts';
import { reportOptions, reportWindow, type UptimeReportOptions, type UptimeReportRow } from './uptime/report.ts';

/** The question to a ledger: `{ ledger, of: 'project', month: '2026-11', target: 0.999 }`. */
export interface UptimeTargetOptions extends UptimeReportOptions {
  readonly ledger: Pick<UptimeLedger, 'report'>;
  /** The share of the time that was promised, 0 to 1. */
  readonly target: number;
}

/** Schema of the option `uptime`. */
export const anUptimeTarget = z.strictObject({
  ...reportOptions.shape,
  target: z.number().min(0).max(1),
  ledger: anObjectWith<UptimeTargetOptions['ledger']>('a ledger, as uptimeLedger makes it', 'report'),
});

/** How long things were up, beside what was promised. */
export interface UptimeAgainstTarget extends Pick<UptimeTargetOptions, 'of' | 'target'> {
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  readonly rows: readonly UptimeReportRow[];
}

const SOURCE = 'the uptime ledger';

/**
 * Asks the ledger. One that cannot be read is a gap.
 *
 * @throws InputError for a question that it does not take
 */
export async function observeUptime(
  { ledger, ...question }: UptimeTargetOptions,
  now: number,
): Promise<Observed<UptimeAgainstTarget>> {
  const { of, target } = question;
  const { from, to } = reportWindow(question);
  const observed = (rows: readonly UptimeReportRow[]) => ({
    value: { of, target, from: new Date(from).toISOString(), to: new Date(to).toISOString(), rows },
    at: new Date(now).toISOString(),
    source: SOURCE,
  });
  try {
    return { ...observed(await ledger.report(question)), completeness: 'complete', gaps: [] };
  } catch (error) {
    if (isInputError(error)) throw error;
    const gap = { what: SOURCE, kind: 'failed', why: messageOf(error), remedy: undefined, requestIds: [] } as const;
    return { ...observed([]), completeness: 'failed', gaps: [gap] };
  }
}

const BASE = { id: 'monitoring.uptime', severity: 'medium' } as const;
const ALL = { kind: 'inventory', id: 'uptime' } as const;

/**
 * Judges how long things were up: each that was not up long enough fails; those of which it is open, and servers of the inventory
 * that the ledger does not know, are one `unknown`.
 */
export function judgeUptime(
  observed: Observed<UptimeAgainstTarget> | undefined,
  servers: CloudInventory['servers'],
): Finding[] {
  if (observed === undefined) return [nobodyWatches(servers.at)];
  const { of, target, from, to, rows } = observed.value;
  const what = of === 'endpoint' ? 'API endpoint' : of;
  const inTime = `from ${from} to ${to}`;
  const say = (statement: string): Evidence => ({ statement, source: SOURCE, at: observed.at });
  if (observed.completeness !== 'complete')
    return [
      finding({
        ...BASE,
        verdict: 'unknown',
        title: `How long each ${what} was up could not be read`,
        subject: ALL,
        because: observed.gaps.map(({ why, what: source }) => ({ statement: why, source, at: observed.at })),
        remedy: observed.gaps[0]?.remedy,
      }),
    ];
  const breached = rows
    .filter(({ verdict }) => verdict === 'breached')
    .map((row) =>
      finding({
        ...BASE,
        verdict: 'fail',
        title: `${what} ${nameOf(row)} was not up for ${shareOf(target)} of the time`,
        subject: { kind: of, id: nameOf(row) },
        because: [say(`it was up for ${boundsOf(row)} ${inTime}`)],
        remedy: 'Ask the ledger why: its intervals name what opened and closed each of them.',
      }),
    );
  const open = rows.filter(({ verdict }) => verdict === 'unknown');
  const unseen = notInLedger(observed.value, servers);
  const judged = rows.filter(({ verdict }) => verdict !== undefined).length;
  const doubts = [
    ...open.slice(0, 5).map((row) => say(`${nameOf(row)} was up for ${boundsOf(row)} ${inTime}`)),
    ...(unseen.length === 0
      ? []
      : [say(`of the inventory it does not know ${unseen.length}: ${unseen.slice(0, 5).join(', ')}`)]),
    ...(isInInventory(of) && servers.completeness !== 'complete'
      ? [{ statement: 'not all servers were seen: it may not know some', source: servers.source }]
      : []),
    ...(judged === 0 ? [say(`it knows of no ${what} ${inTime}`)] : []),
  ];
  const longEnough = `up for ${shareOf(target)} of the time`;
  if (doubts.length > 0) {
    const count = open.length + unseen.length;
    const whom = count === 0 ? `each ${what} was` : `${counted(count, what)} ${count === 1 ? 'was' : 'were'}`;
    return [
      ...breached,
      finding({
        ...BASE,
        verdict: 'unknown',
        title: `Whether ${whom} ${longEnough} is not known`,
        subject: ALL,
        because: doubts,
        remedy: 'Watch without pauses, and poll more often than the target allows for outages.',
      }),
    ];
  }
  if (breached.length > 0) return breached;
  return [
    finding({
      ...BASE,
      verdict: 'pass',
      title: `${counted(judged, what)} of the ledger ${judged === 1 ? 'was' : 'were'} ${longEnough} or more`,
      subject: ALL,
      because: [say(`the lower bound of each is ${shareOf(target)} or more ${inTime}`)],
      remedy: undefined,
    }),
  ];
}

/** Servers of which nothing told the project are a row without a name. */
const nameOf = ({ name }: UptimeReportRow): string => (name === '' ? '(not known)' : name);

const isInInventory = (of: UptimeTargetOptions['of']): boolean => of === 'server' || of === 'project';

/** Servers that were there in the time, or their projects, which have no row: nobody watched them. */
function notInLedger(
  { of, to, rows }: UptimeAgainstTarget,
  servers: CloudInventory['servers'],
): readonly string[] {
  if (!isInInventory(of)) return [];
  const known = new Set(rows.map(({ name }) => name));
  const there = servers.value.filter(({ created }) => !(Date.parse(created) >= Date.parse(to)));
  return [...new Set(there.map(({ id, tenant_id }) => (of === 'server' ? id : tenant_id)))].filter(
    (name) => !known.has(name),
  );
}

const shareOf = (share: number): string => `${Number((share * 100).toPrecision(7))} %`;

function boundsOf({ availability }: UptimeReportRow): string {
  const { lower = 0, upper = 1 } = availability ?? {};
  // Down and up, so that no bound is told to be better than it is.
  const [least, most] = [Math.floor(lower * 1e5) / 1e5, Math.ceil(upper * 1e5) / 1e5];
  return least === most ? shareOf(least) : `${shareOf(least)} to ${shareOf(most)}`;
}

const nobodyWatches = (at: string): Finding =>
  finding({
    ...BASE,
    verdict: 'unknown',
    title: 'How long servers were up is not known',
    subject: ALL,
    because: [
      {
        statement: 'no API tells it: usage counts hours of allocation, also of a server that is shut off',
        source: 'compute os-simple-tenant-usage',
        at,
      },
    ],
    remedy: 'Keep instance actions and power states over time, or probe from outside.',
  });
