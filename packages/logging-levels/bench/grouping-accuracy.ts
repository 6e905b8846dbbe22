/**
 * `node --conditions=@groundcrew/source packages/logging-levels/bench/grouping-accuracy.ts FOLDER`: how well the templates of
 * loghub's labelled sample of OpenStack are found. FOLDER is `OpenStack` of a clone of github.com/logpai/loghub.
 *
 * Grouping accuracy (Zhu and others, Tools and Benchmarks for Automated Log Parsing, ICSE-SEIP 2019) is the part of the lines
 * that stand together with all lines of their label and with no other line.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RecordReader } from '../src/index.ts';
import { Templates } from '../src/templates.ts';

const folder = process.argv[2] ?? '.';
const lines = readFileSync(path.join(folder, 'OpenStack_2k.log'), 'utf8').trimEnd().split('\n');
const labels = readFileSync(path.join(folder, 'OpenStack_2k.log_structured.csv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => /,(E\d+),/.exec(line)?.[1] ?? '');

const reader = new RecordReader();
const records = [...lines.map((line) => reader.feed(line)), reader.end()].filter(
  (record) => record !== undefined,
);

for (const [what, logger] of [
  ['message', () => ''],
  ['logger and message', (of: string) => of],
] as const) {
  const templates = new Templates();
  const of = records.map((record) => ({
    label: labels[record.line - 1] ?? '',
    id: templates.add({ ...record, logger: logger(record.logger) }).id,
  }));
  const byLabel = Map.groupBy(of, ({ label }) => label);
  const right = [...Map.groupBy(of, ({ id }) => id).values()].filter(
    (group) =>
      new Set(group.map(({ label }) => label)).size === 1 &&
      byLabel.get(group[0]?.label ?? '')?.length === group.length,
  );
  const accuracy = right.reduce((sum, group) => sum + group.length, 0) / lines.length;
  process.stdout.write(
    `by ${what}: ${lines.length} lines, ${byLabel.size} labels, ${templates.counts().length} templates, grouping accuracy ${accuracy.toFixed(3)}\n`,
  );
}
