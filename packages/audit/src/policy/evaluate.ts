import { type Finding, parseArguments, tally, worstFirst } from '@groundcrew/ground';
import { InputError, type Observed } from '@groundcrew/core';
import { z } from 'zod';
import { exempted } from './apply-exemptions.ts';
import type { PartOf, CompliancePolicy, ObservedParts } from './define-policy.ts';
import { type Exemption, parseExemptions } from './exemption.ts';
import { findingsOf } from './findings-of.ts';
import type { Judgement } from './judgement.ts';
import type { ComplianceFinding, ComplianceReport, RanPolicy, ReportScope } from './report.ts';
import { masked } from './shown.ts';

export interface EvaluateOptions {
  /** @default none */
  readonly exemptions?: readonly Exemption[] | undefined;
  /** Milliseconds since 1970: what expires is compared with it, and the report is dated by it. */
  readonly now: number;
  /** Findings of other judges, as of `assessSecurityGroups`: exemptions hold for them too, and they are part of the report. */
  readonly found?: readonly Finding[] | undefined;
}

/** A snapshot that is evaluated: the parts that were read, and the projects whose things they are. */
export interface Scoped {
  readonly scope: ReportScope | string;
}

/**
 * Judges a snapshot by policies. Pure: the same snapshot, exemptions and moment give the same report.
 *
 * What was not read, or not to its end, never passes: each policy that needs it has an `unknown` that names the gaps,
 * beside the failures that were seen. A policy that throws is `unknown` too, and stops no other.
 *
 * @throws ExemptionError if an exemption is not one
 * @throws InputError that names the option, or the policy whose id another one has
 * @example
 * const estate = await observeEstate(cloud);
 * const report = evaluate([...identityPack, ...imagePack], estate, { now: Date.now(), exemptions });
 * report.scope.denied; // projects that nobody looked into
 */
export function evaluate<S extends Scoped>(
  policies: readonly CompliancePolicy<S>[],
  snapshot: S,
  options: EvaluateOptions,
): ComplianceReport {
  const { now } = parseArguments('evaluate', optionsSchema, options);
  // None are given: nothing is exempt, and nothing was found elsewhere.
  const exemptions = parseExemptions(options.exemptions ?? []);
  const ids = new Set<string>();
  for (const { id } of policies) {
    if (ids.has(id))
      throw new InputError(`policies: two have the id ${id}`, { field: 'policies', operation: 'evaluate' });
    ids.add(id);
  }
  const found = [
    ...policies.flatMap((policy) => judged(policy, snapshot, now)),
    ...(options.found ?? []),
  ] satisfies readonly ComplianceFinding[];
  const laid = exempted(found, exemptions, now);
  const { uses } = laid;
  const findings = laid.findings.map(masked);
  const counted = Map.groupBy(findings, ({ id }) => id);
  return {
    at: new Date(now).toISOString(),
    scope: asReportScope(snapshot.scope),
    findings: worstFirst(findings),
    tally: tally(findings),
    policies: policies.map((policy) => ran(policy, counted.get(policy.id) ?? [])),
    exemptions: uses,
  };
}

/** The bounds of `Date`, in milliseconds from 1970. */
const LAST_MOMENT = 8.64e15;

/** Exemptions are read by `parseExemptions`; a misspelt option would be as none. */
const optionsSchema = z.strictObject({
  now: z.number().min(-LAST_MOMENT).max(LAST_MOMENT),
  exemptions: z.unknown().optional(),
  found: z.array(z.unknown()).readonly().optional(),
});

function judged<S>(policy: CompliancePolicy<S>, snapshot: S, now: number): ComplianceFinding[] {
  const parts = new Map<string, Observed<unknown> | undefined>(
    policy.needs.map((name) => [name, snapshot[name] as Observed<unknown> | undefined]),
  );
  const judgements: Judgement[] = [];
  // A part that nobody read has no value that a check could be given.
  if ([...parts.values()].includes(undefined)) return findingsOf(policy, parts, judgements, undefined);
  const seen = Object.fromEntries(
    [...parts].map(([name, part]) => [name, part?.value]),
  ) as unknown as ObservedParts<S, PartOf<S>>;
  try {
    for (const judgement of policy.check(seen, { now })) judgements.push(checked(judgement));
  } catch (error) {
    return findingsOf(policy, parts, judgements, error instanceof Error ? error : new Error(String(error)));
  }
  return findingsOf(policy, parts, judgements, undefined);
}

/** Policies are other people's functions: what they say is looked at before it is believed. */
function checked(judgement: Judgement): Judgement {
  const { verdict, subject, because } = judgement;
  if (!['pass', 'fail', 'unknown'].includes(verdict))
    throw new TypeError(`it said ${JSON.stringify(verdict)}`);
  if (subject.id === '' || subject.kind === '') throw new TypeError(`it judged nothing that has a name`);
  if (because.length === 0) throw new TypeError(`it gave no reason for ${verdict} of ${subject.id}`);
  return judgement;
}

const ran = <S>(policy: CompliancePolicy<S>, findings: readonly Finding[]): RanPolicy => {
  const { id, title, severity, needs, remedy, frameworks } = policy;
  return { id, title, severity, needs, remedy, frameworks, tally: tally(findings) };
};

const asReportScope = (scope: ReportScope | string): ReportScope =>
  typeof scope === 'string' ? { words: scope, asked: [], all: false, seen: [], denied: [] } : scope;
