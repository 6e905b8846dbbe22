import { visible } from '@groundcrew/ground';
import { html, type Markup } from '@groundcrew/ground/html';
import type { UptimeReportRow } from '../uptime/report.ts';
import { type Part, stacked } from './bars.ts';

/** The most rows of a page; the lowest availability comes first. */
const MOST = 200;

/** How long each was up, with both bounds: what nobody saw is a part of its own. */
export function uptimeTable(rows: readonly UptimeReportRow[]): Markup {
  const sorted = rows.toSorted((a, b) => lowerOf(a) - lowerOf(b));
  const more =
    rows.length > MOST ? html`<p class="soft">and ${rows.length - MOST} with a higher availability</p>` : '';
  return html`<section>
    <header><h2>Uptime</h2></header>
    <p class="soft">
      Up, down, not known, and maintenance. Of two figures the lower one counts all that nobody saw as down,
      the higher one as up.
    </p>
    <table>
      <thead>
        <tr>
          <th>name</th>
          <th>time</th>
          <th>availability</th>
          <th>target</th>
        </tr>
      </thead>
      <tbody>
        ${sorted.slice(0, MOST).map(rowOf)}
      </tbody>
    </table>
    ${more}
  </section>`;
}

const lowerOf = ({ availability }: UptimeReportRow): number => availability?.lower ?? Infinity;

function rowOf({ name, subjects, durations, availability, verdict }: UptimeReportRow): Markup {
  const { upMs, downMs, excludedMs, unknownMs } = durations;
  const whole = upMs + downMs + excludedMs + unknownMs;
  const part = (kind: Part['kind'], ms: number): Part => ({ kind, share: whole > 0 ? ms / whole : 0 });
  const parts = [
    part('pass', upMs),
    part('fail', downMs),
    part('unknown', unknownMs),
    part('exempt', excludedMs),
  ];
  const words = `up ${percent(parts[0])}, down ${percent(parts[1])}, not known ${percent(parts[2])}, maintenance ${percent(parts[3])}`;
  return html`<tr>
    <td>${visible(name)}${subjects > 1 ? html` <span class="soft">${subjects} together</span>` : ''}</td>
    <td>${stacked(words, parts)}</td>
    <td>${availability === undefined ? 'none: all of it is maintenance' : between(availability)}</td>
    <td>${verdict === undefined ? '' : html`<span class="badge ${BADGES[verdict]}">${verdict}</span>`}</td>
  </tr>`;
}

const percent = (part: Part | undefined): string => `${((part?.share ?? 0) * 100).toFixed(1)} %`;

/** Cut off and not rounded: 99.9996 % is not 100 %. */
const between = ({ lower, upper }: { readonly lower: number; readonly upper: number }): string => {
  const [low, high] = [cut(lower), cut(upper)];
  return low === high ? low : `${low} to ${high}`;
};
const cut = (share: number): string => `${(Math.floor(share * 1e5) / 1e3).toFixed(3)} %`;

const BADGES: Readonly<Record<NonNullable<UptimeReportRow['verdict']>, string>> = {
  met: 'pass',
  breached: 'fail',
  unknown: 'unknown',
};
