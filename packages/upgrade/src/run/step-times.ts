import type { JournalRecord } from '@groundcrew/runbook';

/** When a step was at work; several times, if it was tried again. Milliseconds since 1970. */
export interface StepTime {
  readonly step: string;
  readonly from: number;
  /** `undefined` if the run was cut off in it, and it never ended. */
  readonly to: number | undefined;
}

/** From its start to its end, as the journal of a run has them. */
export function stepTimes(records: readonly JournalRecord[]): StepTime[] {
  const times: StepTime[] = [];
  const open = new Map<string, number>();
  for (const { at, event } of records) {
    const now = Date.parse(at);
    if (event.type === 'step-started') open.set(event.step, open.get(event.step) ?? now);
    if (event.type === 'step-succeeded' || event.type === 'step-failed') {
      const from = open.get(event.step);
      open.delete(event.step);
      if (from !== undefined) times.push({ step: event.step, from, to: now });
    }
  }
  return [...times, ...[...open].map(([step, from]) => ({ step, from, to: undefined }))];
}

/** The steps that were at work in some time. */
export const stepsAt = (
  times: readonly StepTime[],
  { from, to }: { readonly from: number; readonly to: number },
): string[] => [
  ...new Set(
    times
      .filter((step) => step.from <= to && (step.to ?? Number.POSITIVE_INFINITY) >= from)
      .map(({ step }) => step),
  ),
];
