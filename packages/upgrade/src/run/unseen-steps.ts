import type { JournalRecord } from '@groundcrew/runbook';
import { UpgradeStepReport } from './step-report.ts';

/** A step of which nobody knows what came of it, though the run went on. */
export interface UnseenStep {
  readonly step: string;
  readonly because: string;
}

/** By the last report of each step: one that was carried out again may have been seen then. */
export function unseenSteps(records: readonly JournalRecord[]): UnseenStep[] {
  const last = new Map<string, string | undefined>();
  for (const { event } of records)
    if (event.type === 'step-acted') last.set(event.step, reasonIn(event.output));
  return [...last].flatMap(([step, because]) => (because === undefined ? [] : [{ step, because }]));
}

function reasonIn(output: unknown): string | undefined {
  const report = UpgradeStepReport.safeParse(output).data;
  if (report === undefined) return 'its report cannot be read';
  if (report.outcome === 'unknown') return report.because;
  return report.outcome === 'dry' ? 'nothing was done: the run was dry' : undefined;
}

/** As many names as a line can have. */
const NAMED = 5;

/** One line for each reason, with the steps that have it. */
export function unseenText(unseen: readonly UnseenStep[]): string[] {
  const steps = Map.groupBy(unseen, ({ because }) => because);
  return [...steps].map(([because, those]) => {
    const named = those.slice(0, NAMED).map(({ step }) => step);
    const more = those.length > NAMED ? ` and ${those.length - NAMED} more` : '';
    return `not known what came of ${named.join(', ')}${more}: ${because}`;
  });
}
