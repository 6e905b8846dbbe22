import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measured, type Measurement } from '../../core/bench/measure.ts';
import { objects } from './objects.ts';
import { planning } from './planning.ts';
import { makeVolume, writeScattered } from './volumes.ts';

/** MiB of a volume that is full, and of one that is nearly empty. */
const FULL = Number(process.env['BENCH_MEBIBYTES'] ?? 1024);
const EMPTY = 4 * FULL;
/** MiB of nothing but zeros, by which the memory at sixteen times the size is seen. */
const LARGE = 16 * FULL;
const PASSWORD = 'bench';

/**
 * Recovery points in restic's repositories, beside restic alone on the same bytes: seconds of all processors, of everything together,
 * and what is stored. Then a container of many objects, and the planning of a large project's backup.
 */
export async function bench(): Promise<Measurement[]> {
  if (!existsSync(path.join(import.meta.dirname, '..', 'dist', 'repository.js')))
    throw new Error('backup-dr is not built: run `pnpm build` first');
  return [...(await keeping()), ...(await objects()), ...(await planning())];
}

async function keeping(): Promise<Measurement[]> {
  if (!isThere('restic')) {
    console.log('restic is not installed: not measured (apt-get install restic)');
    return [];
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-bench-'));
  const file = path.join(folder, 'volume');
  const both = new Both(folder);
  try {
    makeVolume(file, FULL);
    // What comes first has the file in no cache.
    shell(`cat ${file} | wc -c`);
    const first = both.act(`keep ${FULL} MiB for the first time`, 'put', file);
    const again = both.act(`keep the same ${FULL} MiB again`, 'put', file);
    const blocks = writeScattered(file, FULL, 0.01);
    const changed = both.act(`keep ${FULL} MiB with ${blocks} blocks of 4 KiB written anew`, 'put', file);
    const back = both.act(`read ${FULL} MiB back`, 'get', file);
    const checked = both.act('check all data', 'check', file);
    makeVolume(file, EMPTY, 0.05);
    const sparse = both.act(`keep ${EMPTY} MiB of which 5 % are data`, 'put', file);
    const sparseBack = both.act(`read ${EMPTY} MiB of which 5 % are data back`, 'get', file);
    makeVolume(file, FULL, 1 / FULL);
    const small = both.ours('put', file).peak;
    makeVolume(file, LARGE, 1 / LARGE);
    const large = both.ours('put', file).peak;
    return [
      ...[first, again, changed, back, checked, sparse, sparseBack].flat(),
      measured({
        name: `peak memory of our own process at ${LARGE} MiB, beside ${FULL} MiB`,
        unit: 'MiB',
        value: large,
        baseline: small,
        aim: 1.1,
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Act = 'create' | 'put' | 'get' | 'check';

/** A repository that we keep, and one that restic keeps alone. */
class Both {
  readonly #own: string;
  readonly #alone: string;

  constructor(folder: string) {
    this.#own = path.join(folder, 'own');
    this.#alone = path.join(folder, 'alone');
    this.ours('create');
    this.#restic('init');
  }

  act(name: string, act: Act, file: string): Measurement[] {
    const [ownBefore, aloneBefore] = [bytesIn(this.#own), bytesIn(this.#alone)];
    const alone = this.#restic(
      {
        create: 'init',
        put: `backup --quiet --stdin --stdin-filename volume/data < ${file}`,
        get: 'dump latest /volume/data > /dev/null',
        check: 'check --quiet --read-data',
      }[act],
    );
    const own = this.ours(act, file);
    const lines = [
      measured({ name, unit: 's', value: own.seconds, baseline: alone, aim: 1.15 }),
      measured({
        name: `${name}: by the clock, beside a cat of the same bytes`,
        unit: 's',
        value: own.passed,
        baseline: passedIn(`cat ${file} > /dev/null`),
      }),
    ];
    if (act === 'put')
      lines.push(
        measured({
          name: `${name}: what is stored`,
          unit: 'MiB',
          value: bytesIn(this.#own) - ownBefore,
          baseline: bytesIn(this.#alone) - aloneBefore,
          aim: 1.05,
        }),
      );
    return lines;
  }

  ours(act: Act, file = ''): { readonly seconds: number; readonly passed: number; readonly peak: number } {
    const told = timed(
      `RESTIC_PASSWORD=${PASSWORD} ${process.execPath} ${path.join(import.meta.dirname, 'keep.mjs')} ${act} ${this.#own} ${file}`,
    );
    return { ...told, peak: (JSON.parse(told.said) as { readonly peak: number }).peak };
  }

  #restic(words: string): number {
    return timed(`RESTIC_PASSWORD=${PASSWORD} restic --no-cache --repo ${this.#alone} ${words}`).seconds;
  }
}

/** Seconds of processor that a command took, with all that it started, and those that passed; and what it said. */
function timed(command: string): {
  readonly seconds: number;
  readonly passed: number;
  readonly said: string;
} {
  const lines = shell(`TIMEFORMAT='%R %U %S'; { time { ${command}; } ; } 2>&1`).trim().split('\n');
  const [passed = NaN, user = NaN, system = NaN] = (lines.pop() ?? '').split(' ').map(Number);
  return { seconds: user + system, passed, said: lines.join('\n').trim() };
}

const passedIn = (command: string): number => timed(command).passed;

const bytesIn = (folder: string): number =>
  Number(shell(`du -s --apparent-size -B1 ${folder}`).split('\t')[0]) / 1024 ** 2;

const shell = (command: string): string =>
  execFileSync('bash', ['-o', 'pipefail', '-e', '-c', command], { encoding: 'utf8', maxBuffer: 2 ** 26 });

function isThere(program: string): boolean {
  try {
    return shell(`command -v ${program}`) !== '';
  } catch {
    return false;
  }
}
