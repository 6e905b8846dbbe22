import { milliseconds } from '@groundcrew/ground';
import type { Plan } from '@groundcrew/runbook';
import { restartComponents } from './actions.ts';
import type { MeasuredRequest, UpgradeMeasurement } from './measurement.ts';
import type { StepTime } from './step-times.ts';

/** What keeps the class from being known. */
export function holesIn(
  { steps }: Plan,
  {
    measurements,
    times,
    gapMs,
  }: {
    readonly measurements: readonly UpgradeMeasurement[];
    readonly times: readonly StepTime[];
    readonly gapMs: number;
  },
): string[] {
  const from = Math.min(...times.map((step) => step.from));
  const to = Math.max(...times.map((step) => step.to ?? Number.POSITIVE_INFINITY));
  if (times.length === 0 || !Number.isFinite(to)) return ['the run has not ended'];
  const restarted = steps.filter(({ action }) => action === restartComponents.name);
  const services = new Set(restarted.map(({ input: given }) => restartComponents.input.parse(given).service));
  const measured = new Set(
    measurements.filter((one) => one.of === 'api' && every(one) <= gapMs).map(({ service }) => service),
  );
  const blind = [...services].filter((service) => !measured.has(service));
  return [
    ...(blind.length > 0 ? [`no probe asked ${blind.join(', ')}`] : []),
    ...(measurements.some(({ of }) => of === 'workload') ? [] : ['no workload was watched']),
    ...measurements
      .filter(({ before = [] }) => before.some(({ ok }) => !ok))
      .map(({ name }) => `${name} failed before the run, too`),
    ...measurements.flatMap((one) => {
      const { name, samples } = one;
      const longest = longestHole(samples, { from, to });
      return longest > Math.max(gapMs, 2 * every(one))
        ? [`${name} was not measured for ${Math.round(longest)} ms`]
        : [];
    }),
  ];
}

const every = ({ interval = 0 }: UpgradeMeasurement): number => milliseconds(interval);

function longestHole(
  samples: readonly MeasuredRequest[],
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const starts = samples.map(({ at }) => at).filter((at) => at >= from && at <= to);
  const marks = [from, ...starts.toSorted((a, b) => a - b), to];
  return marks.reduce((longest, mark, at) => Math.max(longest, mark - (marks[at - 1] ?? mark)), 0);
}
