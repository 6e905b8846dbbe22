import type { Observed } from '@groundcrew/core';
import { type Finding, finding, type Severity, unseen } from '@groundcrew/runbook';
import type { LogSnapshot, OffenceCount } from './observe.ts';
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
    const messages = Object.values(Object.groupBy(offences, (one) => `${one.logger}\n${one.template}`));
    if (messages.length > 0)
      findings.push(...messages.slice(0, MOST_SHOWN).map((one) => failed(one ?? [], logs)));
    else if (value.records > 0) findings.push(passed(rule.id, logs));
  }
  return findings;
}

/** One message of one logger, in all files that have it. */
function failed(offences: readonly OffenceCount[], logs: Observed<LogSnapshot>): Finding {
  const [first] = offences as [OffenceCount];
  const rule = rules[first.rule];
  const shouldBe = first.wanted === undefined ? '' : `, should be ${first.wanted}`;
  const times = offences.reduce((sum, one) => sum + one.times, 0);
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
        source: offences.map((one) => `${one.file}:${one.firstLine}`).join(', '),
        at: logs.at,
      },
      { statement: rule.because, source: 'OpenStack logging guidelines' },
    ],
    remedy: rule.remedy,
  });
}

function passed(id: RuleId, logs: Observed<LogSnapshot>): Finding {
  return finding({
    id: `logging-levels.${id}`,
    // Lines that could not be read may hold what is not seen in the others.
    verdict: logs.completeness === 'complete' ? 'pass' : 'unknown',
    severity: SEVERITY[id],
    title: `Not seen: ${rules[id].title.toLowerCase()}`,
    subject: { kind: 'log directory', id: logs.value.directory },
    because: [
      {
        statement: `${logs.value.records} messages in ${logs.value.files} files were read${logs.gaps.length === 0 ? '' : `; ${logs.gaps.length} files not wholly`}`,
        source: logs.source,
        at: logs.at,
      },
    ],
    remedy: undefined,
  });
}

const SEVERITY: Readonly<Record<RuleId, Severity>> = {
  'secret-in-log': 'critical',
  'traceback-below-error': 'high',
  'expected-condition-is-error': 'medium',
  'repeated-notice': 'low',
  'progress-at-info': 'low',
};

/** Of each rule, the most frequent: the rest is in the snapshot. */
const MOST_SHOWN = 20;
