import type { TemplateChange } from './change.ts';
import { VARIES } from './shape.ts';
import { LEVELS } from './tally.ts';

/** A message of which nothing changed but the module that says it, and its level perhaps. */
export interface MovedMessage {
  readonly before: TemplateChange;
  readonly after: TemplateChange;
  /** Whether it is said at a level at which it was not said before. */
  readonly isRelevelled: boolean;
}

/**
 * Pairs what vanished with what appeared elsewhere in the same words: modules are renamed from release to release, and what is said
 * there is neither new nor gone. Words that anybody may say are no proof: there have to be two at least within one package, and three
 * where a message moved to another. Of several modules that said it the one with the most similar name is taken.
 */
export function movedMessages(changes: readonly TemplateChange[]): MovedMessage[] {
  const vanished = Map.groupBy(
    changes.filter(({ kind }) => kind === 'vanished'),
    ({ template }) => template.text,
  );
  return changes.flatMap((after) => {
    if (after.kind !== 'appeared') return [];
    const { text, logger } = after.template;
    const words = wordCount(text);
    const [before] = (vanished.get(text) ?? [])
      .filter(({ template }) => words >= (rootOf(template.logger) === rootOf(logger) ? 2 : 3))
      .toSorted((a, b) => likeness(b.template.logger, logger) - likeness(a.template.logger, logger));
    return before === undefined ? [] : [{ before, after, isRelevelled: hasGained(before, after) }];
  });
}

const hasGained = ({ before }: TemplateChange, { after }: TemplateChange): boolean =>
  LEVELS.some((level) => (after?.byLevel[level] ?? 0) > 0 && (before?.byLevel[level] ?? 0) === 0);

/** The package of a logger: `nova` of `nova.compute.manager`. */
export const rootOf = (logger: string): string => logger.split('.', 1)[0] ?? logger;

/** Words that do not vary. */
const wordCount = (text: string): number => text.replaceAll(VARIES, ' ').match(WORD)?.length ?? 0;

/** How many parts of two names are equal, from either end. */
function likeness(one: string, other: string): number {
  const [a, b] = [one.split('.'), other.split('.')];
  const shorter = Math.min(a.length, b.length);
  let begin = 0;
  while (begin < shorter && a[begin] === b[begin]) begin += 1;
  let end = 0;
  while (end < shorter - begin && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return begin + end;
}

const WORD = /\p{L}{2,}/gu;
