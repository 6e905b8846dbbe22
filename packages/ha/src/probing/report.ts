import type { Observed } from '@groundcrew/core';
import {
  type Evidence,
  type Finding,
  finding,
  type Refusal,
  type Severity,
  type Subject,
  unseen,
} from '@groundcrew/runbook';

type Where = Pick<Observed<unknown>, 'source' | 'at'>;

/** A finding of what one observation shows. */
export function found(
  where: Where,
  parts: {
    readonly id: string;
    readonly subject: Subject;
    readonly severity: Severity;
    /** `undefined`: that could not be told. */
    readonly good: boolean | undefined;
    readonly title: string;
    /** Sentences that a person can check. */
    readonly because: string | readonly (string | Evidence)[];
    readonly remedy?: string | undefined;
  },
): Finding {
  const { good, because, remedy, ...rest } = parts;
  const sentences = typeof because === 'string' ? [because] : because;
  return finding({
    ...rest,
    verdict: good === undefined ? 'unknown' : good ? 'pass' : 'fail',
    because: sentences.map((sentence) =>
      typeof sentence === 'string' ? { statement: sentence, source: where.source, at: where.at } : sentence,
    ),
    remedy: good === true ? undefined : remedy,
  });
}

/** The gaps of observations as findings. */
export const gapsOf = (
  all: readonly Observed<unknown>[],
  { id, severity = 'high' }: { readonly id: string; readonly severity?: Severity },
): Finding[] =>
  all.flatMap((observed) =>
    observed.gaps.map((gap) =>
      unseen(gap, { id, title: `Not seen: ${gap.what}`, severity, at: observed.at }),
    ),
  );

/** The values that were seen, each with its source. */
export const seenOf = <T>(
  all: readonly Observed<T | undefined>[],
): { readonly where: Where; readonly value: T }[] =>
  all.flatMap(({ source, at, value }) => (value === undefined ? [] : [{ where: { source, at }, value }]));

/** A refusal since something was not seen: acting would be guessing. */
export const unseenRefusals = (all: readonly Observed<unknown>[], code: string, what: string): Refusal[] =>
  all.flatMap((observed) =>
    observed.gaps.map((gap) => ({
      code,
      reason: `${what}: ${gap.what} was not seen (${gap.why})`,
      remedy: gap.remedy ?? 'Make it visible, then ask again.',
      because: [{ statement: gap.why, source: gap.what, at: observed.at }],
    })),
  );

/** The finding that no target was given at all. */
export const notAsked = (code: string, what: string): Refusal => ({
  code,
  reason: `${what}: nobody was asked`,
  remedy: 'Observe it first.',
});

/** `a, b, c, …` */
export function some(names: readonly string[], most = 5): string {
  return names.length > most ? `${names.slice(0, most).join(', ')}, … (${names.length})` : names.join(', ');
}
