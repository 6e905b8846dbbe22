import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { simulateCloud } from '@groundcrew/sim';
import { measured, type Measurement } from '../../core/bench/measure.ts';

const CLOUDS = 200;
const FEW = 200;
const MANY = 2000;
const run = promisify(execFile);

/**
 * Seconds of processor for the release of one cloud, and of two hundred, beside Debian's `openstack versions show`, which only lists
 * versions, once for each. The simulated cloud runs in this process, which is not measured. And the planning of a large cloud beside
 * that of a small one.
 */
export async function bench(): Promise<Measurement[]> {
  if (!existsSync(path.join(import.meta.dirname, '..', 'dist', 'fleet.js')))
    throw new Error('upgrade is not built: run `pnpm build` first');
  return [...(await detection()), ...(await planning())];
}

async function detection(): Promise<Measurement[]> {
  const simulated = simulateCloud({ scenario: 'small' });
  const { authUrl, env } = await simulated.listen();
  try {
    const theirs = await openstack(env);
    if (theirs === undefined) {
      process.stdout.write(
        'openstack is not installed (apt-get install python3-openstackclient): not compared\n',
      );
      return [];
    }
    const one = await survey(authUrl, 1);
    const all = await survey(authUrl, CLOUDS);
    return [
      measured({
        name: 'the release of a cloud, against openstack versions show',
        unit: 's',
        value: one,
        baseline: theirs,
        aim: 0.2,
      }),
      measured({
        name: `the releases of ${CLOUDS} clouds, against ${CLOUDS} times openstack versions show`,
        unit: 's',
        value: all,
        baseline: theirs * CLOUDS,
        aim: 0.02,
      }),
    ];
  } finally {
    await simulated.close();
  }
}

/** The most memory that the process ever had, and the time of the planning alone. */
async function planning(): Promise<Measurement[]> {
  const few = await plan(FEW);
  const many = await plan(MANY);
  const name = `plan ${MANY.toLocaleString('en')} computes, against ${FEW}`;
  return [
    measured({ name: `${name}: memory`, unit: 'MB', value: many.peak, baseline: few.peak, aim: 1.5 }),
    measured({ name: `${name}: time`, unit: 'ms', value: many.ms, baseline: few.ms, aim: 12 }),
  ];
}

async function plan(computes: number): Promise<{ readonly ms: number; readonly peak: number }> {
  const program = path.join(import.meta.dirname, 'plan.mjs');
  const { stdout } = await run(process.execPath, [program, String(computes)]);
  return JSON.parse(stdout) as { readonly ms: number; readonly peak: number };
}

async function survey(authUrl: string, clouds: number): Promise<number> {
  const program = path.join(import.meta.dirname, 'survey.mjs');
  const { stdout } = await run(process.execPath, [program, authUrl, String(clouds)]);
  const { told, seconds } = JSON.parse(stdout) as { readonly told: number; readonly seconds: number };
  if (told !== clouds) throw new Error(`of ${clouds} clouds ${told} told their release`);
  return seconds;
}

/** The least of three runs, of which the first has its files in no cache. `undefined` if it is not installed. */
async function openstack(env: Readonly<Record<string, string>>): Promise<number | undefined> {
  if (spawnSync('openstack', ['--version']).status !== 0) return undefined;
  const seconds: number[] = [];
  for (let at = 0; at < 3; at += 1) {
    const { stdout } = await run(
      'bash',
      ['-c', "TIMEFORMAT='%U %S'; { time openstack versions show > /dev/null 2>&1; } 2>&1"],
      { env: { ...process.env, ...env } },
    );
    seconds.push(
      stdout
        .trim()
        .split(' ')
        .reduce((sum, part) => sum + Number(part), 0),
    );
  }
  return Math.min(...seconds);
}
