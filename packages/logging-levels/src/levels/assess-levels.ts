import type { Observed } from '@groundcrew/core';
import { counted, durationWords, type Evidence, type Finding, finding, unseen } from '@groundcrew/ground';
import type { LentLevel, LentLevels } from './lent-levels.ts';

/**
 * Judges levels that are lent, as they were at the time of reading. A lease that is over without a word of putting back fails, and so does
 * a level that could not be put back. A level within its lease is a fact at `info`; whoever set it and did not hear of each process left
 * an `unknown`. So does a journal that cannot be read, and a folder without one: nothing passes then.
 *
 * @example findings.push(...assessLevels(await lentLevels('/var/lib/levels')));
 */
export function assessLevels(lent: Observed<LentLevels>): Finding[] {
  const { value, gaps, at } = lent;
  const now = Date.parse(at);
  const findings = gaps.map((gap) =>
    unseen(gap, {
      id: 'logging-levels.journal-unread',
      title: 'A journal that could not be read: whether it lent a level is not known',
      severity: 'medium',
      at,
    }),
  );
  const open = value.levels.filter(({ state }) => state !== 'restored' && state !== 'noted');
  const late = open.filter((level) => isOver(level, now) || level.notRestored !== undefined);
  findings.push(...late.map((level) => lateFinding(level, now, at)));
  const within = open.filter((level) => !late.includes(level));
  findings.push(
    ...within.map((level) => (level.state === 'lent' ? lentFinding(level, at) : unclear(level, at))),
  );
  findings.push(...open.filter(isUnverified).map((level) => unverified(level, at)));
  findings.push(
    ...lastRestored(value.levels)
      .filter(isUnverified)
      .map((level) => unverified(level, at)),
  );
  if (late.length === 0 && gaps.length === 0) findings.push(noneLate(lent));
  return findings;
}

const isOver = ({ until }: LentLevel, now: number): boolean => now >= Date.parse(until);

const isUnverified = ({ coverage }: LentLevel): boolean => (coverage?.unverifiable.length ?? 0) > 0;

/** Of each target the lease that was put back last: what is known of the others is older. */
function lastRestored(levels: readonly LentLevel[]): LentLevel[] {
  const last = new Map<string, LentLevel>();
  for (const level of levels) {
    if (level.state !== 'restored') continue;
    const target = JSON.stringify([level.service, level.on, level.loggers]);
    const known = last.get(target);
    if (known === undefined || known.until < level.until) last.set(target, level);
  }
  return [...last.values()];
}

function lateFinding(level: LentLevel, now: number, at: string): Finding {
  const { journal, notRestored, until, isHostToRestore } = level;
  const over = now - Date.parse(until);
  const because: Evidence[] = [
    ...(notRestored === undefined
      ? []
      : [{ statement: `the last attempt to put it back failed: ${notRestored}`, source: journal, at }]),
    {
      statement:
        over < 0
          ? `its lease ends at ${until}`
          : `its lease ended ${durationWords(over)} ago, at ${until}; the journal tells of no putting back`,
      source: journal,
      at,
    },
    lentEvidence(level, at),
    ...(isHostToRestore
      ? [
          {
            statement:
              'the host was left what puts the configuration back at that time; whether it did is not in the journal',
            source: journal,
            at,
          },
        ]
      : []),
  ];
  const isFailed = notRestored !== undefined;
  return finding({
    id: isFailed ? 'logging-levels.not-restored' : 'logging-levels.lease-over',
    verdict: 'fail',
    severity: isFailed ? 'high' : over < DUE ? 'low' : 'medium',
    title: isFailed
      ? `A level could not be put back: ${wordsOf(level)}`
      : `A lease ${over < DUE ? 'is over' : 'is overdue'}, and nothing tells that the level was put back: ${wordsOf(level)}`,
    subject: subjectOf(level),
    because,
    remedy: isFailed
      ? 'Mend what kept it from being put back, then call restoreLevels on this folder: it tries again.'
      : 'Call restoreLevels on this folder now, and by a timer: it puts back what is due.',
  });
}

function lentFinding(level: LentLevel, at: string): Finding {
  return finding({
    id: 'logging-levels.lent',
    verdict: 'pass',
    severity: 'info',
    title: `A level is lent until ${level.until}: ${wordsOf(level)}`,
    subject: subjectOf(level),
    because: [lentEvidence(level, at), ...downEvidence(level, at)],
    remedy: undefined,
  });
}

