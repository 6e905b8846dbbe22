import type { Finding } from '@groundcrew/ground';
import { html, type Markup } from '@groundcrew/ground/html';
import type { ComplianceReport } from '../policy/report.ts';
import { shown } from '../policy/shown.ts';

/**
 * A report as JUnit XML: a suite for each rule, a case for each thing. What is unknown or exempt is skipped, with the
 * reason: it never counts as passed. Secrets are masked, and control characters shown.
 */
export function toJUnit(given: ComplianceReport): string {
  const report = shown(given);
  const suites = [...Map.groupBy(report.findings, ({ id }) => id)];
  const page = html`<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="groundcrew audit" ${counts(report.findings)}>
      ${suites.map(
        ([id, all]) =>
          html`<testsuite name="${legal(id)}" timestamp="${report.at.replace(/\.\d+Z$/, '')}" ${counts(all)}>
            ${all.map(
              (finding) =>
                html`<testcase classname="${legal(id)}" name="${legal(nameOf(finding))}"
                  >${outcomeOf(finding)}</testcase
                > `,
            )}</testsuite
          > `,
      )}</testsuites
    > `;
  return page.text;
}

function counts(all: readonly Finding[]): Markup {
  const of = (...verdicts: readonly Finding['verdict'][]): number =>
    all.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return html`tests="${all.length}" failures="${of('fail')}" errors="0" skipped="${of('unknown', 'exempt')}"`;
}

const nameOf = ({ subject: { kind, id, name } }: Finding): string =>
  name === undefined || name === id ? `${kind} ${id}` : `${kind} ${name} (${id})`;

function outcomeOf({ verdict, severity, title, because }: Finding): Markup {
  const why = legal(because.map(({ statement }) => statement).join('\n'));
  switch (verdict) {
    case 'fail':
      return html`<failure type="${severity}" message="${legal(title)}">${why}</failure>`;
    case 'unknown':
    case 'exempt':
      return html`<skipped message="${legal(`${verdict}: ${title}: ${why}`)}" />`;
    case 'pass':
      return html``;
  }
}

/**
 * Without the two characters that XML 1.0 has no place for, not even escaped, and that act on nobody; those that do, and halves of
 * surrogate pairs, are shown already.
 */
const legal = (text: string): string => text.replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');
