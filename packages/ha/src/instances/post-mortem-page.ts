import { html, type Markup, page } from '@groundcrew/ground/html';
import type { MovedServer, PostMortem } from './post-mortem.ts';

/** Renders the account as one HTML page, without scripts and without external resources. */
export function postMortemPage(account: PostMortem): string {
  const { title, durations, counts } = account;
  return page({
    title,
    style: TABLES,
    main: html`
      <h1>${title}</h1>
      <p>${sentence(account)}</p>
      <p class="facts">
        <span>began ${moment(account.startedAt)}</span>
        <span>${account.endedAt === undefined ? 'still running' : `ended ${moment(account.endedAt)}`}</span>
        <span>run ${account.run}</span>
        <span>plan ${account.digest.slice(0, 19)}…</span>
      </p>
      <section>
        <header><h2>How long</h2></header>
        <table>
          <tbody>
            ${row('fence, until proven off', seconds(durations.fenceMs))}
            ${row('declare down', seconds(durations.declareDownMs))}
            ${row('evacuate, first start to last end', seconds(durations.evacuationMs))}
            ${row('one server, the median', seconds(durations.medianServerMs))}
            ${row('all', seconds(durations.totalMs))}
          </tbody>
        </table>
      </section>
      ${reasons(account)}
      <section>
        <header><h2>Servers</h2></header>
        <p class="soft">
          ${counts.moved} moved, ${counts.failed} failed, ${counts['not-tried']} not tried, ${counts.running}
          running
        </p>
        <table>
          <thead>
            <tr>
              <th>server</th>
              <th>state</th>
              <th>now on</th>
              <th>took</th>
            </tr>
          </thead>
          <tbody>
            ${account.servers.map(serverRow)}
          </tbody>
        </table>
      </section>
      ${unmoved(account)}
      <section>
        <header><h2>Timeline</h2></header>
        <table>
          <tbody>
            ${account.timeline.map(({ afterMs, what }) => row(`+${(afterMs / 1000).toFixed(1)} s`, what))}
          </tbody>
        </table>
      </section>
    `,
  });
}

const TABLES = `table{border-collapse:collapse;width:100%;font-size:.94rem}
td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-top:1px solid var(--line)}
tr:first-child>*{border-top:0}td:first-child{white-space:nowrap;color:var(--soft)}
`;

const unmoved = ({ notMoved }: PostMortem): Markup | string =>
  notMoved.length === 0
    ? ''
    : html`<section>
        <header><h2>Not moved</h2></header>
        <table>
          <tbody>
            ${notMoved.map(({ name, state, reason }) => row(name, `${state}: ${reason}`))}
          </tbody>
        </table>
      </section>`;

function sentence({ outcome, counts, notMoved, takenOver }: PostMortem): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const stay = notMoved.length === 0 ? '' : `; ${notMoved.length} more were not to be moved`;
  const over = takenOver === 0 ? '' : `; it was taken up again ${takenOver} times`;
  return `${outcome ?? 'It still runs'}: ${counts.moved} of ${all} servers run elsewhere${over}${stay}.`;
}

const row = (name: string, value: string): Markup =>
  html`<tr>
    <td>${name}</td>
    <td>${value}</td>
  </tr>`;

const serverRow = ({ name, server, state, to, durationMs, failure }: MovedServer): Markup =>
  html`<tr>
    <td>${name}<br /><code>${server}</code></td>
    <td>
      <span class="badge ${BADGES[state]}">${state}</span
      >${failure === undefined ? '' : html`<br />${failure.message}`}
    </td>
    <td>${to ?? ''}</td>
    <td>${seconds(durationMs)}</td>
  </tr>`;

const BADGES: Readonly<Record<MovedServer['state'], string>> = {
  moved: 'pass',
  failed: 'fail',
  'not-tried': 'unknown',
  running: 'exempt',
};

const reasons = ({ because }: PostMortem): Markup | string =>
  because.length === 0
    ? ''
    : html`<section>
        <header><h2>Why</h2></header>
        <ul class="because">
          ${because.map((reason) => html`<li>${reason}</li>`)}
        </ul>
      </section>`;

const seconds = (ms: number | undefined): string =>
  ms === undefined ? 'not reached' : `${(ms / 1000).toFixed(1)} s`;
const moment = (at: string): string => at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
