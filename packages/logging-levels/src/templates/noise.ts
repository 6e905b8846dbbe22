import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { countOptions, type CountOptions } from './counts.ts';
import type { Templates } from './store.ts';
import type { MessageTally } from './tally.ts';
import type { Template } from './template-id.ts';

export interface NoiseOptions extends CountOptions {
  /** The share that the noisiest templates make together. @default 0.8 */
  readonly share?: number | undefined;
}

/** What is counted: records, bytes of their messages, and records at warning or worse, at which people are called. */
export type NoiseMeasure = 'records' | 'bytes' | 'alarms';

/** The part of a log that one template is. */
export interface NoiseShare {
  readonly template: Template;
  readonly counts: Readonly<Record<NoiseMeasure, number>>;
  /** Each from 0 to 1. */
  readonly shares: Readonly<Record<NoiseMeasure, number>>;
}

export interface NoiseBudget {
  readonly totals: Readonly<Record<NoiseMeasure, number>>;
  /** All templates, the most frequent first. */
  readonly templates: readonly NoiseShare[];
  /** The fewest templates that make the share together; all there are, where those that were kept do not reach it. */
  readonly noisiest: Readonly<Record<NoiseMeasure, readonly NoiseShare[]>>;
  /** What belongs to templates that were too many to be kept: it is in the totals, and in none of the templates. */
  readonly unkept: Readonly<Record<NoiseMeasure, number>>;
}

const noiseOptions = optionsSchema<NoiseOptions>({
  ...countOptions,
  share: z.number().gt(0).max(1).optional(),
});

const MEASURES = ['records', 'bytes', 'alarms'] as const;

/**
 * The noise budget of a log: the share of records, of bytes and of alarms that each template has, and the few that make most of it.
 *
 * @throws InputError for an option that does not fit
 * @example noiseOf(templates).noisiest.alarms.map(({ template, shares }) => [template.text, shares.alarms]);
 */
export function noiseOf(templates: Templates, options: NoiseOptions = {}): NoiseBudget {
  const { share = 0.8, collapseAbove } = parseArguments('noiseOf', noiseOptions, options) as NoiseOptions;
  const counted = templates.counts({ collapseAbove });
  const unkept = measured(templates.overflow);
  const totals = { ...unkept };
  for (const count of counted) {
    const counts = measured(count);
    for (const measure of MEASURES) totals[measure] += counts[measure];
  }
  const shares = counted.map((count): NoiseShare => {
    const counts = measured(count);
    const part = (measure: NoiseMeasure): number =>
      totals[measure] === 0 ? 0 : counts[measure] / totals[measure];
    return {
      template: count.template,
      counts,
      shares: { records: part('records'), bytes: part('bytes'), alarms: part('alarms') },
    };
  });
  const most = (measure: NoiseMeasure): NoiseShare[] => noisiest(shares, measure, share * totals[measure]);
  return {
    totals,
    templates: shares,
    noisiest: { records: most('records'), bytes: most('bytes'), alarms: most('alarms') },
    unkept,
  };
}

const measured = ({ times, bytes, byLevel }: MessageTally): Record<NoiseMeasure, number> => ({
  records: times,
  bytes,
  alarms: byLevel.critical + byLevel.error + byLevel.warning,
});

function noisiest(shares: readonly NoiseShare[], measure: NoiseMeasure, wanted: number): NoiseShare[] {
  const chosen: NoiseShare[] = [];
  let sum = 0;
  const sorted = shares.toSorted(
    (a, b) => b.counts[measure] - a.counts[measure] || (a.template.id < b.template.id ? -1 : 1),
  );
  for (const one of sorted) {
    if (sum >= wanted || one.counts[measure] === 0) break;
    chosen.push(one);
    sum += one.counts[measure];
  }
  return chosen;
}
