import { counted, durationWords } from '@groundcrew/ground';
import { levels } from '../level.ts';
import { nameOf } from './service-log.ts';
import type { RequestActor } from './request-actor.ts';
import type { ClockSkew, FirstFailure, ServiceSpan, SourceRead, Timeline } from './timeline.ts';

// What the text and the page say in the same words. Other people's text in it is not yet escaped.

/** What it was, in a sentence that says no more than was seen. */
export function sentence({ requestId, seen, outcome, durationMs, spans, sources }: Timeline): string {
  const records = sources.reduce((sum, source) => sum + source.records, 0);
  if (!seen)
    return `${requestId} was not seen in ${counted(sources.length, 'source')}, ${counted(records, 'record')}`;
  const hosts = new Set(spans.flatMap(({ host }) => host ?? []));
  const took =
    durationMs === undefined ? '' : ` ${durationWords(durationMs)} from the first record to the last,`;
  const where = hosts.size === 0 ? '' : ` on ${counted(hosts.size, 'host')}`;
  return `${requestId}: ${OUTCOMES[outcome]};${took} ${counted(spans.length, 'service')}${where}`;
}

const OUTCOMES: Readonly<Record<Timeline['outcome'], string>> = {
  failed: 'failed',
  refused: 'refused',
  answered: 'answered, and no error was said',
  unknown: 'no error was said, and no answer is known',
};

export function whoWords({ user_name, user_id, project_name, project_id, address }: RequestActor): string {
  const project = project_name ?? project_id;
  return [
    `sent by ${user_name ?? user_id ?? 'a user who is not told'}`,
    ...(project === undefined ? [] : [`of project ${project}`]),
    ...(address === undefined ? [] : [`from ${address}`]),
  ].join(' ');
}

export function failureWords(failure: FirstFailure): string {
  const { at, exception, message, logger, isSureToBeFirst } = failure;
  const when = at === undefined ? '' : ` at ${at}`;
  const sure = isSureToBeFirst ? '' : ' (the clocks allow that another service failed before)';
  return `failed first: ${nameOf(failure)}${when}, ${logger}: ${exception ?? message}${sure}`;
}

export function clockWords({ host, relativeTo, state, lowerMs, upperMs }: ClockSkew): string {
  if (state === 'unknown') return `${host}: skew unknown, no call between it and ${relativeTo} was told`;
  if (state === 'contradictory')
    return `${host}: skew unknown, its calls contradict each other: a clock was set`;
  const [least, most] = [lowerMs, upperMs].map((ms) => (ms === undefined ? 'unknown' : `${Math.round(ms)}`));
  return `${host} is ahead of ${relativeTo} by at least ${least} and at most ${most} ms`;
}

export function sourceWords(source: SourceRead): string {
  const { records, from, to } = source;
  const period = from === undefined || to === undefined ? '' : `, ${from} to ${to}`;
  return `${nameOf(source)}: ${counted(records, 'record')}${period}`;
}

/** `2 info, 1 error`, the most urgent last. */
export function levelsOf({ byLevel }: ServiceSpan): string {
  const names = Object.keys(levels) as (keyof typeof levels)[];
  return names
    .toReversed()
    .filter((level) => byLevel[level] !== undefined)
    .map((level) => `${byLevel[level]} ${level}`)
    .join(', ');
}

/** `200 × 3, 404`: the statuses that it told, and how often. */
export function answersOf({ requests }: ServiceSpan): string {
  const times = new Map<number, number>();
  for (const { answers } of requests)
    for (const { status } of answers) times.set(status, (times.get(status) ?? 0) + 1);
  return [...times]
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => (count === 1 ? `${status}` : `${status} × ${count}`))
    .join(', ');
}
