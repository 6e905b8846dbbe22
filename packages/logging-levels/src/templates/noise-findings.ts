import { counted, type Evidence, type Finding, finding } from '@groundcrew/ground';
import type { NoiseBudget, NoiseMeasure } from './noise.ts';
import { percent, templateText } from './shown.ts';

/**
 * The noise budget as a fact at `info`, which judges nothing: the few kinds of messages that make most of the records, and of the
 * alarms. Of a log without a message there is none.
 *
 * @example findings.push(...assessNoise(noiseOf(templates)));
 */
export function assessNoise(noise: NoiseBudget): Finding[] {
  const { totals, templates, noisiest, unkept } = noise;
  if (totals.records === 0 || noisiest.records.length === 0) return [];
  const share = noisiest.records.reduce((sum, { shares }) => sum + shares.records, 0);
  return [
    finding({
      id: 'logging-levels.noise',
      verdict: 'pass',
      severity: 'info',
      title: `${noisiest.records.length} of ${counted(templates.length, 'kind of message', 'kinds of messages')} ${noisiest.records.length === 1 ? 'makes' : 'make'} ${percent(share)} of ${counted(totals.records, 'record')}`,
      subject: { kind: 'logs', id: 'noise' },
      because: [
        ...sharesOf(noise, 'records', 'the records'),
        ...sharesOf(noise, 'alarms', 'what is said at warning or worse'),
        ...(unkept.records === 0
          ? []
          : [
              {
                statement: `${counted(unkept.records, 'record')} are of kinds that were too many to be kept`,
                source: SOURCE,
              },
            ]),
      ],
      remedy: undefined,
    }),
  ];
}

const sharesOf = ({ noisiest }: NoiseBudget, measure: NoiseMeasure, of: string): Evidence[] =>
  noisiest[measure].slice(0, MOST_SHOWN).map(({ template, shares }) => ({
    statement: `${percent(shares[measure])} of ${of}: ${templateText(template)}`,
    source: SOURCE,
  }));

const SOURCE = 'templates of the logs';
const MOST_SHOWN = 5;
