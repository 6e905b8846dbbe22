import { counted, visible } from '@groundcrew/ground';
import type { ProbeFigures, ServedTimes } from './probe-figures.ts';
import type { FailedRequest, UpgradeVerdict } from './upgrade-verdict.ts';

/**
 * A verdict as people read it: the class and why, each probe with its times before and through the run, and the failed requests by
 * service and step. A request that failed while several steps were at work counts for each of them.
 *
 * @example console.log(verdictText(await meter.verdict({ plan, records: await journal.read() })));
 */
export function verdictText({
  class: reached,
  atMost,
  because,
  requests,
  failed,
  probes,
}: UpgradeVerdict): string {
  const best = reached === 'unknown' ? `unknown, ${atMost} at most` : reached;
  return [
    `${best}: ${because.join('; ')}`,
    `${counted(requests, 'request')}, ${failed.length} failed`,
    '',
    ...table([
      ['probe', 'service', 'requests', 'failed', 'median', 'p99', 'median before', 'p99 before'],
      ...probes.map(rowOf),
    ]),
    ...(failed.length === 0
      ? []
      : ['', ...table([['failed', 'service', 'step', 'the first error'], ...failuresByStep(failed)])]),
  ].join('\n');
}

const rowOf = ({ name, service, before, ...through }: ProbeFigures): string[] => [
  name,
  service,
  String(through.requests),
  String(through.failed),
  ...timesOf(through),
  ...timesOf(before),
];

const timesOf = (times: ServedTimes | undefined): string[] => [inWords(times?.median), inWords(times?.p99)];

const inWords = (ms: number | undefined): string => (ms === undefined ? '' : `${Math.round(ms)} ms`);

function failuresByStep(failed: readonly FailedRequest[]): string[][] {
  const rows = new Map<
    string,
    { count: number; readonly service: string; readonly step: string; readonly error: string }
  >();
  for (const { service, steps, error = '' } of failed)
    for (const step of steps.length === 0 ? ['(none)'] : steps) {
      const key = JSON.stringify([service, step]);
      const row = rows.get(key) ?? { count: 0, service, step, error };
      row.count += 1;
      rows.set(key, row);
    }
  return [...rows.values()]
    .toSorted((a, b) => b.count - a.count)
    .map(({ count, service, step, error }) => [String(count), service, step, error]);
}

function table(rows: readonly (readonly string[])[]): string[] {
  const all = rows.map((row) => row.map((cell) => visible(cell)));
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
