import { readFile } from 'node:fs/promises';
import { Secret } from '@groundcrew/core';
import { fileJournal, parsePlan, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import * as z from 'zod';
import { type GaleraCommands } from '../src/components/galera/galera-access.ts';
import { galeraImplementations } from '../src/components/galera/galera-implementations.ts';

// Runs a plan in a process of its own, which a test kills: `node recovery-galera-runner.ts JOB.json`.
const command = z.tuple([z.string()], z.string());
const Job = z.object({
  plan: z.unknown(),
  journal: z.string(),
  password: z.string(),
  nodes: z.array(
    z.object({
      name: z.string(),
      dataDirectory: z.string(),
      port: z.int(),
      user: z.string(),
      commands: z.object({ start: command, bootstrap: command, stop: command, recover: command }),
    }),
  ),
});

const job = Job.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
const plan = parsePlan(JSON.stringify(job.plan));
const implementations = galeraImplementations(
  job.nodes.map(({ name, dataDirectory, port, user, commands }) => ({
    host: localHost({ name }),
    dataDirectory,
    sql: { host: '127.0.0.1', port, user, password: new Secret(job.password) },
    commands: commands satisfies GaleraCommands,
  })),
);
const { outcome } = run(plan, { approved: plan.digest, implementations, journal: fileJournal(job.journal) });
process.exitCode = (await outcome).status === 'succeeded' ? 0 : 1;
