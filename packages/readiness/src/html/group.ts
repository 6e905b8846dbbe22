import type { Evidence, Finding } from '@groundcrew/ground';
import type { FindingGroup } from '../report.ts';
import { badge } from './badge.ts';
import { html, type Markup, Markup as Raw } from '@groundcrew/ground/html';
import { prose } from './prose.ts';

/**
 * Findings of one rule as one box. Few that need action lie open; many, and those that pass, are opened by whoever
 * wants them. What all of them say is said once.
 */
export function groupOf({ findings }: FindingGroup): Markup {
  const [first] = findings;
  const open = first.verdict === 'fail' && findings.length <= 3;
  const severity = first.verdict === 'fail' ? first.severity : undefined;
  const shared = sharedBy(findings);
  return html`<details class="of-${first.verdict}" ${new Raw(open ? ' open' : '')}>
    <summary>
      ${badge(first.verdict, severity)}
      <h3>${titleOf(findings)}</h3>
    </summary>
    <div class="inside">
      ${evidence(shared.because)}${remedy(shared.remedy)}${findings.slice(0, MOST).map((finding) => findingOf(finding, findings.length > 1, shared))}${
        findings.length > MOST
          ? html`<p class="soft">… and ${findings.length - MOST} more, in <code>readiness.json</code>.</p>`
          : ''
      }
    </div>
  </details> `;
}

/** The title of the first, and how many there are. */
export const titleOf = (findings: FindingGroup['findings']): Markup =>
  html`${findings[0].title}${findings.length === 1 ? '' : html`<span class="soft">, and ${findings.length - 1} like it</span>`}`;

/** The remedy for all of a group, or else for its first. */
export const remedyOf = (findings: FindingGroup['findings']): string | undefined =>
  sharedBy(findings).remedy ?? findings[0].remedy;

interface Shared {
  readonly because: readonly Evidence[];
  readonly remedy: string | undefined;
}

/** The evidence that all findings give in the same words, but for their own ids. */
function sharedBy(findings: FindingGroup['findings']): Shared {
  const [first, ...others] = findings;
  if (others.length === 0) return first;
  const because = first.because
    .map((reason) => ({ ...reason, statement: general(reason.statement, first) }))
    .filter((reason) => others.every((other) => saysOf(other).has(reason.statement)));
  const said = first.remedy === undefined ? undefined : general(first.remedy, first);
  const agreed = others.every((other) => other.remedy !== undefined && general(other.remedy, other) === said);
  return { because, remedy: agreed ? said : undefined };
}

const saysOf = (finding: Finding): ReadonlySet<string> =>
  new Set(finding.because.map((reason) => general(reason.statement, finding)));

/** A sentence about one thing as a sentence about any: `openstack router set ‹router›`. */
const general = (text: string, { subject }: Finding): string =>
  subject.id.length < SHORT ? text : text.replaceAll(subject.id, () => `‹${subject.kind}›`);

function findingOf(finding: Finding, isOneOfMany: boolean, shared: Shared): Markup {
  const own = isOneOfMany ? finding.because.filter((because) => !isShared(because, finding, shared)) : [];
  const ownRemedy = isOneOfMany && shared.remedy === undefined ? finding.remedy : undefined;
  return html`<div class="finding">
    ${isOneOfMany ? html`<p><b>${finding.title}</b></p>` : ''} ${evidence(own)} ${remedy(ownRemedy)}
    <p class="source">${subjectOf(finding)}${finding.id}</p>
  </div> `;
}

const isShared = (because: Evidence, finding: Finding, shared: Shared): boolean => {
  const statement = general(because.statement, finding);
  return shared.because.some((reason) => reason.statement === statement);
};

/** The subject of a finding, unless the title says all of it. */
function subjectOf({ subject, title }: Finding): string {
  const { kind, id, name } = subject;
  if (WHOLES.has(kind) || (title.includes(id) && (name === undefined || name === id))) return '';
  return `${kind} ${name === undefined || name === id ? id : `${name} (${id})`} · `;
}

const evidence = (because: readonly Evidence[]): Markup | string =>
  because.length === 0
    ? ''
    : html`<ul class="because">
        ${because.map((reason) => html`<li>${prose(reason.statement)} <span class="source">(${reason.source})</span></li>`)}
      </ul>`;

const remedy = (text: string | undefined): Markup | string =>
  text === undefined ? '' : html`<p class="remedy">${prose(text)}</p>`;

/** Subjects that are no thing which one could look up. */
const WHOLES: ReadonlySet<string> = new Set(['cloud', 'inventory', 'source']);

/** An id shorter than this may be part of any word. */
const SHORT = 6;

/** Findings of one rule shown on the page. */
const MOST = 20;
