import { type Finding, finding } from '@groundcrew/ground';
import { describeSources } from '../addresses/address-family.ts';
import type { Assessment } from '../assessment.ts';
import { describePort } from '../exposure/admin-ports.ts';
import type { Exposures } from '../exposure/exposures.ts';
import { describeRule } from '../reach/describe-rule.ts';

/** Findings on default rules with which new groups begin open. */
export function templateFindings({ snapshot }: Assessment, { templates }: Exposures): Finding[] {
  const { source, at } = snapshot.defaultRules;
  return templates.flatMap(({ kind, exposure: { family, rules, wide, ports, doubts } }) => {
    const name = `${kind.words[0]?.toUpperCase() ?? ''}${kind.words.slice(1)}`;
    const subject = { kind: 'default security group rules', id: kind.id };
    if (wide === undefined && ports.length === 0)
      return doubts.length === 0
        ? []
        : [
            finding({
              id: 'audit.default-template-open',
              verdict: 'unknown',
              severity: 'high',
              title: `${name} may begin open, by ${family.name} rules that could not be followed`,
              subject,
              because: doubts.slice(0, 10).map((statement) => ({ statement, source, at })),
              remedy: 'Look at these default rules themselves.',
            }),
          ];
    const what =
      wide === undefined
        ? ports.map(({ port }) => describePort(port)).join(', ')
        : `everything from ${describeSources(wide.sources, family)}`;
    return [
      finding({
        id: 'audit.default-template-open',
        verdict: 'fail',
        severity: 'high',
        title: `${name} begins open: ${what}`,
        subject,
        because: rules.slice(0, 10).map((rule) => ({ statement: describeRule(rule, family), source, at })),
        remedy: 'Remove these default rules; groups that exist keep their own.',
      }),
    ];
  });
}
