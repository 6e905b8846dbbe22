import { parseArguments, type Finding, type Verdict } from '@groundcrew/ground';
import { html, type Markup, page } from '@groundcrew/ground/html';
import { z } from 'zod';
import type { ComplianceFinding, ComplianceReport, RanPolicy } from '../policy/report.ts';
import { shown } from '../policy/shown.ts';

export interface PageOptions {
  /** @default 'Compliance report' */
  readonly title?: string | undefined;
}

const pageOptions = z.strictObject({ title: z.string().trim().min(1).optional() });

/** The most findings of one rule and one verdict that a page lists; the counts include all. */
const MOST_SHOWN = 200;

/**
 * A report as one page for auditors: whose things were seen before what came of it, then each rule with what breaks it,
 * what nobody can tell, and who answers for exceptions. No scripts, nothing from elsewhere; secrets are masked, and control
 * characters shown.
 *
 * @throws InputError that names the option
 */
export function toComplianceHtml(given: ComplianceReport, options: PageOptions = {}): string {
  const { title = 'Compliance report' } = parseArguments('toComplianceHtml', pageOptions, options);
  const report = shown(given);
  const groups = [...Map.groupBy(report.findings, ({ id }) => id)];
  return page({
    title: `${title}, ${report.at}`,
    style: MORE,
    main: html`
      <h1>${title}</h1>
      <p>
        ${count('fail', report.tally.fail)} ${count('unknown', report.tally.unknown)}
        ${count('exempt', report.tally.exempt)} ${count('pass', report.tally.pass)}
      </p>
      <p class="facts">
        <span>${moment(report.at)}</span><span>${report.policies.length} policies</span
        ><span>${report.scope.words}</span>
      </p>
      ${scope(report)} ${policies(report.policies)}
      <section>
        <header><h2>Findings</h2></header>
        ${groups.map(([id, findings]) => rule(id, findings))}
      </section>
      ${exemptions(report)}
    `,
  });
}

const MORE = `table{border-collapse:collapse;width:100%;font-size:.94rem}
td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-top:1px solid var(--line)}
caption{text-align:left;color:var(--soft);padding-bottom:.3rem}
`;

function scope({ scope: { words, asked, all, seen, denied } }: ComplianceReport): Markup {
  return html`<section>
    <header><h2>Scope</h2></header>
    <p>${all ? '' : html`<span class="badge unknown">not all</span> `}What was seen: ${words}.</p>
    <table>
      <caption>
        Projects
      </caption>
      <tbody>
        <tr>
          <th scope="row">asked for</th>
          <td>${asked.length}${all ? ', which are all' : '; there may be others'}</td>
        </tr>
        <tr>
          <th scope="row">seen</th>
          <td>${seen.length}: ${names(seen)}</td>
        </tr>
        <tr>
          <th scope="row">denied</th>
          <td>${denied.length}: ${names(denied)}</td>
        </tr>
      </tbody>
    </table>
  </section>`;
}

const names = (some: ComplianceReport['scope']['seen']): string =>
  some.map(({ id, name }) => name ?? id).join(', ') || 'none';

const policies = (ran: readonly RanPolicy[]): Markup =>
  html`<section>
    <header><h2>Policies</h2></header>
    <table>
      <thead>
        <tr>
          <th scope="col">policy</th>
          <th scope="col">severity</th>
          <th scope="col">fail</th>
          <th scope="col">unknown</th>
          <th scope="col">exempt</th>
          <th scope="col">pass</th>
        </tr>
      </thead>
      <tbody>
        ${ran.map(
          ({ id, title, severity, tally }) =>
            html`<tr>
              <th scope="row">${title}<br /><code>${id}</code></th>
              <td>${severity}</td>
              <td>${tally.fail}</td>
              <td>${tally.unknown}</td>
              <td>${tally.exempt}</td>
              <td>${tally.pass}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;

function rule(id: string, findings: readonly ComplianceFinding[]): Markup {
  const [first] = findings;
  const verdicts = (['fail', 'unknown', 'exempt', 'pass'] as const)
    .map((verdict) => ({ verdict, some: findings.filter((finding) => finding.verdict === verdict) }))
    .filter(({ some }) => some.length > 0);
  const open = verdicts.some(({ verdict }) => verdict !== 'pass');
  return html`<details class="${open ? '' : 'of-pass'}" ${open ? 'open' : ''}>
    <summary>
      ${verdicts.map(({ verdict, some }) => html`${count(verdict, some.length)} `)}
      <h3>${first?.title} <span class="soft">${first?.severity}</span></h3>
    </summary>
    <div class="inside">
      <p class="soft"><code>${id}</code></p>
      ${verdicts.map(({ verdict, some }) =>
        verdict === 'pass'
          ? html`<p class="soft">${some.length} passed.</p>`
          : html`${some.slice(0, MOST_SHOWN).map(entry)}${more(some.length - MOST_SHOWN, verdict)}`,
      )}
    </div>
  </details>`;
}

const more = (left: number, verdict: Verdict): Markup =>
  left > 0
    ? html`<p class="soft">${left} further findings (${verdict}) are in the report's data.</p>`
    : html``;

const entry = (finding: ComplianceFinding): Markup =>
  html`<div class="finding">
    <h3>
      <span class="badge ${finding.verdict}">${finding.verdict}</span> ${finding.subject.kind}
      ${finding.subject.name ?? ''}
      <code>${finding.subject.id}</code
      >${finding.project === undefined ? '' : html` <span class="soft">project ${finding.project}</span>`}
    </h3>
    <ul class="because">
      ${finding.because.map(because)}
    </ul>
    ${
      finding.remedy === undefined
        ? ''
        : html`<p class="remedy">${finding.verdict === 'unknown' ? 'To know it: ' : ''}${finding.remedy}</p>`
    }
  </div>`;

const because = ({ statement, source }: Finding['because'][number]): Markup =>
  html`<li>${statement} <span class="source">${source}</span></li>`;

const exemptions = ({ exemptions: uses }: ComplianceReport): Markup =>
  uses.length === 0
    ? html``
    : html`<section>
        <header><h2>Exemptions</h2></header>
        <table>
          <thead>
            <tr>
              <th scope="col">exemption</th>
              <th scope="col">state</th>
              <th scope="col">owner</th>
              <th scope="col">reason</th>
              <th scope="col">expires</th>
            </tr>
          </thead>
          <tbody>
            ${uses.map(
              ({ exemption: { id, policy, owner, reason, expires }, state, findings, overlaps }) =>
                html`<tr>
                  <th scope="row">${id}<br /><code>${policy}</code></th>
                  <td>
                    ${state}, ${findings}
                    findings${overlaps.length === 0 ? '' : `; overlaps ${overlaps.join(', ')}`}
                  </td>
                  <td>${owner}</td>
                  <td>${reason}</td>
                  <td>${moment(expires)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </section>`;

const count = (verdict: Verdict, many: number): Markup =>
  html`<span class="badge ${verdict}">${many} ${verdict}</span>`;
const moment = (at: string): string => at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
