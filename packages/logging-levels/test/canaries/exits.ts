import { assess, type LogRecord, observe } from '../../src/index.ts';
import { watchTemplates } from '../../src/follow.ts';
import { readLogs } from '../../src/read.ts';
import { relevel } from '../../src/relevel.ts';
import {
  assessWhatIsNew,
  noiseOf,
  noiseText,
  Templates,
  whatIsNew,
  whatIsNewText,
} from '../../src/templates.ts';
import { saidBetween, timelineOf, timelinePage, timelineText } from '../../src/timeline.ts';

/** Something that is shown to people or handed on, by its name. */
export type Exit = readonly [name: string, text: string];

const FAR = { from: '2026-11-01T00:00:00Z', to: '2026-12-31T00:00:00Z' };

/** What is made of the logs of a directory, without its records, which are the log itself. */
export async function exitsOfDirectory(directory: string): Promise<Exit[]> {
  const templates = new Templates();
  const logs = await observe(directory, { templates });
  const { value } = logs;
  // Of each rule twenty are shown: all are to be looked at.
  const findings = [];
  for (let at = 0; at === 0 || at < value.offences.length; at += 20)
    findings.push(...assess({ ...logs, value: { ...value, offences: value.offences.slice(at, at + 20) } }));
  return [
    ['what observe counts', JSON.stringify(logs)],
    ['findings', JSON.stringify(findings)],
    ...(await exitsOfTemplates('by bytes', templates)),
  ];
}

/** What is made of records. */
export async function exitsOfRecords(records: readonly LogRecord[]): Promise<Exit[]> {
  const templates = new Templates();
  for (const record of records) templates.add(record);
  const exits = await exitsOfTemplates('by records', templates);
  const watch = watchTemplates(inTurn(records), { atLeast: 'trace' });
  const found: unknown[] = [];
  watch.on('found', ({ template }) => found.push(template));
  await watch.done;
  exits.push(['templates that were found', JSON.stringify(found)]);
  exits.push(['levels', JSON.stringify(records.map((record) => relevel(record)))]);
  return exits;
}

/** What is made of the records of one request, and of one moment: each logger is a service of its own. */
export async function exitsOfRequest(requestId: string, records: readonly LogRecord[]): Promise<Exit[]> {
  const byLogger = Map.groupBy(records, ({ logger }) => logger);
  if (byLogger.size === 0) return [];
  const sources = [...byLogger].map(([service, some]) => ({ service, host: 'ctl-1', records: some }));
  const timeline = await timelineOf(requestId, { sources });
  const said = await saidBetween(sources, { ...FAR, level: 'trace' });
  return [
    ['a timeline', JSON.stringify(timeline)],
    ['the text of a timeline', timelineText(timeline)],
    ['the page of a timeline', timelinePage(timeline)],
    ['what was said between', JSON.stringify(said)],
  ];
}

export async function recordsOf(source: Parameters<typeof readLogs>[0]): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of readLogs(source)) records.push(record);
  return records;
}

async function exitsOfTemplates(how: string, templates: Templates): Promise<Exit[]> {
  const saved: unknown = JSON.parse(JSON.stringify(templates));
  const before = new Templates();
  before.add({ logger: 'nova.x', level: 'trace', message: 'said' });
  const news = await whatIsNew({ before, after: templates });
  const gone = await whatIsNew({ before: templates, after: before });
  const exits: Exit[] = [
    ['templates', JSON.stringify(templates)],
    ['templates that were saved', JSON.stringify(Templates.from(saved))],
    ['counts', JSON.stringify(templates.counts())],
    ['what is new', JSON.stringify([news, gone])],
    ['the text of what is new', whatIsNewText(news) + whatIsNewText(gone)],
    ['findings of what is new', JSON.stringify(assessWhatIsNew(news))],
    ['noise', JSON.stringify(noiseOf(templates, { share: 1 }))],
    ['the text of noise', noiseText(noiseOf(templates, { share: 1 }))],
  ];
  return exits.map(([name, text]) => [`${name}, ${how}`, text]);
}

async function* inTurn(records: readonly LogRecord[]): AsyncGenerator<LogRecord> {
  yield* records;
}
