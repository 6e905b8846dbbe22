import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Slo, SloEvaluation } from '../src/slo.ts';
import { runPromtool } from './promtool.ts';

/** Values of one series at equal distances from 1970 on; `undefined` is a sample that is missing. */
export type Values = readonly (number | undefined)[];

/** The same series for both: by Prometheus' names, and as samples. */
export interface Timeline<S> {
  readonly intervalMs: number;
  readonly series: Readonly<Record<string, Values>>;
  readonly samples: readonly S[];
  /** The times at which both are asked; all are multiples of `everyMs`. */
  readonly askedAt: readonly number[];
  readonly everyMs: number;
}

/** Gives promtool an objective's rules, the series, and what ours says of them: it is content only if all is equal. */
export async function agreement<S>(
  slo: Slo<S>,
  timelines: readonly Timeline<S>[],
  distort: (evaluation: SloEvaluation) => SloEvaluation = (evaluation) => evaluation,
): Promise<{
  readonly passed: boolean;
  readonly output: string;
  readonly evaluations: readonly SloEvaluation[];
}> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slo-'));
  try {
    await writeFile(path.join(folder, 'rules.yml'), slo.toPrometheusRules());
    const evaluations: SloEvaluation[] = [];
    const tests = timelines.map((timeline) => {
      const asked = timeline.askedAt.map((at) => distort(slo.evaluate(timeline.samples, { at })));
      evaluations.push(...asked);
      return {
        interval: `${timeline.intervalMs}ms`,
        input_series: Object.entries(timeline.series).map(([series, values]) => ({
          series,
          values: values.map((value) => (value === undefined ? '_' : shown(value))).join(' '),
        })),
        promql_expr_test: asked.flatMap((evaluation) => recordedBy(slo, evaluation)),
        alert_rule_test: asked.flatMap(({ at, alerts }) =>
          ['SloErrorBudgetBurn', 'SloNotMeasured'].map((alertname) => ({
            eval_time: `${at}ms`,
            alertname,
            exp_alerts: alerts
              .filter(({ name }) => name === alertname)
              .map(({ labels, summary }) => ({ exp_labels: labels, exp_annotations: { summary } })),
          })),
        ),
      };
    });
    const all = timelines.map(({ everyMs }, index) => ({
      rule_files: ['rules.yml'],
      evaluation_interval: `${everyMs}ms`,
      tests: [tests[index]],
    }));
    const files = all.map((_, index) => path.join(folder, `test-${index}.yml`));
    for (const [index, file] of files.entries()) await writeFile(file, JSON.stringify(all[index]));
    const checked = await runPromtool(['check', 'rules', path.join(folder, 'rules.yml')]);
    if (!checked.passed) return { ...checked, evaluations };
    return { ...(await runPromtool(['test', 'rules', ...files])), evaluations };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The recorded series of a time, all of them: one that ours does not know must be absent there. */
function recordedBy<S>({ name, labels: more }: Slo<S>, { at, burn, seenOf, budget }: SloEvaluation) {
  const eval_time = `${at}ms`;
  const sample = (metric: string, window: string, value: number) => {
    const labels = Object.entries({ ...more, slo: name, window }).map(
      ([key, text]) => `${key}=${JSON.stringify(text)}`,
    );
    return { labels: `${metric}{${labels.join(',')}}`, value: jsonOf(value) };
  };
  const known = (all: Readonly<Record<string, number | undefined>>, metric: string) =>
    Object.entries(all).flatMap(([window, value]) =>
      value === undefined ? [] : [sample(metric, window, value)],
    );
  const whole = Object.keys(burn).at(-1) ?? '';
  return [
    { expr: 'slo:burn_rate', eval_time, exp_samples: known(burn, 'slo:burn_rate') },
    { expr: 'slo:seen', eval_time, exp_samples: known(seenOf, 'slo:seen') },
    {
      expr: 'slo:error_budget:remaining',
      eval_time,
      exp_samples: known({ [whole]: budget }, 'slo:error_budget:remaining'),
    },
  ];
}

const shown = (value: number): string =>
  Number.isFinite(value) ? String(value) : value > 0 ? 'Inf' : value < 0 ? '-Inf' : 'NaN';

/** What is not finite has no JSON, and our results are never that. */
function jsonOf(value: number): number {
  if (!Number.isFinite(value)) throw new Error(`${value} was computed`);
  return value;
}
