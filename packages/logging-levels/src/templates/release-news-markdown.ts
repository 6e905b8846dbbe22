import { counted, optionsSchema, parseArguments, visible } from '@groundcrew/ground';
import { z } from 'zod';
import { catalogueUrl } from '../catalogue/url.ts';
import type { TemplateChange } from './change.ts';
import type { FoldedMessages, FoldKind } from './folded-messages.ts';
import type { DeprecationNotice } from './heard-log.ts';
import type { MovedMessage } from './moved-messages.ts';
import type { ReleaseMessage, ReleaseNews } from './release-news.ts';
import { templateText } from './shown.ts';
import { LEVELS, type MessageTally } from './tally.ts';
import { factsOf } from './what-is-new-text.ts';

export interface ReleaseNewsMarkdownOptions {
  /** The name of the release that was left. @default 'before' */
  readonly from?: string | undefined;
  /** The name of the release that was gone to. @default 'after' */
  readonly to?: string | undefined;
  /** Lines of each section. @default 20 */
  readonly most?: number | undefined;
}

const markdownOptions = optionsSchema<ReleaseNewsMarkdownOptions>({
  from: z.string().min(1).optional(),
  to: z.string().min(1).optional(),
  most: z.int().min(1).max(10_000).optional(),
});

/**
 * What is new in a release's logs, as Markdown that a terminal shows as well. Each section has so many lines at most, and says how many
 * it leaves out. Other people's text stands in code spans, where nothing of it acts.
 *
 * @throws InputError for an option that does not fit
 * @example writeFileSync('hop.md', releaseNewsMarkdown(news, { from: '2025.1', to: '2026.1' }));
 */
export function releaseNewsMarkdown(news: ReleaseNews, options: ReleaseNewsMarkdownOptions = {}): string {
  const read = parseArguments('releaseNewsMarkdown', markdownOptions, options) as ReleaseNewsMarkdownOptions;
  const { from = 'before', to = 'after', most = 20 } = read;
  const { before, after, alarms, deprecations, relevelled, moved, risen, gone, folded, goneBelow } = news;
  const alarming = alarms.reduce((sum, { messages }) => sum + messages.length, 0);
  const fresh = deprecations.filter(({ isNew }) => isNew).length;
  const sections = [
    section(
      `Look at these: ${alarming} new at warning or worse`,
      alarms.flatMap(({ service, messages }) => [
        `- **${service}**`,
        ...cut(
          messages.map((message) => `  - ${messageLine(message)}`),
          most,
          '  ',
        ),
      ]),
    ),
    section(
      `Before the next hop: ${counted(deprecations.length, 'deprecation')}, ${fresh} of them new`,
      cut(deprecations.map(deprecationLine), most),
    ),
    section(`The same words at another level: ${relevelled.length}`, cut(relevelled.map(levelLine), most)),
    section(`Moved to another module: ${moved.length}`, cut(movedLines(moved), most)),
    section(
      `Much more frequent: ${risen.length}`,
      cut(
        risen.map((message) => `- ${messageLine(message)}`),
        most,
      ),
    ),
    section(
      `Not said any more, at warning or worse: ${gone.length}. What waits for one may wait in vain, or it did not happen`,
      cut(
        gone.map((message) => `- ${messageLine(message)}`),
        most,
      ),
    ),
    section('As numbers', [
      ...folded.map(foldedLine),
      ...(goneBelow === 0 ? [] : [`- ${counted(goneBelow, 'kind')} not said any more, at info and below`]),
      ...(news.others === 0
        ? []
        : [
            `- ${counted(news.others, 'message of another program was', 'messages of other programs were')} left out`,
          ]),
    ]),
    section(
      'Not known',
      news.gaps.map(({ what, why }) => `- ${visible(what)}: ${visible(why)}`),
    ),
  ];
  const sizes = [
    `${counted(before.records, 'record')} of ${counted(before.templates, 'kind')} in ${visible(from)}`,
    `${after.records} of ${after.templates} in ${visible(to)}.`,
  ].join(', ');
  const title = `# What the logs of ${visible(to)} say that those of ${visible(from)} did not`;
  return `${[title, sizes, ...sections.flat()].join('\n\n')}\n`;
}

/** A section that has nothing is left out. */
const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`## ${title}`, lines.join('\n')];

const cut = (lines: readonly string[], most: number, indent = ''): string[] =>
  lines.length <= most
    ? [...lines]
    : [...lines.slice(0, most), `${indent}- … and ${lines.length - most} more`];

function messageLine({ change, sources, entry }: ReleaseMessage): string {
  const known =
    entry === undefined
      ? ''
      : `; known: should be ${entry.should}, [${entry.id}](${catalogueUrl(entry.source)})`;
  return `**${change.level}** ${code(templateText(change.template))} (${factsOf(change)}${placesOf(sources)})${known}`;
}

function levelLine(message: ReleaseMessage): string {
  const { change, sources, entry } = message;
  const known = entry === undefined ? '' : `; in the catalogue: [${entry.id}](${catalogueUrl(entry.source)})`;
  return `- ${levelsOf(change.before)} → **${levelsOf(change.after)}** ${code(templateText(change.template))}${placesOf(sources, ' (', ')')}${known}`;
}

const deprecationLine = ({ isNew, logger, text, times, sources }: DeprecationNotice): string =>
  `- ${isNew ? '**new** ' : ''}${code(`${logger}: ${text}`)} (${counted(times, 'time')}${placesOf(sources)})`;

/** One line for each pair of modules: a module that is renamed takes all its messages with it. */
function movedLines(moved: readonly MovedMessage[]): string[] {
  const pairs = Map.groupBy(
    moved,
    ({ before, after }) => `${code(before.template.logger)} → ${code(after.template.logger)}`,
  );
  return [...pairs].map(([pair, messages]) => {
    const shown = messages.slice(0, 2).map(({ before, after, isRelevelled }) => {
      const levels = isRelevelled ? ` (${levelsOf(before.before)} → **${levelsOf(after.after)}**)` : '';
      return `${code(shortened(after))}${levels}`;
    });
    return `- ${pair}: ${counted(messages.length, 'message')}: ${shown.join(', ')}${messages.length > 2 ? ', …' : ''}`;
  });
}

const FOLDS: Readonly<Record<FoldKind, string>> = {
  variants: 'that may be messages of before, with a name in them',
  info: 'new at info',
  start: 'of the start of services',
  debug: 'new at debug and below',
  options: 'of options, as services write them at debug when they start',
};

const foldedLine = ({ kind, templates, times, examples }: FoldedMessages): string =>
  `- ${counted(templates, 'kind')} ${FOLDS[kind]}, ${counted(times, 'time')}: ${examples.map((change) => code(shortened(change))).join(', ')}${templates > examples.length ? ', …' : ''}`;

const shortened = ({ template }: TemplateChange): string =>
  template.text.length > SHORT ? `${template.text.slice(0, SHORT)}…` : template.text;

const placesOf = (sources: readonly string[], before = '; ', after = ''): string =>
  sources.length === 0 ? '' : `${before}in ${sources.map((source) => code(source)).join(', ')}${after}`;

const levelsOf = (tally: MessageTally | undefined): string =>
  LEVELS.filter((level) => (tally?.byLevel[level] ?? 0) > 0).join(', ');

/** Text as a code span: but for the mark that ends it, nothing in it is Markdown. */
const code = (text: string): string => `\`${visible(text).replaceAll('`', "'").trim() || '(empty)'}\``;

const SHORT = 80;
