// A process that carries out the plan of the hop, to be killed anywhere. It tells the outcome on standard output.
import { readFile } from 'node:fs/promises';
import { fileJournal, parsePlan, run } from '@groundcrew/runbook';
import { siteOf } from './site.ts';

const [cloudsYaml = '', planFile = '', journalFile = ''] = process.argv.slice(2);
const plan = parsePlan(await readFile(planFile, 'utf8'));
const { member, admin, implementations } = siteOf(cloudsYaml);
const { outcome } = run(plan, {
  approved: plan.digest,
  implementations,
  journal: fileJournal(journalFile),
  gate: async () => 'open',
});
console.log(JSON.stringify(await outcome));
await member.close();
await admin.close();
