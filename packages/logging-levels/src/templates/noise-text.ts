import { counted } from '@groundcrew/ground';
import type { NoiseBudget, NoiseMeasure } from './noise.ts';
import { percent, templateText } from './shown.ts';

/**
 * The noise budget, for a terminal: the noisiest templates by records, by bytes and by alarms. Other people's text is escaped, and
 * cut where it is long.
 *
 * @example
 * // 2 of 87 templates: 81.2 % of 1,204 records
 * //   54.1 %  nova.api.openstack.requestlog: <*> "GET <*>" status: <*> len: <*> microversion: <*> time: <*>
 */
export const noiseText = (noise: NoiseBudget): string =>
  `${(['records', 'bytes', 'alarms'] as const).flatMap((measure) => sectionOf(noise, measure)).join('\n')}\n`;

function sectionOf({ totals, templates, noisiest, unkept }: NoiseBudget, measure: NoiseMeasure): string[] {
  const chosen = noisiest[measure];
  const total = counted(totals[measure], WORDS[measure]);
  if (totals[measure] === 0) return [`No ${WORDS[measure]}s`];
  const together = chosen.reduce((sum, { shares }) => sum + shares[measure], 0);
  const left =
    unkept[measure] === 0 ? '' : `; ${unkept[measure]} are of templates that were too many to keep`;
  return [
    `${chosen.length} of ${counted(templates.length, 'template')}: ${percent(together)} of ${total}${left}`,
    ...chosen
      .slice(0, MOST_SHOWN)
      .map(({ template, shares }) => `${percent(shares[measure]).padStart(11)}  ${templateText(template)}`),
    ...(chosen.length > MOST_SHOWN ? [`             and ${chosen.length - MOST_SHOWN} more`] : []),
  ];
}

const WORDS: Readonly<Record<NoiseMeasure, string>> = { records: 'record', bytes: 'byte', alarms: 'alarm' };
const MOST_SHOWN = 20;
