import { maskText, visible } from '@groundcrew/ground';
import type { StepFailure } from './outcome.ts';
import type { Refusal } from '../plan/refusal.ts';

/**
 * An error as data. Read by its shape, not its class: errors of `@groundcrew/core` carry `code`, `remedy` and
 * `requestIds`, Node's carry `code`, and neither is imported here.
 */
export function failureOf(error: unknown, step: string, phase: StepFailure['phase']): StepFailure {
  const facts =
    typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>) : {};
  return {
    step,
    phase,
    code: textOf(facts['code']) ?? 'error',
    message: textOf(facts['message']) ?? textOf(error) ?? 'no message',
    remedy: textOf(facts['remedy']),
    requestIds: requestIdsOf(error),
  };
}

/** A "no" of a precondition or a verification, as the failure of its step. */
export const failureOfRefusal = (
  refusal: Refusal,
  step: string,
  phase: StepFailure['phase'],
): StepFailure => ({
  step,
  phase,
  code: refusal.code,
  message: refusal.reason,
  remedy: refusal.remedy,
  requestIds: [],
});

/** Other people's text, which a journal keeps and a terminal shows: no secret, nothing that acts on its reader. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== ''
    ? visible(maskText(cut(value.toWellFormed())), { multiline: true })
    : undefined;

/** Cuts text that may hold all that a program printed; a journal is no place for megabytes. */
const cut = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST).toWellFormed()} … (${text.length} characters)`;

const LONGEST = 8192;

/** The request ids of the error and of its causes: a wrapper must not lose the id that finds the log line. */
function requestIdsOf(error: unknown): string[] {
  const ids = new Set<string>();
  let link = error;
  for (let depth = 0; depth < 8 && typeof link === 'object' && link !== null; depth += 1) {
    const { requestIds, cause } = link as { readonly requestIds?: unknown; readonly cause?: unknown };
    if (Array.isArray(requestIds))
      for (const id of requestIds) if (typeof id === 'string') ids.add(id.toWellFormed());
    link = cause;
  }
  return [...ids];
}
