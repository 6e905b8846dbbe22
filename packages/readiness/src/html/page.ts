import type { Finding, Verdict } from '@groundcrew/runbook';
import { type Answer, groups, type Report } from '../report.ts';
import { html, type Markup, Markup as Raw } from './escape.ts';
import { style } from './style.ts';

/**
 * The report as one page without scripts or anything from elsewhere: verdicts first, for whoever decides; then every
 * finding with its evidence and remedy, for whoever acts.
 */
export function toHtml(report: Report): string {
  const { subject } = report;
  const title = `Readiness of ${subject.cloud}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Raw(style)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${verdictSentence(report)}</p>
          <p class="facts">
            <span>${subject.at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</span>
            <span>asked as ${subject.user ?? 'nobody'}, ${subject.scope}</span>
            <span>roles: ${subject.roles.join(', ') || 'none'}</span
            >${subject.region === undefined ? '' : html`<span>region ${subject.region}</span>`}
          </p>
          <nav aria-label="Questions">
            <ol class="summary">
              ${report.answers.map(summaryOf)}
            </ol>
          </nav>
          ${report.answers.map(sectionOf)} ${blindSpots(report)}
          <footer>
            <p>
              A verdict is <b>pass</b> only if it was looked at and found good. What could not be seen, or not
              wholly, is <b>unknown</b>, with what would make it visible. Every number is in
              <code>readiness.json</code>, beside this page.
            </p>
          </footer>
        </main>
      </body>
    </html> `.text;
}

function verdictSentence({ tally, answers }: Report): string {
  const failed = answers.flatMap((answer) => answer.findings.filter((one) => one.verdict === 'fail'));
  const worst = (['critical', 'high'] as const)
    .map((severity) => ({ severity, times: failed.filter((one) => one.severity === severity).length }))
    .filter(({ times }) => times > 0)
    .map(({ severity, times }) => `${times} ${severity}`);
  const parts = [
    tally.fail === 0
      ? 'nothing that was seen fails'
      : `${count(tally.fail, 'finding')} to act on${worst.length === 0 ? '' : ` (${worst.join(', ')})`}`,
    tally.unknown === 0
      ? 'nothing was hidden'
      : `${count(tally.unknown, 'thing')} that could not be seen or judged`,
    `${tally.pass} that passed`,
  ];
  return `${sentence(parts.join(', '))}.`;
}

function summaryOf(answer: Answer): Markup {
  const worst = answer.findings.find((one) => one.verdict === answer.verdict);
  return html`<li>
    <a href="#${answer.id}"
      >${badge(answer.verdict)}<span>${answer.question}</span
      ><span class="worst"
        >${
          answer.verdict === 'pass'
            ? `${answer.tally.pass} checks passed`
            : (worst?.title ?? 'nothing was looked at')
        }</span
      ></a
    >
  </li>`;
}

function sectionOf(answer: Answer): Markup {
  const { fail, unknown, pass, exempt } = answer.tally;
  return html`<section id="${answer.id}">
    <header>
      ${badge(answer.verdict)}
      <h2>${answer.question}</h2>
      <span class="soft"
        >${fail} fail, ${unknown} unknown, ${pass} pass${exempt > 0 ? `, ${exempt} exempt` : ''}</span
      >
    </header>
    ${groups(answer.findings).map((group) => groupOf(group.findings))}
  </section> `;
}

/** Few findings that need action lie open; many, and those that pass, are opened by whoever wants them. */
function groupOf(findings: readonly [Finding, ...Finding[]]): Markup {
  const [first] = findings;
  const single = findings.length === 1;
  const open = first.verdict === 'fail' && findings.length <= 3;
  const title = single ? first.title : `${first.title}, and ${findings.length - 1} like it`;
  return html`<details${new Raw(open ? ' open' : '')}><summary>${badge(first.verdict, first.verdict === 'fail' ? first.severity : undefined)} <h3>${title}</h3></summary>
<div class="inside">${findings.slice(0, MOST).map((one) => findingOf(one, !single))}${
    findings.length > MOST
      ? html`<p class="soft">… and ${findings.length - MOST} more, in readiness.json.</p>`
      : ''
  }</div></details>
`;
}

function findingOf(finding: Finding, withTitle: boolean): Markup {
  const { subject } = finding;
  return html`<div class="finding">
    ${withTitle ? html`<p><b>${finding.title}</b></p>` : ''}
    <ul class="because">
      ${finding.because.map((one) => html`<li>${sentence(one.statement)} <span class="source">(${one.source})</span></li>`)}
    </ul>
    ${finding.remedy === undefined ? '' : html`<p class="remedy">${finding.remedy}</p>`}
    <p class="source">
      ${subject.kind}
      ${subject.name === undefined || subject.name === subject.id ? subject.id : `${subject.name} (${subject.id})`}
      · ${finding.id}
    </p>
  </div> `;
}

/** All that could not be seen, in one place: the first thing to mend before the verdicts are trusted. */
function blindSpots(report: Report): Markup | string {
  const unknown = report.answers.flatMap((answer) =>
    answer.findings.filter((one) => one.verdict === 'unknown'),
  );
  if (unknown.length === 0) return '';
  const remedies = Map.groupBy(unknown, (one) => one.remedy ?? 'No remedy is known.');
  const rows = [...remedies].toSorted((a, b) => b[1].length - a[1].length);
  return html`<section id="could-not-see">
    <header>
      ${badge('unknown')}
      <h2>What could not be seen</h2>
    </header>
    ${rows.map(
      ([remedy, ones]) =>
        html`<div class="group">
          <div class="inside">
            <p class="remedy">${remedy}</p>
            <ul class="because">
              ${ones.slice(0, MOST).map((one) => html`<li>${one.title}</li>`)}
            </ul>
          </div>
        </div>`,
    )}
  </section> `;
}

const badge = (verdict: Verdict, more?: string): Markup =>
  html`<span class="badge ${verdict}">${verdict}${more === undefined ? '' : ` · ${more}`}</span>`;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Begins with a capital, unless it begins with a name: `nova-compute` is not `Nova-compute`. */
const sentence = (text: string): string =>
  /^[a-z]+[\s,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;

/** Findings of one rule shown on the page. */
const MOST = 40;
