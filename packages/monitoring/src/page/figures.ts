import { html, type Markup } from '@groundcrew/ground/html';
import type { Metric } from '../metrics/metric.ts';
import type { MetricFamily } from '../metrics/round.ts';
import { type Bar, bars } from './bars.ts';

/** The longest list of bars; what is shorter is counted. */
const MOST = 12;

/** A metric with its greatest series as bars. */
export function figure({ metric, samples }: MetricFamily): Markup {
  const all = samples
    .map(({ labels, value }): Bar => ({ name: labels.join(' · '), value, said: said(value, metric) }))
    .toSorted((a, b) => b.value - a.value);
  const [first] = all;
  if (first === undefined) return html``;
  const shown = all.slice(0, MOST);
  const full = metric.unit === 'ratio' ? 1 : first.value;
  const more = all.length > MOST ? html`<p class="soft">and ${all.length - MOST} smaller ones</p>` : '';
  const by = metric.labels.length === 0 ? '' : ` By ${metric.labels.join(', ')}.`;
  return html`<figure>
    <figcaption>${metric.help}${by} <code>${metric.name}</code></figcaption>
    ${metric.labels.length === 0 ? html`<p class="single">${first.said}</p>` : bars(metric.help, shown, full)}
    ${more}
  </figure>`;
}

function said(value: number, { unit }: Metric): string {
  if (unit === 'ratio') return `${(value * 100).toFixed(1)} %`;
  if (unit === 'bytes') return sizeText(value);
  return `${Math.round(value * 1000) / 1000}`;
}

const SIZES = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

function sizeText(bytes: number): string {
  const magnitude = bytes === 0 ? 0 : Math.floor(Math.log2(Math.abs(bytes)) / 10);
  const at = Math.min(Math.max(magnitude, 0), SIZES.length - 1);
  return `${Math.round((bytes / 2 ** (10 * at)) * 10) / 10} ${SIZES[at]}`;
}
