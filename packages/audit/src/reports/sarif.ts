import type { Severity } from '@groundcrew/ground';
import type { ComplianceFinding, ComplianceReport } from '../policy/report.ts';
import { shown } from '../policy/shown.ts';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** `open`: the tool could not tell whether the rule is kept (SARIF 2.1.0, 3.27.9). */
const kinds = { fail: 'fail', unknown: 'open', exempt: 'fail', pass: 'pass' } as const;

/** A log of SARIF 2.1.0: as much of it as is written here. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly [SarifRun];
}
export interface SarifRun {
  readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly SarifRule[] } };
  readonly invocations: readonly { readonly executionSuccessful: boolean; readonly endTimeUtc: string }[];
  readonly results: readonly SarifResult[];
  readonly properties: Readonly<Record<string, unknown>>;
}
export interface SarifRule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly defaultConfiguration: { readonly level: string };
  readonly help?: { readonly text: string } | undefined;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}
export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: 'fail' | 'open' | 'pass';
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly unknown[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly unknown[] | undefined;
}

/**
 * A report as SARIF 2.1.0, for pipelines and code hosts. What is unknown is `open`, never `pass`; what is exempt is a
 * failure that is suppressed, with who answers for it. Secrets are masked, and control characters shown.
 */
export function toSarif(given: ComplianceReport): SarifLog {
  const report = shown(given);
  const rules = rulesOf(report);
  const indices = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'groundcrew audit', rules } },
        invocations: [{ executionSuccessful: true, endTimeUtc: report.at }],
        results: report.findings.map((finding) => resultOf(finding, indices.get(finding.id) ?? -1)),
        properties: { scope: report.scope, tally: report.tally },
      },
    ],
  };
}

/** The policies that were run, and the rules of all other findings. */
function rulesOf(report: ComplianceReport): SarifRule[] {
  const ran = report.policies.map(({ id, title, severity, remedy, frameworks }) => ({
    id,
    shortDescription: { text: title },
    defaultConfiguration: { level: levels[severity] },
    help: { text: remedy },
    properties: { frameworks },
  }));
  const known = new Set(ran.map(({ id }) => id));
  const others = new Map(
    report.findings.filter(({ id }) => !known.has(id)).map((finding) => [finding.id, finding]),
  );
  return [
    ...ran,
    ...[...others.values()].map(({ id, title, severity, remedy }) => ({
      id,
      shortDescription: { text: title },
      defaultConfiguration: { level: levels[severity] },
      ...(remedy === undefined ? {} : { help: { text: remedy } }),
    })),
  ];
}

function resultOf(finding: ComplianceFinding, ruleIndex: number): SarifResult {
  const { id, subject, verdict, severity, title, because, project, exemption } = finding;
  const justification =
    exemption === undefined
      ? undefined
      : `${exemption.owner} answers for it until ${exemption.expires}: ${exemption.reason}`;
  const name = `${project === undefined ? '' : `${project}/`}${subject.kind}/${subject.id}`;
  return {
    ruleId: id,
    ruleIndex,
    kind: kinds[verdict],
    // SARIF wants `none` of whatever is no failure.
    level: kinds[verdict] === 'fail' ? levels[severity] : 'none',
    message: { text: [title, ...because.map(({ statement }) => `- ${statement}`)].join('\n') },
    locations: [
      {
        logicalLocations: [{ name: subject.name ?? subject.id, fullyQualifiedName: name, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'subject/v1': JSON.stringify([id, subject.kind, subject.id]) },
    ...(verdict === 'exempt'
      ? {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              ...(justification === undefined ? {} : { justification }),
            },
          ],
        }
      : {}),
  };
}
