// What is measured, in a process of its own: reads, counts templates and judges the logs of a directory. It is run as a user's program
// is, from what `pnpm build` made: Node's own work on TypeScript would take as long as 60 MiB of logs, and as much memory.
import { observe } from '@groundcrew/logging-levels';
import { Templates } from '@groundcrew/logging-levels/templates';

const templates = new Templates();
const { value } = await observe(process.argv[2] ?? '.', { templates });
const peak = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ records: value.records, templates: templates.counts().length, peak }));
