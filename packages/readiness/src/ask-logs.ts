import { counted, type Finding, type Gap, type Observed, unseen } from '@groundcrew/ground';
import * as loggingLevels from '@groundcrew/logging-levels';
import { assessLevels, lentLevels } from '@groundcrew/logging-levels/levels';
import {
  assessNoise,
  assessWhatIsNew,
  noiseOf,
  Templates,
  whatIsNew,
} from '@groundcrew/logging-levels/templates';

/** What the question about logs is given. Each part of it is asked only where its own is given. */
export interface LogQuestion {
  /** A directory of log files to judge. */
  readonly logs?: string | undefined;
  /** Counts the messages of `logs` by their template, to be saved and given as `templatesBefore` the next time. */
  readonly templates?: Templates | undefined;
  /** What was counted of earlier logs: what `logs` say that these do not is judged. */
  readonly templatesBefore?: Templates | undefined;
  /** The folder of the journals of levels that were set for a time (`planLevel`): which are lent, due, and not put back. */
  readonly levels?: string | undefined;
}

interface AskingOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
}

/** The parts of the question, of which each is asked on its own. */
export function askLogs(
  { logs, levels, ...counting }: LogQuestion,
  options: AskingOptions,
): (() => Promise<Finding[]>)[] {
  return [
    async () =>
      logs === undefined ? [noLogs(new Date(options.now).toISOString())] : judge(logs, counting, options),
    ...(levels === undefined ? [] : [async () => lent(levels, options)]),
  ];
}

/** Levels and templates are counted in one reading. */
async function judge(
  logs: string,
  { templates, templatesBefore: before }: Pick<LogQuestion, 'templates' | 'templatesBefore'>,
  { now, signal }: AskingOptions,
): Promise<Finding[]> {
  const after = templates ?? (before === undefined ? undefined : new Templates());
  const observed = await loggingLevels.observe(logs, { signal, now: () => now, templates: after });
  const findings = loggingLevels.assess(observed);
  if (after !== undefined) findings.push(...assessNoise(noiseOf(after)));
  if (after === undefined || before === undefined) return findings;
  const news = await whatIsNew({ before, after, signal });
  return [...findings, ...assessWhatIsNew({ ...news, gaps: [...news.gaps, ...unreadOf(observed)] })];
}

const lent = async (levels: string, { now, signal }: AskingOptions): Promise<Finding[]> =>
  assessLevels(await lentLevels(levels, { signal, now: () => now }));

/**
 * Logs that were not read wholly may say what is new, so that nothing passes then. Each of them is a finding of its own already, and so
 * is another program's file, which is no part of the comparison.
 */
function unreadOf({ gaps, value }: Observed<loggingLevels.LogSnapshot>): Gap[] {
  const unread = new Set(gaps.map(({ what }) => what).filter((what) => !value.foreign.includes(what)));
  if (unread.size === 0) return [];
  const why = `${counted(unread.size, 'log was', 'logs were')} not read wholly`;
  const remedy = 'Mend what is told of each of them.';
  return [{ what: 'the logs after', kind: 'cut', why, remedy, requestIds: [] }];
}

const noLogs = (at: string): Finding =>
  unseen(
    {
      what: 'logs',
      why: 'no directory of logs was given; no OpenStack API shows them',
      remedy: 'Run it with --logs DIRECTORY on a host of the service.',
    },
    { id: 'logging-levels.no-logs', title: 'The logs were not looked at', severity: 'low', at },
  );
