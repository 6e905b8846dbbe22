// What is measured, in a process of its own: reads, counts templates and judges the logs of a directory.
import { peakMemory } from '../../core/bench/measure.ts';
import { observe } from '../src/index.ts';
import { Templates } from '../src/templates.ts';

const templates = new Templates();
const { value } = await observe(process.argv[2] ?? '.', { templates });
console.log(
  JSON.stringify({ records: value.records, templates: templates.counts().length, peak: peakMemory() }),
);
