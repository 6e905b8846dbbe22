import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { fileJournal, replay } from '../src/index.ts';

const program = new URL('fixtures/keyed-run.ts', import.meta.url).pathname;
const children = new Set<ChildProcess>();
const folders: string[] = [];

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

interface Life {
  /** What it said, in order. */
  readonly said: readonly string[];
  readonly killed: boolean;
}

/** One journal, one file of effects, and one process after the other. */
class Subject {
  readonly journal: string;
  readonly effects: string;

  constructor(folder: string) {
    folders.push(folder);
    this.journal = join(folder, 'run.journal');
    this.effects = join(folder, 'effects');
  }

  static async make(): Promise<Subject> {
    return new Subject(await mkdtemp(join(tmpdir(), 'groundcrew-kill-')));
  }

  /**
   * @param own After how many things said it kills itself: exactly there
   * @param ours After how many we do: a moment later, wherever it then is
   */
  async live({ own = Infinity, ours = Infinity } = {}): Promise<Life> {
    const child = spawn(
      process.execPath,
      ['--conditions=@groundcrew/source', program, this.journal, this.effects, String(own)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    children.add(child);
    const said: string[] = [];
    const lines = createInterface(child.stdout);
    lines.on('line', (line) => {
      said.push(line);
      if (said.length >= ours) child.kill('SIGKILL');
    });
    const closed = once(lines, 'close');
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    await closed;
    children.delete(child);
    return { said, killed: signal === 'SIGKILL' };
  }

  async expectOnce(): Promise<void> {
    const { said } = await this.live();
    expect(said.at(-1)).toMatch(/^outcome succeeded .*"succeeded":5/);
    const lines = (await readFile(this.effects, 'utf8')).split('\n').slice(0, -1);
    expect(lines.toSorted()).toEqual(['a r/a', 'b r/b', 'c r/c', 'd r/d', 'e r/e']);
    const at = (line: string): number => lines.findIndex((found) => found.startsWith(line));
    expect(at('a')).toBe(0);
    expect(at('d')).toBeGreaterThan(Math.max(at('b'), at('c')));
    expect(at('e')).toBeGreaterThan(at('b'));
    expect(replay(await fileJournal(this.journal).read())?.outcome?.status).toBe('succeeded');
  }
}

test('killed at every boundary of every step: nothing is lost, nothing is done twice', async () => {
  const calm = await (await Subject.make()).live();
  const boundaries = calm.said.map((_, at) => at + 1).slice(0, -1);
  expect(boundaries.length).toBeGreaterThanOrEqual(29);
  const next = boundaries.values();
  const dying = async (): Promise<void> => {
    for (const own of next) {
      const subject = await Subject.make();
      expect(await subject.live({ own })).toMatchObject({ killed: true });
      await subject.expectOnce();
    }
  };
  await Promise.all([dying(), dying(), dying()]);
}, 120_000);

test('killed again and again, anywhere: nothing is lost, nothing is done twice', async () => {
  const subject = await Subject.make();
  // Each process lives a little longer than the one before.
  for (let ours = 1; ours < 60; ours += 1) if (!(await subject.live({ ours })).killed) break;
  await subject.expectOnce();
  // And a run that is over stays over.
  expect((await subject.live()).said).toEqual([expect.stringMatching(/^outcome succeeded/)]);
}, 120_000);