/** A setting whose end is not in the journal, or that failed: some process may have the level. */
function unclear(level: LentLevel, at: string): Finding {
  const statement =
    level.state === 'setting'
      ? 'the setting began, and its end is not in the journal'
      : 'the setting failed, and nothing tells that all was put back';
  return finding({
    id: 'logging-levels.set-unknown',
    verdict: 'unknown',
    severity: 'low',
    title: `Whether a level is lent is not known: ${wordsOf(level)}`,
    subject: subjectOf(level),
    because: [{ statement, source: level.journal, at }, lentEvidence(level, at)],
    remedy: 'Wait for its run, or end its lease with restoreLevels({ early: true }).',
  });
}

function unverified(level: LentLevel, at: string): Finding {
  const { coverage, journal, state } = level;
  const { asked = 0, confirmed = 0, unverifiable = [] } = coverage ?? {};
  const isBack = state === 'restored';
  return finding({
    id: isBack ? 'logging-levels.unverified-restore' : 'logging-levels.unverified-level',
    verdict: 'unknown',
    severity: isBack ? 'info' : 'low',
    title: `Not every process was heard to have ${isBack ? 'its level back' : 'the level'}: ${wordsOf(level)}`,
    subject: subjectOf(level),
    because: [
      { statement: `${confirmed} of ${counted(asked, 'process', 'processes')} told it`, source: journal, at },
      ...unverifiable.slice(0, MOST_SHOWN).map((statement) => ({ statement, source: journal, at })),
      ...(unverifiable.length > MOST_SHOWN
        ? [{ statement: `and ${unverifiable.length - MOST_SHOWN} more`, source: journal, at }]
        : []),
    ],
    remedy: 'Look at what these processes log. One that starts again has the level of its configuration.',
  });
}

function noneLate({ value, at }: Observed<LentLevels>): Finding {
  const { directory, journals, levels } = value;
  const open = levels.filter(({ state }) => state !== 'restored' && state !== 'noted').length;
  return finding({
    id: 'logging-levels.lease-over',
    verdict: journals === 0 ? 'unknown' : 'pass',
    severity: journals === 0 ? 'low' : 'medium',
    title:
      journals === 0
        ? 'No journal of a level is in the folder'
        : open === 0
          ? `No level is lent, by ${counted(journals, 'journal')}`
          : `No lease is over, of ${counted(open, 'level that is', 'levels that are')} lent or may be, by ${counted(journals, 'journal')}`,
    subject: { kind: 'journals of levels', id: directory },
    because: [{ statement: `${counted(journals, 'journal')} of levels were read`, source: directory, at }],
    remedy: journals === 0 ? 'Name the folder that the journals of planLevel are in.' : undefined,
  });
}

const subjectOf = ({ service, on, run }: LentLevel): Finding['subject'] => ({
  kind: 'lent level',
  id: run,
  name: on === undefined ? service : `${service} on ${on}`,
});

const wordsOf = ({ service, on, loggers, level }: LentLevel): string =>
  `${service}${on === undefined ? '' : ` on ${on}`}${loggers === undefined ? '' : `, loggers ${loggers}*`} at ${level.toUpperCase()}`;

function lentEvidence({ journal, by, since, until }: LentLevel, at: string): Evidence {
  const statement = `lent by ${by ?? 'somebody who did not say'} from ${since ?? 'an unknown time'} to ${until}`;
  return { statement, source: journal, at };
}

/** Services that were down keep what they had, and start with what is configured. */
function downEvidence({ coverage, journal }: LentLevel, at: string): Evidence[] {
  const down = coverage?.down ?? [];
  if (down.length === 0) return [];
  const more = down.length > MOST_SHOWN ? `, and ${down.length - MOST_SHOWN} more` : '';
  const statement = `down then, and passed over: ${down.slice(0, MOST_SHOWN).join(', ')}${more}`;
  return [{ statement, source: journal, at }];
}

/** Milliseconds after the end of a lease in which whoever is to put it back may be at it. */
const DUE = 5 * 60_000;
const MOST_SHOWN = 10;
