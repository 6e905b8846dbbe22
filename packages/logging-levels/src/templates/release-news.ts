import { aSignal, type Gap, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { CatalogueEntry } from '../catalogue/entry.ts';
import type { LogRecord } from '../parse.ts';
import type { CorpusSize, TemplateChange } from './change.ts';
import { compareCorpora } from './compare.ts';
import { above, countOptions, type CountOptions } from './counts.ts';
import { type FoldedMessages, foldedMessages, foldKindOf } from './folded-messages.ts';
import { type DeprecationNotice, HeardLog } from './heard-log.ts';
import { type MovedMessage, movedMessages } from './moved-messages.ts';
import { serviceOf } from './service-of.ts';

export interface ReleaseNewsOptions extends CountOptions {
  /** The records of the release that is left. */
  readonly before: Iterable<LogRecord> | AsyncIterable<LogRecord>;
  /** The records of the one that was gone to, of the same work. */
  readonly after: Iterable<LogRecord> | AsyncIterable<LogRecord>;
  readonly signal?: AbortSignal | undefined;
}

/** A message, with what helps to judge it. */
export interface ReleaseMessage {
  readonly change: TemplateChange;
  /** Some of the places where it was read. */
  readonly sources: readonly string[];
  /** The entry of the catalogue that it is, which names its place in upstream's source. */
  readonly entry: CatalogueEntry | undefined;
}

/** New messages at warning or worse of one service. */
export interface ServiceAlarms {
  /** `nova`, `neutron`, …, or `libraries` for what services share. */
  readonly service: string;
  /** The worst first. */
  readonly messages: readonly ReleaseMessage[];
}

/** What the logs of one release say that those of another do not, as far as a person wants to read it. */
export interface ReleaseNews {
  readonly before: CorpusSize;
  readonly after: CorpusSize;
  /** New messages at warning or worse, without deprecations; the service with the worst first. */
  readonly alarms: readonly ServiceAlarms[];
  /** Whatever is deprecated by the release that was gone to: what is to be changed before the next hop. New ones first. */
  readonly deprecations: readonly DeprecationNotice[];
  /** Messages of the same module in the same words at a level that they did not have. */
  readonly relevelled: readonly ReleaseMessage[];
  /** Messages in the same words of another module. */
  readonly moved: readonly MovedMessage[];
  /** Messages that are a much larger part of the log. */
  readonly risen: readonly ReleaseMessage[];
  /** Messages at warning or worse that are not there any more: what waits for one may wait in vain. It may just not have happened. */
  readonly gone: readonly ReleaseMessage[];
  /** New messages that are told as numbers. */
  readonly folded: readonly FoldedMessages[];
  /** Messages that are gone, at info and below. */
  readonly goneBelow: number;
  /** Messages of other programs than OpenStack's services, in both logs, which were left out. */
  readonly others: number;
  readonly gaps: readonly Gap[];
}

const areRecords = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
const records = z.custom<ReleaseNewsOptions['before']>(areRecords, 'must be iterable records');

const newsOptions = optionsSchema<ReleaseNewsOptions>({
  ...countOptions,
  before: records,
  after: records,
  signal: aSignal.optional(),
});

/**
 * What is new in the logs after a hop from one release to another, in the order in which a person wants it: what is at warning or worse, by
 * service; what is deprecated; what changed its level, or moved with its module; and numbers for the noise of every start. Both logs
 * should be of the same work, at the same levels: what was not done says nothing.
 *
 * @throws InputError for an option that does not fit
 * @throws the reason of `signal` when it is aborted
 * @example
 * const news = await releaseNews({ before: readLogs('logs/2025.1'), after: readLogs('logs/2026.1') });
 * console.log(releaseNewsMarkdown(news, { from: '2025.1', to: '2026.1' }));
 */
export async function releaseNews(options: ReleaseNewsOptions): Promise<ReleaseNews> {
  parseArguments('releaseNews', newsOptions, options);
  const before = await heard(options.before, options.signal);
  const after = await heard(options.after, options.signal);
  const compared = compareCorpora(before.templates, after.templates, { above: above(options), rise: RISE });
  const { changes } = compared;
  const moved = movedMessages(changes);
  const paired = new Set(moved.flatMap((one) => [one.before, one.after]));
  const rest = changes.filter((change) => !paired.has(change));
  const messageOf = (change: TemplateChange): ReleaseMessage => {
    const log = change.kind === 'vanished' ? before : after;
    return { change, sources: log.sourcesOf(change.template.id), entry: log.entryOf(change.template.id) };
  };
  const of = (kind: TemplateChange['kind']): TemplateChange[] =>
    rest.filter((change) => change.kind === kind);
  const appeared = of('appeared').filter(({ template }) => !after.isNotice(template));
  const gone = of('vanished');
  return {
    before: compared.before,
    after: compared.after,
    alarms: byService(appeared.filter((change) => foldKindOf(change) === undefined).map(messageOf)),
    deprecations: after.notices(before),
    relevelled: of('relevelled').map(messageOf),
    moved,
    risen: of('risen').map(messageOf),
    gone: gone.filter(isAlarm).map(messageOf),
    folded: foldedMessages(appeared),
    goneBelow: gone.filter((change) => !isAlarm(change)).length,
    others: before.others + after.others,
    gaps: [...compared.gaps, ...unkeptOf(after)],
  };
}

async function heard(log: ReleaseNewsOptions['before'], signal: AbortSignal | undefined): Promise<HeardLog> {
  const made = new HeardLog();
  for await (const record of log) {
    signal?.throwIfAborted();
    made.add(record);
  }
  return made;
}

/** They come the worst first, which makes the first group the one with the worst. */
const byService = (messages: readonly ReleaseMessage[]): ServiceAlarms[] =>
  [...Map.groupBy(messages, ({ change }) => serviceOf(change.template.logger))].map(([service, group]) => ({
    service,
    messages: group,
  }));

const isAlarm = ({ level }: TemplateChange): boolean =>
  level === 'critical' || level === 'error' || level === 'warning';

function unkeptOf({ unkept }: HeardLog): Gap[] {
  if (unkept === 0) return [];
  const why = `${unkept} more deprecations were too many to be kept`;
  return [
    { what: 'the logs after', kind: 'cut', why, remedy: 'Compare fewer services at once.', requestIds: [] },
  ];
}

/** The factor by which a share must have grown to be told: as `whatIsNew` has it. */
const RISE = 3;
