import { finding, type Finding, type Severity, unseen } from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import { isOfNotices, type LogSnapshot, type OffenceCount } from './observe.ts';
import { type RuleId, rules } from './rules.ts';

/** Judges what the logs say at the wrong level: one finding for each message that breaks a rule, and for each
 * rule that none breaks. */
export function assess(logs: Observed<LogSnapshot>): Finding[] {
  const { value, gaps } = logs;
  const title = 'A log that could not be judged';
  const findings = gaps.map((gap) =>
    unseen(gap, { id: 'logging-levels.unread', title, severity: 'medium', at: logs.at }),
  );
  for (const rule of Object.values(rules)) {
    const offences = value.offences.filter((offence) => offence.rule === rule.id);
    const messages = Object.values(
      Object.groupBy(offences, (offence) => `${offence.logger}\n${offence.template}`),
    );
    if (messages.length > 0)
      findings.push(...messages.slice(0, MOST_SHOWN).map((group) => failed(group ?? [], logs)));
    else if (value.records > 0) findings.push(passed(rule.id, logs));
  }
  return findings;
}

/** One message of one logger, in all files that have it. */
function failed(offences: readonly OffenceCount[], logs: Observed<LogSnapshot>): Finding {
  const [first] = offences as [OffenceCount];
  const rule = rules[first.rule];
  const shouldBe = first.wanted === undefined ? '' : `, should be ${first.wanted}`;
  const times = offences.reduce((sum, offence) => sum + offence.times, 0);
  const inFiles = offences.length === 1 ? '' : ` in ${offences.length} files`;
  return finding({
    id: `logging-levels.${first.rule}`,
    verdict: 'fail',
    severity: SEVERITY[first.rule],
    title: `${rule.title}: ${first.logger}`,
    subject: { kind: 'log message', id: `${first.logger}: ${first.template}` },
    because: [
      {
        statement: `${times} × at ${first.level}${shouldBe}${inFiles}`,
        source: offences.map((offence) => `${offence.file}:${offence.firstLine}`).join(', '),
        at: logs.at,
      },
      { statement: rule.because, source: 'OpenStack logging guidelines' },
    ],
    remedy: rule.remedy,
  });
}

function passed(id: RuleId, logs: Observed<LogSnapshot>): Finding {
  const { records, files, foreign, directory } = logs.value;
  const judged = files - foreign.length;
  const gaps = logs.gaps.filter((gap) => id === 'repeated-notice' || !isOfNotices(gap));
  return finding({
    id: `logging-levels.${id}`,
    // Lines that could not be read may hold what is not seen in the others. Another program's file is named by its own
    // finding, and is no part of what the title speaks of.
    verdict: gaps.every((gap) => foreign.includes(gap.what)) ? 'pass' : 'unknown',
    severity: SEVERITY[id],
    title: `Not seen in ${records} messages of ${judged} files: ${rules[id].title.toLowerCase()}`,
    subject: { kind: 'log directory', id: directory },
    because: [
      {
        statement: `${records} messages in ${judged} files were read${gaps.length === 0 ? '' : `; not wholly, or not at all: ${namesOf(gaps)}`}`,
        source: logs.source,
        at: logs.at,
      },
    ],
    remedy: undefined,
  });
}

function namesOf(gaps: Observed<LogSnapshot>['gaps']): string {
  const names = [...new Set(gaps.map((gap) => gap.what))];
  const more = names.length > MOST_SHOWN ? ` and ${names.length - MOST_SHOWN} more` : '';
  return names.slice(0, MOST_SHOWN).join(', ') + more;
}

const SEVERITY: Readonly<Record<RuleId, Severity>> = {
  'secret-in-log': 'critical',
  'traceback-below-error': 'high',
  'expected-condition-is-error': 'medium',
  'repeated-notice': 'low',
  'progress-at-info': 'low',
};

/** The number of the most frequent messages of each rule that are shown: the rest is in the snapshot. */
const MOST_SHOWN = 20;
