import { durationWords, visible } from '@groundcrew/ground';
import type { Change, Changed, ListDiff, PlanDiff } from './diff-plans.ts';
import type { Gate, Step, Target } from './plan.ts';

/** A difference in words, one a line: `+` came, `-` went, `~` changed. */
export function explainDiff(diff: PlanDiff): string {
  if (diff.same) return `The plans are the same: ${diff.before}\n`;
  const lines = [
    `- digest ${diff.before}`,
    `+ digest ${diff.after}`,
    ...diff.changes.map((change) => `~ plan ${changeWords(change)}`),
    ...listWords(
      'warning',
      {
        added: diff.warnings.added,
        removed: diff.warnings.removed,
        changed: [],
      },
      (warning) => warning,
    ),
    ...listWords('target', diff.targets, ({ kind, id, revision }: Target) => `${kind} ${id} at ${revision}`),
    ...listWords('gate', diff.gates, ({ id, question }: Gate) => `${id}: ${question}`),
    ...listWords(
      'step',
      diff.steps,
      ({ id, title, rollback }: Step) =>
        `${id}: ${title}${rollback === 'none' ? ' (POINT OF NO RETURN)' : ''}`,
    ),
  ];
  return `${lines.map((line) => visible(line)).join('\n')}\n`;
}

function listWords<T>(
  what: string,
  { added, removed, changed }: ListDiff<T>,
  words: (item: T) => string,
): string[] {
  return [
    ...removed.map((item) => `- ${what} ${words(item)}`),
    ...added.map((item) => `+ ${what} ${words(item)}`),
    ...changed.flatMap(({ id, changes }: Changed<T>) =>
      changes.map((change) => `~ ${what} ${id}: ${changeWords(change)}`),
    ),
  ];
}

const changeWords = ({ field, before, after }: Change): string =>
  `${field} was ${shown(field, before)}, is ${shown(field, after)}`;

function shown(field: string, value: unknown): string {
  if (value === undefined) return 'not there';
  return DURATIONS.has(field) && typeof value === 'number' ? durationWords(value) : JSON.stringify(value);
}

/** Fields of a step that a plan holds in milliseconds, which nobody reads. */
const DURATIONS: ReadonlySet<string> = new Set(['timeout', 'estimate.duration', 'estimate.downtime']);
