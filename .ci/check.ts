/**
 * `pnpm check`: all that must be green, in the order in which it is told soonest. Each step runs by its own name, too.
 */
import { spawn } from 'node:child_process';
import { readCommandLine } from '../packages/ground/src/command-line.ts';
import { type Ended, checkSteps, runSteps } from './steps.ts';
import { root } from './workspace.ts';

const names = checkSteps.map(({ name }) => name);
const line = readCommandLine(process.argv.slice(2), {
  usage: `usage: pnpm check\n\nIt runs ${names.join(', ')}: each is a script of its own.\n`,
  version: '0.0.0',
  options: {},
});
if (line.kind === 'end') {
  process[line.stream].write(line.text);
  process.exitCode = line.code;
} else {
  const passed = await runSteps(checkSteps, {
    run,
    write: (text) => process.stdout.write(text),
    now: () => performance.now(),
  });
  process.exitCode = passed ? 0 : 1;
}

/** Vitest writes its results where `GROUNDCREW_RESULTS` says: the environment is handed on. */
function run(name: string): Promise<Ended> {
  const output: string[] = [];
  const child = spawn('pnpm', ['run', name], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ passed: false, output: `${error.message}\n` }));
    child.once('close', (code) => resolve({ passed: code === 0, output: output.join('') }));
  });
}
