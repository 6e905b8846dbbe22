import type { Gap, Observed } from '@groundcrew/core';
import { type Evidence, finding, InputError, type Severity } from '@groundcrew/ground';
import type { Judgement } from './judgement.ts';
import type { ComplianceFinding } from './report.ts';

interface Judge {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly remedy: string;
  readonly needs: readonly string[];
}
type Parts = ReadonlyMap<string, Observed<unknown> | undefined>;

/**
 * Turns a policy's judgements into findings, with regard to the gaps of the data that were judged. It is the one place
 * where gaps become `unknown`: no policy has to think of them.
 */
export function findingsOf(
  policy: Judge,
  parts: Parts,
  judgements: readonly Judgement[],
  broken: Error | undefined,
): ComplianceFinding[] {
  const blind = [...parts].filter(([, part]) => part?.completeness !== 'complete').map(([name]) => name);
  const doubted = blind.filter((name) => name !== policy.needs[0]);
  const perSubject = [
    ...Map.groupBy(judgements, ({ subject }) => `${subject.kind}\n${subject.id}`).values(),
  ].map((some) => merged(policy, parts, some, { blind, doubted, broken }));
  const whole = listFinding(policy, parts, judgements.length, { blind, broken });
  return whole === undefined ? perSubject : [whole, ...perSubject];
}

interface Doubts {
  /** Parts that are not whole. */
  readonly blind: readonly string[];
  /** The doubted parts other than the list that is judged. */
  readonly doubted: readonly string[];
  readonly broken: Error | undefined;
}

/** One finding of all that is said of one thing: the worst, with the reasons of that verdict. */
function merged(policy: Judge, parts: Parts, some: readonly Judgement[], doubts: Doubts): ComplianceFinding {
  const weighed = some.map((judgement) => weigh(judgement, doubts));
  const verdict = (['fail', 'unknown', 'pass'] as const).find((it) =>
    weighed.some((judgement) => judgement.verdict === it),
  );
  const worst = weighed.filter((judgement) => judgement.verdict === verdict);
  const [first] = some;
  if (first === undefined || verdict === undefined)
    throw new InputError(`${policy.id}: nothing was said`, { field: policy.id, operation: 'evaluate' });
  const severity = SEVERITIES.find((it) =>
    worst.some((judgement) => (judgement.severity ?? policy.severity) === it),
  );
  const doubtful =
    verdict === 'unknown' ? doubts.blind.flatMap((name) => gapEvidence(name, parts.get(name))) : [];
  return finding({
    id: policy.id,
    verdict,
    severity: severity ?? policy.severity,
    title: policy.title,
    subject: first.subject,
    because: [...worst.flatMap((judgement) => evidence(judgement.because, policy, parts)), ...doubtful],
    remedy: verdict === 'fail' ? policy.remedy : verdict === 'unknown' ? remedyOf(policy, parts) : undefined,
    ...(first.project === undefined ? {} : { project: first.project }),
  } satisfies ComplianceFinding);
}

function weigh(judgement: Judgement, { blind, doubted, broken }: Doubts): Judgement {
  if (judgement.verdict === 'pass' && (doubted.length > 0 || broken !== undefined))
    return { ...judgement, verdict: 'unknown' };
  return judgement.ifWhole?.some((name) => blind.includes(name))
    ? { ...judgement, verdict: 'unknown' }
    : judgement;
}

/** The finding about the list as a whole; nothing where everything was seen and judged. */
function listFinding(
  policy: Judge,
  parts: Parts,
  judgements: number,
  { blind, broken }: Pick<Doubts, 'blind' | 'broken'>,
): ComplianceFinding | undefined {
  const [first = ''] = policy.needs;
  const common = { id: policy.id, severity: policy.severity, title: policy.title };
  const subject = { kind: 'scope', id: first };
  if (blind.length > 0 || broken !== undefined) {
    const because = [
      ...(broken === undefined
        ? []
        : [{ statement: `the policy broke off: ${broken.message}`, source: policy.id }]),
      ...blind.flatMap((name) => gapEvidence(name, parts.get(name))),
    ];
    const remedy = broken === undefined ? remedyOf(policy, parts) : 'Mend the policy.';
    return finding({ ...common, verdict: 'unknown', subject, because, remedy });
  }
  if (judgements > 0) return undefined;
  const part = parts.get(first);
  const read = Array.isArray(part?.value) ? `${part.value.length} ${first} were read` : `${first} was read`;
  const because = [
    { statement: `${read}, and none is concerned`, source: part?.source ?? first, at: part?.at },
  ];
  return finding({ ...common, verdict: 'pass', subject, because, remedy: undefined });
}

const evidence = (because: readonly string[], policy: Judge, parts: Parts): Evidence[] => {
  const part = parts.get(policy.needs[0] ?? '');
  return because.map((statement) => ({ statement, source: part?.source ?? policy.id, at: part?.at }));
};

/**
 * The reasons why a part is incomplete. Thousands of gaps of one kind are reported by the first one and their number.
 */
function gapEvidence(name: string, part: Observed<unknown> | undefined): Evidence[] {
  if (part === undefined) return [{ statement: `${name} were never read`, source: name }];
  const { source, at, completeness, gaps } = part;
  if (gaps.length === 0)
    return [
      {
        statement:
          completeness === 'stale'
            ? `${name} were read at ${at}, too long ago`
            : `${name} are ${completeness}`,
        source,
        at,
      },
    ];
  const told = gaps.slice(0, MOST_GAPS).map((gap) => ({ statement: gapStatement(gap), source, at }));
  const more = gaps.length - told.length;
  return more > 0 ? [...told, { statement: `and ${more} further gaps`, source, at }] : told;
}

const gapStatement = ({ what, why }: Gap): string => `${what} not seen: ${why}`;

function remedyOf(policy: Judge, parts: Parts): string | undefined {
  const remedies = [...parts.values()].flatMap((part) => part?.gaps.map((gap) => gap.remedy) ?? []);
  const said = [...new Set(remedies.filter((remedy) => remedy !== undefined))].slice(0, MOST_GAPS);
  return said.length === 0 ? `Read ${policy.needs.join(', ')} wholly.` : said.join(' ');
}

const MOST_GAPS = 5;
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
