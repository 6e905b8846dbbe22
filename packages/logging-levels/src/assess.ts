import {
  type Evidence,
  finding,
  type Finding,
  optionsSchema,
  parseArguments,
  type Severity,
  unseen,
} from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import { z } from 'zod';
import { messageCatalogue } from './catalogue/all.ts';
import { appliesTo } from './catalogue/applies.ts';
import { catalogueUrl } from './catalogue/url.ts';
import type { LogSnapshot } from './observe.ts';
import { concerns } from './observe/file-gaps.ts';
import type { OffenceCount } from './observe/offence-counts.ts';
import { aRelease } from './release.ts';
import { type Rule, type RuleId, rules } from './rules.ts';

export interface AssessLogsOptions {
  /** The rules by which is judged: `talk2014`, `specification`, or some of either. @default all */
  readonly rules?: readonly Rule[] | undefined;
  /**
   * The release of the services, `zed` or `2025.1`: what the catalogue says of others is only likely.
   *
   * @default any release that was looked at
   */
  readonly release?: string | undefined;
}

const assessOptions = optionsSchema<AssessLogsOptions>({
  rules: z.array(z.custom<Rule>(isRule, 'is no rule of `rules`')).optional(),
  release: aRelease.optional(),
});

/**
 * Judges what the logs say at the wrong level: one finding for each message that breaks a rule, and for each rule that none breaks.
 * What is sure is `fail`. What is only likely is `unknown` at `info`, and its remedy is what would make it sure.
 *
 * @throws InputError for a rule or a release that is none
 * @example assess(await observe('/var/log/nova'), { rules: specification, release: 'zed' })
 */
export function assess(logs: Observed<LogSnapshot>, options: AssessLogsOptions = {}): Finding[] {
  parseArguments('logging-levels.assess', assessOptions, options);
  const { value, gaps } = logs;
  const title = 'A log that could not be judged';
  const findings = gaps.map((gap) =>
    unseen(gap, { id: 'logging-levels.unread', title, severity: 'medium', at: logs.at }),
  );
  const offences = value.offences.map((offence) => ofRelease(offence, options.release));
  for (const rule of options.rules ?? Object.values(rules)) {
    const broken = offences.filter((offence) => offence.rule === rule.id);
    const messages = Object.values(
      Object.groupBy(broken, (offence) => `${offence.certainty}\n${messageOf(offence)}`),
    );
    if (messages.length > 0)
      findings.push(...messages.slice(0, MOST_SHOWN).map((group) => broke(group ?? [], logs)));
    else if (value.records > 0) findings.push(passed(rule.id, logs));
  }
  return findings;
}

/** What the catalogue does not know of this release is only likely. */
function ofRelease(offence: OffenceCount, release: string | undefined): OffenceCount {
  const entry = entryBy(offence);
  return entry === undefined || appliesTo(entry, release) ? offence : { ...offence, certainty: 'likely' };
}

/** One message of one logger, in all files that have it. */
function broke(offences: readonly OffenceCount[], logs: Observed<LogSnapshot>): Finding {
  const [first] = offences as [OffenceCount];
  const rule = rules[first.rule];
  const isSure = first.certainty === 'sure';
  const shouldBe = first.wanted === undefined ? '' : `, should be ${first.wanted}`;
  const times = offences.reduce((sum, offence) => sum + offence.times, 0);
  const places = firstPlaces(offences);
  const inFiles = places.length === 1 ? '' : ` in ${places.length} files`;
  return finding({
    id: `logging-levels.${first.rule}`,
    verdict: isSure ? 'fail' : 'unknown',
    severity: isSure ? SEVERITY[first.rule] : 'info',
    title: `${rule.title}${isSure ? '' : ', likely'}: ${first.logger}`,
    subject: { kind: 'log message', id: messageOf(first) },
    because: [
      {
        statement: `${times} × at ${first.level}${shouldBe}${inFiles}`,
        source: places.join(', '),
        at: logs.at,
      },
      { statement: rule.because, source: rule.source.name },
      ...ofCatalogue(first),
    ],
    remedy: isSure ? rule.remedy : rule.toBeSure,
  });
}

/** The first line of each file. */
function firstPlaces(offences: readonly OffenceCount[]): string[] {
  const lines = new Map<string, number>();
  for (const { file, firstLine } of offences)
    lines.set(file, Math.min(firstLine, lines.get(file) ?? Number.MAX_SAFE_INTEGER));
  return [...lines].map(([file, line]) => `${file}:${line}`);
}

function ofCatalogue(offence: OffenceCount): Evidence[] {
  const entry = entryBy(offence);
  if (entry === undefined) return [];
  const { first, last } = entry.releases;
  return [
    { statement: `${entry.why} So it is from ${first} to ${last}.`, source: catalogueUrl(entry.source) },
  ];
}

/** A message by its logger and template: the catalogue's where it is known, so that it is told once. */
const messageOf = (offence: OffenceCount): string =>
  `${offence.logger}: ${entryBy(offence)?.template ?? offence.template}`;

const entryBy = (offence: OffenceCount) =>
  offence.entry === undefined ? undefined : messageCatalogue.find(({ id }) => id === offence.entry);

function passed(id: RuleId, logs: Observed<LogSnapshot>): Finding {
  const { records, files, foreign, directory } = logs.value;
  const judged = files - foreign.length;
  const gaps = logs.gaps.filter((gap) => concerns(gap, id));
  const rule = rules[id];
  const known = messageCatalogue.filter((entry) => entry.rule === id).length;
  const what = rule.judges === 'text' ? '' : `, of ${known} messages that are known for it`;
  return finding({
    id: `logging-levels.${id}`,
    // Lines that could not be read may hold what is not seen in the others. Another program's file is named by its own
    // finding, and is no part of what the title speaks of.
    verdict: gaps.every((gap) => foreign.includes(gap.what)) ? 'pass' : 'unknown',
    severity: SEVERITY[id],
    title: `Not seen in ${records} messages of ${judged} files: ${rule.title.toLowerCase()}${what}`,
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

function isRule(given: unknown): boolean {
  return Object.values<unknown>(rules).includes(given);
}

const SEVERITY: Readonly<Record<RuleId, Severity>> = {
  'secret-in-log': 'critical',
  'traceback-below-error': 'high',
  'critical-and-goes-on': 'medium',
  'expected-condition-is-error': 'medium',
  'normal-at-warning': 'low',
  'repeated-notice': 'low',
  'progress-at-info': 'low',
  'said-at-two-levels': 'low',
  'api-deprecation-above-debug': 'low',
  'developers-hint-above-debug': 'low',
};

/** The number of the most frequent messages of each rule that are shown: the rest is in the snapshot. */
const MOST_SHOWN = 20;
