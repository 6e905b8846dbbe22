import { counted, visible } from '@groundcrew/ground';
import type { CorpusSize, TemplateChange, WhatIsNew } from './change.ts';
import { percent, templateText } from './shown.ts';
import { LEVELS, type MessageTally } from './tally.ts';

/**
 * What is new, for a terminal: a line for each change, the worst first. Other people's text is escaped, and cut where it is long.
 *
 * @example
 * // 1,204 records in 87 templates before, 1,310 in 90 after: 2 new, 1 at another level, 0 more frequent, 1 gone
 * // error    new           nova.compute.manager: Instance <*> failed to spawn (12 times, first 2026-11-23 03:13:00.264)
 */
export function whatIsNewText(news: WhatIsNew): string {
  const { before, after, changes, gaps } = news;
  const number = (kind: TemplateChange['kind']): number =>
    changes.filter((change) => change.kind === kind).length;
  const sums = `${number('appeared')} new, ${number('relevelled')} at another level, ${number('risen')} more frequent, ${number('vanished')} gone`;
  const lines = [
    `${sizeText(before)} before, ${sizeText(after)} after: ${sums}`,
    ...changes.map((change) => lineOf(change)),
    ...gaps.map(({ what, why }) => `not known: ${what}: ${why}`),
  ];
  return `${lines.join('\n')}\n`;
}

const sizeText = ({ records, templates }: CorpusSize): string =>
  `${counted(records, 'record')} in ${counted(templates, 'template')}`;

const WORDS: Readonly<Record<TemplateChange['kind'], string>> = {
  appeared: 'new',
  relevelled: 'other level',
  risen: 'more frequent',
  vanished: 'gone',
};

function lineOf(change: TemplateChange): string {
  const { kind, level, template, variantOf } = change;
  const said = templateText(template);
  const like = variantOf === undefined ? '' : `, a variant of ${variantOf.id}`;
  return `${level.padEnd(8)} ${WORDS[kind].padEnd(13)} ${said} (${factsOf(change)}${like})`;
}

/** The numbers behind a change, in words. */
export function factsOf({ kind, gained, before, after }: TemplateChange): string {
  if (kind === 'vanished') return `${times(before)}, last ${visible(before?.last ?? 'at no known time')}`;
  if (kind === 'relevelled') return `${levelsOf(before)} before, now ${gained.join(', ')}: ${times(after)}`;
  if (kind === 'risen')
    return `${percent(before?.share ?? 0)} before, now ${percent(after?.share ?? 0)}: ${times(after)}`;
  return `${times(after)}, first ${visible(after?.first ?? 'at no known time')}`;
}

const times = (tally: MessageTally | undefined): string => counted(tally?.times ?? 0, 'time');

const levelsOf = (tally: MessageTally | undefined): string =>
  LEVELS.filter((level) => (tally?.byLevel[level] ?? 0) > 0).join(', ');
