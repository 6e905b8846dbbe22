import { counted, durationWords, visible } from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import { nameOf } from './service-log.ts';
import {
  answersOf,
  clockWords,
  failureWords,
  levelsOf,
  sentence,
  sourceWords,
  whoWords,
} from './timeline-words.ts';
import type { ServiceSpan, Timeline } from './timeline.ts';

/**
 * A timeline as lines for a terminal: one for each service, in order of time, with what failed first and what is not known. What
 * acts on a terminal is shown as its escape.
 *
 * @example console.log(timelineText(await timelineOf(id, { sources })));
 */
export function timelineText({ value, gaps }: Observed<Timeline>): string {
  const began = value.from === undefined ? undefined : Date.parse(value.from);
  const names = value.spans.map((span) => visible(nameOf(span)));
  const width = Math.min(Math.max(0, ...names.map((name) => name.length)), 40);
  const lines = [
    sentence(value),
    ...value.who.map(whoWords),
    ...(value.failedFirst === undefined ? [] : [failureWords(value.failedFirst)]),
    ...(value.seen ? [] : value.sources.map((source) => `  ${sourceWords(source)}`)),
    ...value.spans.flatMap((span, index) => spanLines(span, names[index] ?? '', width, began)),
    ...value.clocks
      .filter(({ state }) => state !== 'reference')
      .map((clock) => `clock: ${clockWords(clock)}`),
    ...gaps.map(({ what, why }) => `not seen: ${what}: ${why}`),
  ];
  return lines.map((line) => visible(line)).join('\n');
}

function spanLines(span: ServiceSpan, name: string, width: number, began: number | undefined): string[] {
  const { from, durationMs, failure, requests, moreRequests, correctedByMs, wentBack, untimed } = span;
  const after =
    from === undefined || began === undefined
      ? 'no time'
      : `+${((Date.parse(from) - began) / 1000).toFixed(3)} s`;
  const took = durationMs === undefined ? '' : durationWords(durationMs);
  const answers = answersOf(span);
  return [
    [
      after.padStart(12),
      name.padEnd(width),
      took.padStart(8),
      counted(requests.length, 'request'),
      levelsOf(span),
      ...(answers === '' ? [] : [answers]),
      ...(span.outcome === 'failed' ? ['FAILED'] : []),
    ].join('  '),
    ...(failure === undefined
      ? []
      : [`${' '.repeat(14)}${failure.level} ${failure.exception ?? failure.message}`]),
    ...(moreRequests === 0 ? [] : [`${' '.repeat(14)}${moreRequests} records of further requests`]),
    ...(untimed === 0 ? [] : [`${' '.repeat(14)}${untimed} records without a time`]),
    ...(correctedByMs === 0 ? [] : [`${' '.repeat(14)}times moved by ${correctedByMs} ms`]),
    ...(wentBack ? [`${' '.repeat(14)}its clock went back, or files were read out of order`] : []),
  ];
}
