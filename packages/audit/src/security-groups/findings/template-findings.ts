import { type Finding, finding } from '@groundcrew/runbook';
import { words } from '../addresses/address-family.ts';
import type { Assessment } from '../assessment.ts';
import { portWords } from '../exposure/admin-ports.ts';
import type { Exposures } from '../exposure/exposures.ts';
import { ofOpening } from '../reach/describe-rule.ts';

/** New groups that begin open. */
export function ofTemplates({ snapshot }: Assessment, { templates }: Exposures): Finding[] {
  const { source, at } = snapshot.defaultRules;
  return templates.flatMap(({ kind, exposure: { family, openings, wide, ports, doubts } }) => {
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
        ? ports.map(({ port }) => portWords(port)).join(', ')
        : `everything from ${words(wide.sources, family)}`;
    return [
      finding({
        id: 'audit.default-template-open',
        verdict: 'fail',
        severity: 'high',
        title: `${name} begins open: ${what}`,
        subject,
        because: openings.slice(0, 10).map((rule) => ({ statement: ofOpening(rule, family), source, at })),
        remedy: 'Remove these default rules; groups that exist keep their own.',
      }),
    ];
  });
}
