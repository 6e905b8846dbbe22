import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measured, type Measurement } from '../../core/bench/measure.ts';
import { putCorpus } from './corpus.ts';

/** MiB of logs that all read, and the four times as many by which memory is compared. */
const SIZE = Number(process.env['BENCH_MEBIBYTES'] ?? 256);
const LARGE = 4 * SIZE;

/** The expression that tells heads from other lines. */
const HEAD = '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+ ([0-9]+ )?[A-Z]+ [A-Za-z0-9_.]+ \\[';

/**
 * Reads, counts templates and judges logs, in seconds of all processors, beside `grep -c` of the heads, Debian's lnav, which only
 * reads, and a Python program that does the same work. The peak of memory at one size, and at four times as much.
 */
export async function bench(): Promise<Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-bench-'));
  const [small, large] = [path.join(folder, 'small'), path.join(folder, 'large')];
  try {
    const whose = await putCorpus(small, SIZE);
    // What comes first has the files in no cache.
    seconds(`cat $(find ${small} -type f) | wc -c`);
    const ours = ourRun(small);
    const named = (than: string): string =>
      `read, count templates and judge ${SIZE} MiB of ${whose} logs, against ${than}`;
    const lines: Measurement[] = [
      line(named('grep -c'), ours.seconds, seconds(`LC_ALL=C grep -rcE '${HEAD}' ${small} | tail -1`), 5),
      line(
        named('the same work in Python'),
        ours.seconds,
        seconds(`python3 ${beside('same_work.py')} ${small}`),
        0.1,
      ),
    ];
    if (isThere('lnav'))
      lines.push(
        line(
          named('lnav'),
          ours.seconds,
          seconds(
            `lnav -n -c ';select count(*) from all_logs' -c ':write-csv-to -' $(find ${small} -type f)`,
          ),
          0.6,
        ),
      );
    else console.log('lnav is not installed: not compared (apt-get install lnav)');
    await putCorpus(large, LARGE);
    const most = ourRun(large);
    lines.push(
      measured({
        name: `peak memory of ${LARGE} MiB, against ${SIZE} MiB`,
        unit: 'MiB',
        value: most.peak,
        baseline: ours.peak,
        aim: 1.1,
      }),
    );
    return lines;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const line = (name: string, value: number, baseline: number, aim: number): Measurement =>
  measured({ name, unit: 's', value, baseline, aim });

const beside = (name: string): string => path.join(import.meta.dirname, name);

/** Seconds of processor that a command took, with all that it started. */
function seconds(command: string): number {
  const told = shell(`TIMEFORMAT='%U %S'; { time { ${command}; } > /dev/null 2>&1; } 2>&1`);
  return told
    .trim()
    .split(' ')
    .reduce((sum, part) => sum + Number(part), 0);
}

function ourRun(folder: string): { readonly seconds: number; readonly peak: number } {
  if (!existsSync(path.join(import.meta.dirname, '..', 'dist', 'index.js')))
    throw new Error('logging-levels is not built: run `pnpm build` first');
  const run = `${process.execPath} ${beside('read-all.mjs')} ${folder}`;
  const told = shell(`TIMEFORMAT='%U %S'; { time ${run}; } 2>&1`).trim().split('\n');
  const { peak, records, templates } = JSON.parse(told[0] ?? '') as Record<string, number>;
  console.log(`${records} messages, ${templates} templates, peak ${peak?.toFixed(0)} MiB`);
  const spent = (told.at(-1) ?? '').split(' ').reduce((sum, part) => sum + Number(part), 0);
  return { seconds: spent, peak: peak ?? NaN };
}

const shell = (command: string): string =>
  execFileSync('bash', ['-c', command], { encoding: 'utf8', maxBuffer: 2 ** 26 });

function isThere(program: string): boolean {
  try {
    return shell(`command -v ${program}`) !== '';
  } catch {
    return false;
  }
}
