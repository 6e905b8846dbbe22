import { type Completeness, counted, GroundcrewError, maskText } from '@groundcrew/ground';
import type { Omission } from '../exporter/exposed-families.ts';
import type { CollectorReport, MetricsRound } from '../metrics/round.ts';

/** A collector did not see all that it counts: of what is missing there is no data point. */
export class CollectorGapsError extends GroundcrewError {
  readonly code = 'collector-gaps';
  readonly collector: string;
  readonly completeness: Completeness;

  constructor({ collector, completeness, gaps }: CollectorReport, reasons: readonly string[]) {
    const told = maskText(reasons.slice(0, MOST).join('; '));
    const more = reasons.length > MOST ? `; and ${reasons.length - MOST} more` : '';
    const state = completeness === 'complete' ? 'not shown as it was read' : completeness;
    super(`${collector} is ${state}: ${told}${more}`, {
      remedy: gaps.find(({ remedy }) => remedy !== undefined)?.remedy,
    });
    this.collector = collector;
    this.completeness = completeness;
  }
}

/** Where the quotas of a thousand projects failed, three of them say as much. */
const MOST = 3;

/**
 * An error for each collector of a round of which something is missing, in what was read or in what is shown of it. That a cloud
 * has no service of the kind is none: it would be told at each export, and nobody could mend it.
 */
export function gapErrors({
  round,
  omissions,
}: {
  readonly round: MetricsRound;
  readonly omissions: readonly Omission[];
}): readonly CollectorGapsError[] {
  return round.collectors.flatMap((report) => {
    if (report.isAbsent === true) return [];
    const reasons = [
      ...report.gaps.map(({ what, why }) => `${what}: ${why}`),
      ...omissions.filter(({ collector }) => collector === report.collector).map(textOf),
    ];
    const isWhole = report.completeness === 'complete' && reasons.length === 0;
    return isWhole ? [] : [new CollectorGapsError(report, reasons)];
  });
}

const textOf = ({ metric, why, series }: Omission): string =>
  `${metric}: ${counted(series, 'series', 'series')}: ${WHY[why]}`;

const WHY: Readonly<Record<Omission['why'], string>> = {
  folded: 'beyond the cap, and in the one whose attributes are overflow',
  conflict: 'left out, since two values came',
  malformed: 'left out, since a number or a label was missing',
  declaration: 'left out, since the name is taken',
};
