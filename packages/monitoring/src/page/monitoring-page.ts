import {
  anObjectWith,
  InputError,
  maskText,
  optionsSchema,
  parseArguments,
  visible,
} from '@groundcrew/ground';
import { html, type Markup, page } from '@groundcrew/ground/html';
import { z } from 'zod';
import type { CollectorReport, MetricsRound } from '../metrics/round.ts';
import { oneLine } from '../prometheus/label-text.ts';
import type { UptimeReportRow } from '../uptime/report.ts';
import { figure } from './figures.ts';
import { uptimeTable } from './uptime-table.ts';

export interface MonitoringPageOptions {
  /** @default 'Monitoring' */
  readonly title?: string | undefined;
  /** Figures, as `collectMetrics` gives them. */
  readonly round?: MetricsRound | undefined;
  /** Rows of a ledger's report. */
  readonly uptime?: readonly UptimeReportRow[] | undefined;
}

const schema = optionsSchema<MonitoringPageOptions>({
  title: oneLine.optional(),
  round: anObjectWith<MetricsRound>('a round', 'families', 'collectors').optional(),
  uptime: z.array(anObjectWith<UptimeReportRow>('a row of an uptime report', 'name', 'durations')).optional(),
});

/**
 * Renders figures and uptime as one HTML page, without scripts and without external resources; charts are inline SVG. Each
 * collector that did not see everything says so above its figures. Names from the cloud are text.
 *
 * Metrics of single things, which a page would be too long for, are left out.
 *
 * @throws InputError that names the option; where there is neither a round nor uptime
 * @example
 * const round = await collectMetrics(cloud, { collect: ['servers', 'pools'] });
 * await writeFile('monitoring.html', monitoringPage({ round }));
 */
export function monitoringPage(options: MonitoringPageOptions): string {
  parseArguments('monitoringPage', schema, options);
  const { title = 'Monitoring', round, uptime } = options;
  if (round === undefined && uptime === undefined)
    throw new InputError('monitoringPage: round: there is neither a round nor uptime to show', {
      field: 'round',
      operation: 'monitoringPage',
    });
  return page({
    title,
    style: STYLE,
    main: html`
      <h1>${title}</h1>
      ${round === undefined ? '' : facts(round)} ${uptime === undefined ? '' : uptimeTable(uptime)}
      ${round === undefined ? '' : round.collectors.map((report) => section(report, round))}
    `,
  });
}

const facts = ({ startedAt, at, calls, collectors }: MetricsRound): Markup => {
  const there = collectors.filter(({ isAbsent }) => isAbsent !== true);
  const whole = there.filter(({ completeness }) => completeness === 'complete').length;
  return html`<p class="facts">
    <span>read from ${moment(startedAt)} to ${moment(at)}</span>
    <span>${calls} requests</span>
    <span>${whole} of ${there.length} collectors saw everything</span>
  </p>`;
};

/** The most gaps that are told of a collector. */
const MOST = 10;

function section(report: CollectorReport, { families }: MetricsRound): Markup {
  const { collector, completeness, gaps } = report;
  const own = families.filter((family) => family.collector === collector && family.metric.ids.length === 0);
  const isWhole = completeness === 'complete';
  const doubt =
    report.isAbsent === true
      ? 'This cloud has no service of the kind: there is nothing to collect.'
      : 'Not everything was seen: what is not here is not 0.';
  return html`<section>
    <header>
      <h2>${collector}</h2>
      <span class="badge ${isWhole ? 'pass' : 'unknown'}">${completeness}</span>
    </header>
    ${isWhole ? '' : html`<p>${doubt}</p>`}
    ${
      gaps.length === 0
        ? ''
        : html`<ul class="because">
            ${gaps.slice(0, MOST).map(({ what, why }) => html`<li>${told(what)}: ${told(why)}</li>`)}
            ${gaps.length > MOST ? html`<li>and ${gaps.length - MOST} more</li>` : ''}
          </ul>`
    }
    ${own.map(figure)}
  </section>`;
}

/** Other people's text may quote a secret. */
const told = (text: string): string => visible(maskText(text)).slice(0, 500);

const moment = (at: string): string => at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');

const STYLE = `table{border-collapse:collapse;width:100%;font-size:.94rem}
td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-top:1px solid var(--line)}
tr:first-child>*{border-top:0}
figure{margin:.9rem 0}figcaption{font-size:.94rem;margin-bottom:.3rem}
.single{font-size:1.5rem;margin:0}
svg text{fill:var(--ink);font-size:13px}svg .name{fill:var(--soft)}svg .bar{fill:var(--exempt)}
svg.chart{width:100%;height:auto;display:block}
svg.stacked{width:12rem;max-width:100%;height:1rem;border:1px solid var(--line)}
svg .pass{fill:var(--pass)}svg .fail{fill:var(--fail)}svg .unknown{fill:var(--unknown-bg)}svg .exempt{fill:var(--line)}
`;
