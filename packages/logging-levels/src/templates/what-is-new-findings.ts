import { counted, type Finding, finding, type Severity, unseen } from '@groundcrew/ground';
import type { Level } from '../level.ts';
import type { TemplateChange, WhatIsNew } from './change.ts';
import { templateText } from './shown.ts';
import { factsOf } from './what-is-new-text.ts';

/**
 * What is new, as findings: a failure for each message at warning or worse that appeared, came to such a level, or is much more
 * frequent there; a `low` one where it may be a message that was there, with a name in it. What is new below that is a fact without a judgement, told as a number. What could not be compared is `unknown`,
 * and nothing passes then.
 *
 * @example findings.push(...assessWhatIsNew(await whatIsNew({ before, after })));
 */
export function assessWhatIsNew(news: WhatIsNew): Finding[] {
  const { before, after, changes, gaps } = news;
  const findings = gaps.map((gap) =>
    unseen(gap, {
      id: 'logging-levels.not-compared',
      title: 'Logs that could not be compared wholly',
      severity: 'medium',
    }),
  );
  const told = changes.filter((change) => change.kind !== 'vanished');
  const alarms = told.filter(({ level }) => level in SEVERITY);
  findings.push(...alarms.map((change) => failed(change)));
  const statement = `${counted(before.records, 'record')} before, ${after.records} after: ${alarms.length} of ${counted(told.length, 'change')} at warning or worse`;
  if (alarms.length === 0)
    findings.push(
      finding({
        id: 'logging-levels.new-alarm',
        verdict: gaps.length === 0 ? 'pass' : 'unknown',
        severity: 'medium',
        title: 'Nothing new at warning or worse was seen',
        subject: { kind: 'logs', id: 'after' },
        because: [{ statement, source: SOURCE }],
        remedy: gaps.length === 0 ? undefined : gaps[0]?.remedy,
      }),
    );
  return findings;
}

const SOURCE = 'templates of both logs';

const SEVERITY: Readonly<Partial<Record<Level, Severity>>> = {
  critical: 'high',
  error: 'medium',
  warning: 'low',
};

const IDS = {
  appeared: 'logging-levels.new-template',
  relevelled: 'logging-levels.new-level',
  risen: 'logging-levels.more-frequent',
  vanished: 'logging-levels.vanished-template',
} as const satisfies Record<TemplateChange['kind'], string>;

const TITLES: Readonly<Record<TemplateChange['kind'], string>> = {
  appeared: 'A message that was not there before',
  relevelled: 'A message at a level that it did not have before',
  risen: 'A message that is much more frequent than before',
  vanished: 'A message that is gone',
};

const failed = (change: TemplateChange): Finding =>
  finding({
    id: IDS[change.kind],
    verdict: 'fail',
    severity: change.variantOf === undefined ? (SEVERITY[change.level] ?? 'info') : 'low',
    title: `${TITLES[change.kind]}, at ${change.level}: ${change.template.logger}`,
    subject: {
      kind: 'log template',
      id: change.template.id,
      name: templateText(change.template),
    },
    because: [
      { statement: factsOf(change), source: SOURCE },
      ...(change.variantOf === undefined
        ? []
        : [
            {
              statement: `it may be one that was there, with a name in it: ${templateText(change.variantOf)}`,
              source: SOURCE,
            },
          ]),
    ],
    remedy: 'Look at the records of this template; if it is expected, compare with these logs the next time.',
  });
