import type { Metric } from '../metrics/metric.ts';
import { ByteText } from './byte-text.ts';
import type { ExposedFamily } from './exposed-families.ts';
import { isPlain, quotable } from './label-text.ts';

/** How Prometheus is told: its own text format, or OpenMetrics. */
export type ExpositionFormat = 'prometheus' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The end of an OpenMetrics text, without which a reader takes it for one that was cut off. */
export const END: Readonly<Record<ExpositionFormat, string>> = { prometheus: '', openmetrics: '# EOF\n' };

/**
 * Families as text, without the end of it.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @see https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 */
export function exposition(
  families: Iterable<ExposedFamily>,
  format: ExpositionFormat,
): Uint8Array<ArrayBuffer> {
  const all = [...families];
  const text = new ByteText(all.reduce((sum, family) => sum + sizeOf(family), 0));
  for (const family of all) {
    text.add(headOf(family.metric, format));
    addSeries(text, family);
  }
  return text.bytes();
}

/**
 * Lines that are put together as one string, looked at once and written at once. One line at a time costs a third more, and
 * one value at a time thrice as much.
 */
const LINES_AT_ONCE = 32;

function addSeries(text: ByteText, { metric, labels, values }: ExposedFamily): void {
  // What stands before each value of a label is the same in every line.
  const before = metric.labels.map((label, at) => `${at === 0 ? `${metric.name}{` : '",'}${label}="`);
  const after = before.length === 0 ? `${metric.name} ` : '"} ';
  const linesOf = (from: number, to: number, shown: (value: string) => string): string => {
    let lines = '';
    for (let index = from; index < to; index += 1) {
      const own = labels[index] ?? [];
      for (let at = 0; at < before.length; at += 1) lines += (before[at] ?? '') + shown(own[at] ?? '');
      lines += `${after}${numberText(values[index] ?? Number.NaN)}\n`;
    }
    return lines;
  };
  for (let from = 0; from < values.length; from += LINES_AT_ONCE) {
    const to = Math.min(from + LINES_AT_ONCE, values.length);
    if (arePlain(labels, from, to)) text.addAscii(linesOf(from, to, (value) => value));
    else text.add(linesOf(from, to, quotable));
  }
}

/** Whether all values of these series are shown as they are. */
function arePlain(labels: ExposedFamily['labels'], from: number, to: number): boolean {
  let all = '';
  for (let index = from; index < to; index += 1) for (const value of labels[index] ?? []) all += value;
  return isPlain(all);
}

/** About the length of a family's text, so that there is room for it at once: its last line for each. */
function sizeOf({ metric, labels, values }: ExposedFamily): number {
  const names = metric.labels.reduce((sum, label) => sum + label.length + 4, metric.name.length + 24);
  const last = labels.at(-1)?.reduce((sum, value) => sum + value.length, 0) ?? 0;
  return metric.help.length + 200 + values.length * (names + last);
}

function headOf(metric: Metric, format: ExpositionFormat): string {
  const { kind, help, unit } = metric;
  if (format === 'prometheus')
    return `# HELP ${metric.name} ${lineText(help)}\n# TYPE ${metric.name} ${kind}\n`;
  // OpenMetrics names the family without the suffix that its samples have.
  const name = kind === 'counter' ? metric.name.replace(/_total$/, '') : metric.name;
  // A unit has to be the name's end; elsewhere in the name it is left to the reader.
  const unitLine = unit !== undefined && name.endsWith(`_${unit}`) ? `# UNIT ${name} ${unit}\n` : '';
  return `# TYPE ${name} ${kind}\n${unitLine}# HELP ${name} ${lineText(help).replaceAll('"', String.raw`\"`)}\n`;
}

const lineText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('\n', String.raw`\n`);

function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}
