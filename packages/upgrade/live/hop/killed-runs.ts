import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { fileJournal, type Outcome } from '@groundcrew/runbook';

interface Runs {
  readonly cloudsYaml: string;
  readonly planFile: string;
  readonly journalFile: string;
}

/**
 * Runs a plan in a process that is killed with SIGKILL in each of its steps, once, and begun again, until it ends by itself.
 *
 * @param delay - milliseconds from a step's beginning to the kill, in turns
 */
export async function killedRuns(
  runs: Runs,
  delay: readonly number[],
): Promise<{ readonly outcome: Outcome; readonly killedIn: readonly string[] }> {
  const killedIn: string[] = [];
  for (;;) {
    const ended = await runUntilKilled(runs, killedIn, delay[killedIn.length % delay.length] ?? 0);
    if (ended.killedIn === undefined) return { outcome: JSON.parse(ended.said) as Outcome, killedIn };
    console.log(`killed in ${ended.killedIn}`);
    killedIn.push(ended.killedIn);
  }
}

async function runUntilKilled(
  { cloudsYaml, planFile, journalFile }: Runs,
  spared: readonly string[],
  delay: number,
): Promise<{ readonly said: string; readonly killedIn: string | undefined }> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@groundcrew/source',
      fileURLToPath(new URL('runner.ts', import.meta.url)),
      cloudsYaml,
      planFile,
      journalFile,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said = text(child.stdout);
  const exited = once(child, 'exit');
  const over = new AbortController();
  const victim = stepToKillIn(fileJournal(journalFile), spared, over.signal);
  const first = await Promise.race([exited.then(() => undefined), victim]);
  if (first !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill('SIGKILL');
  }
  over.abort();
  await exited;
  return { said: await said, killedIn: child.signalCode === 'SIGKILL' ? first : undefined };
}

/** The next step that has begun and in which no runner was killed yet. */
async function stepToKillIn(
  journal: ReturnType<typeof fileJournal>,
  spared: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  while (!signal.aborted) {
    for (const { event } of await journal.read())
      if (event.type === 'step-started' && !spared.includes(event.step)) return event.step;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}
