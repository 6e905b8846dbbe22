import { counted } from '@groundcrew/ground';
import { type Answer, groups, type Report } from '../report.ts';
import { badge } from './badge.ts';
import { html, type Markup, page } from '@groundcrew/ground/html';
import { groupOf, remedyOf, titleOf } from './group.ts';
import { prose, sentence } from './prose.ts';

/**
 * The report as one page without scripts or anything from elsewhere: verdicts first, for whoever decides; then every
 * finding with its evidence and remedy, for whoever acts.
 */
export function toHtml(report: Report): string {
  const { subject } = report;
  const title = `Readiness of ${subject.cloud}`;
  return page({
    title,
    main: html`
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
    `,
  });
}

function verdictSentence({ tally, answers }: Report): string {
  const failed = answers.flatMap((answer) => answer.findings.filter((finding) => finding.verdict === 'fail'));
  const worst = (['critical', 'high'] as const)
    .map((severity) => ({
      severity,
      times: failed.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ times }) => times > 0)
    .map(({ severity, times }) => `${times} ${severity}`);
  const unasked = answers.filter((answer) => answer.findings.length === 0).length;
  const parts = [
    tally.fail === 0
      ? unasked === answers.length
        ? undefined
        : 'nothing that was seen fails'
      : `${counted(tally.fail, 'finding')} to act on${worst.length === 0 ? '' : ` (${worst.join(', ')})`}`,
    tally.unknown === 0 && unasked === 0 ? 'nothing was hidden' : undefined,
    tally.unknown === 0 ? undefined : `${counted(tally.unknown, 'thing')} that could not be seen or judged`,
    unasked === 0 ? undefined : `${counted(unasked, 'question')} not asked`,
    `${tally.pass} that passed`,
  ].filter((part) => part !== undefined);
  return `${sentence(parts.join(', '))}.`;
}

function summaryOf(answer: Answer): Markup {
  const [worst] = groups(answer.findings.filter((finding) => finding.verdict === answer.verdict));
  const remedy = answer.verdict === 'pass' || worst === undefined ? undefined : remedyOf(worst.findings);
  return html`<li>
    <a href="#${answer.id}"
      >${badge(answer.verdict)}<span class="question"
        >${answer.question} <span class="soft">${counts(answer)}</span></span
      ><span class="worst"
        >${
          answer.verdict === 'pass'
            ? `${counted(answer.tally.pass, 'check')} passed`
            : worst === undefined
              ? 'Nothing was looked at'
              : titleOf(worst.findings)
        }</span
      >${remedy === undefined ? '' : html`<span class="worst remedy">${prose(remedy)}</span>`}</a
    >
  </li>`;
}

function sectionOf(answer: Answer): Markup {
  return html`<section id="${answer.id}">
    <header>
      ${badge(answer.verdict)}
      <h2>${answer.question}</h2>
      <span class="soft">${counts(answer)}</span>
    </header>
    ${answer.findings.length === 0 ? html`<p class="soft">Nothing was looked at.</p>` : ''}
    ${groups(answer.findings).map(groupOf)}
  </section> `;
}

function counts({ tally: { fail, unknown, pass, exempt } }: Answer): string {
  return `${fail} fail, ${unknown} unknown, ${pass} pass${exempt > 0 ? `, ${exempt} exempt` : ''}`;
}

/** All that could not be seen, in one place: the first thing to mend before the verdicts are trusted. */
function blindSpots(report: Report): Markup | string {
  const unknown = report.answers.flatMap((answer) =>
    answer.findings.filter((finding) => finding.verdict === 'unknown'),
  );
  if (unknown.length === 0) return '';
  const remedies = Map.groupBy(unknown, (finding) => finding.remedy ?? 'No remedy is known.');
  const rows = [...remedies]
    .map(([remedy, ones]) => ({ remedy, titles: [...new Set(ones.map((finding) => finding.title))] }))
    .toSorted((a, b) => b.titles.length - a.titles.length);
  return html`<section id="could-not-see">
    <header>
      ${badge('unknown')}
      <h2>What would make the unknown known</h2>
    </header>
    <p class="soft">
      What a verdict means, what each package can and cannot see, and what a user with lesser roles is told:
      the guide
      <code>docs/guides/truth.md</code>.
    </p>
    ${rows.map(
      ({ remedy, titles }) =>
        html`<div class="group">
          <div class="inside">
            <p class="remedy">${prose(remedy)}</p>
            <ul class="because">
              ${titles.slice(0, MOST).map((title) => html`<li>${title}</li>`)}
              ${titles.length > MOST ? html`<li class="soft">… and ${titles.length - MOST} more</li>` : ''}
            </ul>
          </div>
        </div>`,
    )}
  </section> `;
}

/** Unknowns of one remedy listed at the end. */
const MOST = 40;
