import type { Observed } from '@groundcrew/core';
import { counted, durationWords, visible } from '@groundcrew/ground';
import { html, type Markup, page } from '@groundcrew/ground/html';
import { nameOf } from './service-log.ts';
import {
  answersOf,
  clockWords,
  failureWords,
  levelsOf,
  sentence,
  sourceWords,
  whoWords,
} from './timeline-words.ts';
import type { ServiceSpan, Timeline } from './timeline.ts';

/**
 * Renders a timeline as one HTML page, without scripts and without external resources: a bar for each service, marked where it
 * failed. Everything that logs say is escaped.
 */
export function timelinePage({ value, gaps, at }: Observed<Timeline>): string {
  return page({
    title: `Timeline of ${value.requestId}`,
    style: STYLE,
    main: html`
      <h1>${value.requestId}</h1>
      <p><span class="badge ${BADGES[value.outcome]}">${value.outcome}</span> ${sentence(value)}</p>
      ${value.who.map((who) => html`<p>${whoWords(who)}</p>`)}
      ${value.failedFirst === undefined ? '' : html`<p>${failureWords(value.failedFirst)}</p>`}
      <p class="facts">
        <span>began ${value.from ?? 'at no known time'}</span>
        <span>ended ${value.to ?? 'at no known time'}</span>
        <span>read ${at}</span>
      </p>
      ${
        value.spans.length === 0
          ? ''
          : html`<section>
              <header><h2>When</h2></header>
              ${chart(value)}
            </section>`
      }
      ${value.spans.length === 0 ? '' : services(value)}
      ${list('Clocks', value.clocks.filter(({ state }) => state !== 'reference').map(clockWords))}
      ${list(
        'Not seen',
        gaps.map(({ what, why }) => `${what}: ${why}`),
      )}
      ${list('Logs', value.sources.map(sourceWords))}
    `,
  });
}

const STYLE = `table{border-collapse:collapse;width:100%;font-size:.94rem}
td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-top:1px solid var(--line)}
tr:first-child>*{border-top:0}
svg.spans{width:100%;height:auto;font-size:12px}
svg.spans text{fill:var(--ink)}svg.spans .span{fill:var(--exempt)}svg.spans .failed{fill:var(--fail)}
svg.spans .mark{stroke:var(--fail);stroke-width:2}
`;

const BADGES: Readonly<Record<Timeline['outcome'], string>> = {
  failed: 'fail',
  refused: 'unknown',
  answered: 'pass',
  unknown: 'unknown',
};

/** Units of the drawing, which grows to the room that there is. */
const WIDTH = 720;
const NAME = 220;
const LINE = 22;

function chart({ requestId, spans, from, durationMs = 0 }: Timeline): Markup {
  const began = from === undefined ? 0 : Date.parse(from);
  const x = (iso: string): number =>
    NAME +
    (durationMs > 0 ? Math.min(Math.max((Date.parse(iso) - began) / durationMs, 0), 1) : 0) *
      (WIDTH - NAME - 8);
  const lines = spans.map(
    (span, index) => html`<g transform="translate(0 ${index * LINE})">${bar(span, x)}</g>`,
  );
  return html`<svg
    class="spans"
    viewBox="0 0 ${WIDTH} ${spans.length * LINE}"
    role="img"
    aria-label="When each service said something of ${requestId}"
  >
    ${lines}
  </svg>`;
}

function bar(span: ServiceSpan, x: (iso: string) => number): Markup {
  const { from, to, outcome, failure } = span;
  const name = shortened(visible(nameOf(span)));
  const isDrawn = from !== undefined && to !== undefined;
  const failedAt =
    isDrawn && failure?.at !== undefined && span.correctedByMs === 0 ? Math.round(x(failure.at)) : undefined;
  return html`<text x="${NAME - 8}" y="15" text-anchor="end">${name}</text> ${
      isDrawn
        ? html`<rect
            class="${outcome === 'failed' ? 'failed' : 'span'}"
            x="${Math.round(x(from))}"
            y="4"
            width="${Math.max(2, Math.round(x(to) - x(from)))}"
            height="14"
          />`
        : ''
    }
    ${failedAt === undefined ? '' : html`<line class="mark" x1="${failedAt}" x2="${failedAt}" y1="1" y2="21" />`}`;
}

const shortened = (name: string): string => {
  const characters = Array.from(name);
  return characters.length <= 32 ? name : `${characters.slice(0, 31).join('')}…`;
};

const services = ({ spans }: Timeline): Markup =>
  html`<section>
    <header><h2>Services</h2></header>
    <table>
      <thead>
        <tr>
          <th>service</th>
          <th>took</th>
          <th>requests</th>
          <th>said</th>
          <th>answered</th>
        </tr>
      </thead>
      <tbody>
        ${spans.map(serviceRow)}
      </tbody>
    </table>
  </section>`;

const serviceRow = (span: ServiceSpan): Markup =>
  html`<tr>
    <td>${nameOf(span)}${notes(span).map((note) => html`<br /><span class="soft">${note}</span>`)}</td>
    <td>${span.durationMs === undefined ? 'no time' : durationWords(span.durationMs)}</td>
    <td>${span.requests.length}</td>
    <td>
      ${levelsOf(span)}${
        span.failure === undefined
          ? ''
          : html`<br /><span class="badge fail">${span.failure.level}</span> ${span.failure.logger}:
              ${span.failure.exception ?? span.failure.message}`
      }
    </td>
    <td>${answersOf(span)}</td>
  </tr>`;

const notes = ({ untimed, correctedByMs, wentBack, moreRequests }: ServiceSpan): string[] => [
  ...(untimed === 0 ? [] : [`${counted(untimed, 'record')} without a time`]),
  ...(correctedByMs === 0 ? [] : [`times moved by ${correctedByMs} ms`]),
  ...(wentBack ? ['its clock went back, or files were read out of order'] : []),
  ...(moreRequests === 0 ? [] : [`${moreRequests} records of further requests`]),
];

const list = (title: string, lines: readonly string[]): Markup | string =>
  lines.length === 0
    ? ''
    : html`<section>
        <header><h2>${title}</h2></header>
        <ul class="because">
          ${lines.map((line) => html`<li>${line}</li>`)}
        </ul>
      </section>`;
