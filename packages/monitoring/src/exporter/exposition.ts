import type { Metric } from '../metrics/metric.ts';
import { ByteText } from './byte-text.ts';
import type { ExposedFamily } from './exposed-families.ts';

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
  for (const { metric, labels, values } of all) {
    text.add(headOf(metric, format));
    // What stands before each value of a label is the same in every line.
    const before = metric.labels.map((label, at) => `${at === 0 ? `${metric.name}{` : '",'}${label}="`);
    const after = before.length === 0 ? `${metric.name} ` : '"} ';
    for (let index = 0; index < values.length; index += 1) {
      const own = labels[index] ?? [];
      for (let at = 0; at < before.length; at += 1) {
        text.add(before[at] ?? '');
        text.addQuotable(own[at] ?? '');
      }
      text.add(after);
      text.add(`${numberText(values[index] ?? Number.NaN)}\n`);
    }
  }
  return text.bytes();
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
