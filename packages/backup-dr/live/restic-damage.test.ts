import { readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensurePackages } from '@groundcrew/lab';
import { beforeAll, expect, test } from 'vitest';
import { type BackupRepository, openRepository, type RecoveryPoint } from '../src/repository.ts';
import { bytesOf, wholeOf } from '../test/repository/bytes.ts';
import { copyOf, engineIn, folderOfTest } from './restic-place.ts';

beforeAll(() => ensurePackages(['restic']), 15 * 60_000);

const SIZE = 2_500_000;
/** Cases at once: restic of Debian 12 waits a minute for a file that is not there. */
const AT_ONCE = 4;
/** Milliseconds that a reader waits for the next byte of what is damaged; to give up is no wrong byte. */
const READING = 20_000;

/** A point with streams that have packs of their own, and its repository. */
async function original(folder: string): Promise<{ readonly place: string; readonly point: RecoveryPoint }> {
  const place = path.join(folder, 'original');
  await using repo = await openRepository({ engine: engineIn(place), create: true });
  const point = await repo.write({ id: 'p1' }, async (writer) => {
    await writer.put('a', bytesOf(1, SIZE));
    await writer.put('b', bytesOf(2, SIZE));
    return { completeness: 'complete' };
  });
  return { place, point };
}

const filesOf = async (place: string, kind: string): Promise<string[]> =>
  kind === 'config'
    ? [path.join(place, kind)]
    : (await readdir(path.join(place, kind), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .toSorted();

/** Numbers that come again with the seed of a run, which is in the name of the test. */
const SEED = Number(process.env['DAMAGE_SEED'] ?? Date.now() % 1_000_000);
type Pick = (below: number) => number;
function pickerOf(seed: number): Pick {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

const damages = {
  async corrupt(file: string, pick: Pick): Promise<void> {
    const bytes = await readFile(file);
    const at = pick(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
    await rewrite(file, bytes);
  },
  async shorten(file: string, pick: Pick): Promise<void> {
    const bytes = await readFile(file);
    await rewrite(file, bytes);
    await truncate(file, pick(bytes.length));
  },
  async swap(file: string, _pick: Pick, others: readonly string[]): Promise<void> {
    const other = others.find((each) => each !== file) ?? file;
    const [one, two] = [await readFile(file), await readFile(other)];
    await rewrite(file, two);
    await rewrite(other, one);
  },
  drop: (file: string): Promise<void> => rm(file),
} as const;

/** Restic's files are read-only, so that another one takes the place. */
async function rewrite(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${file}.new`, bytes);
  await rename(`${file}.new`, file);
}

class WrongBytes extends Error {}

/** What a reader gets: everything as it was, or an error. A wrong byte fails the test. */
async function readAll(repo: BackupRepository, point: RecoveryPoint): Promise<'whole' | 'refused'> {
  let outcome: 'whole' | 'refused' = 'whole';
  for (const [name, seed] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    const wanted = await wholeOf(bytesOf(seed, SIZE));
    let at = 0;
    try {
      for await (const piece of repo.read(point, name, { signal: AbortSignal.timeout(READING) })) {
        if (!wanted.subarray(at, at + piece.length).equals(piece)) throw new WrongBytes(`${name} at ${at}`);
        at += piece.length;
      }
      if (at !== SIZE) throw new WrongBytes(`${name}: ${at} bytes`);
    } catch (error) {
      if (error instanceof WrongBytes) throw error;
      outcome = 'refused';
    }
  }
  return outcome;
}

interface Case {
  readonly kind: string;
  readonly name: keyof typeof damages;
  readonly seed: number;
}

/** What was seen of a damage, and whether any of it told that there is one. */
async function seenOf(
  { kind, name, seed }: Case,
  {
    place,
    point,
    folder,
  }: { readonly place: string; readonly point: RecoveryPoint; readonly folder: string },
): Promise<{ readonly says: string; readonly isFound: boolean }> {
  const pick = pickerOf(seed);
  const copy = await copyOf(place, folder, `${name}-${kind}`);
  const files = await filesOf(copy, kind);
  const file = files[pick(files.length)] ?? '';
  await damages[name](file, pick, files);
  const what = `${name} ${path.relative(copy, file).slice(0, 24)}`;
  const engine = engineIn(copy);
  const repo = await openRepository({ engine }).catch((error: { code: string }) => error.code);
  if (typeof repo === 'string') return { says: `${what}: not opened, ${repo}`, isFound: true };
  const found = await engine.check({ share: 1 });
  // Without a damage the list must show the point, or that something is wrong with it.
  const isListed = found.damages.length > 0 || (await repo.points()).points.some(({ id }) => id === point.id);
  const outcome = await readAll(repo, point);
  return {
    says: `${what}: ${found.damages.length} damages, ${isListed ? 'listed' : 'not listed'}, ${outcome}`,
    isFound:
      found.damages.length > 0 ||
      !isListed ||
      outcome === 'refused' ||
      // A key file tells who made it, when and where, which nothing seals and nobody needs: all was read as it was.
      (kind === 'keys' && name === 'corrupt'),
  };
}

test(`whatever is damaged is found by the check, the list or the reading, and no wrong byte is given (seed ${SEED})`, async () => {
  const folder = await folderOfTest();
  const { place, point } = await original(folder);
  const cases: Case[] = [];
  for (const kind of ['data', 'index', 'snapshots', 'keys', 'config']) {
    const count = (await filesOf(place, kind)).length;
    for (const name of ['corrupt', 'shorten', 'swap', 'drop'] as const)
      if (name !== 'swap' || count > 1) cases.push({ kind, name, seed: SEED + cases.length });
  }
  const seen: { readonly says: string; readonly isFound: boolean }[] = [];
  const next = cases[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const each of next) seen.push(await seenOf(each, { place, point, folder }));
    }),
  );
  console.log(seen.map(({ says }) => says).join('\n'));
  expect(seen.filter(({ isFound }) => !isFound)).toEqual([]);
  expect(seen.length).toBeGreaterThan(16);
}, 900_000);

test('what is doubled, or replayed from before, does no harm to what is there', async () => {
  const folder = await folderOfTest();
  const { place, point } = await original(folder);
  const [pack = ''] = await filesOf(place, 'data');
  const [first = ''] = await filesOf(place, 'snapshots');
  await writeFile(path.join(path.dirname(pack), 'f'.repeat(64)), await readFile(pack));
  const engine = engineIn(place);
  await using repo = await openRepository({ engine });
  expect(await readAll(repo, point)).toBe('whole');
  // The snapshot of a stream comes back after its point was forgotten: it is a stray, and no point.
  const old = await readFile(first);
  await engine.forget(point.streams.map(({ id }) => id));
  await writeFile(first, old);
  const { points, broken } = await repo.points();
  expect(points).toEqual([]);
  expect(broken).toHaveLength(1);
}, 180_000);

test('over a repository that has lost its config no new one is made', async () => {
  const folder = await folderOfTest();
  const { place, point } = await original(folder);
  const config = path.join(place, 'config');
  const content = await readFile(config);
  await rm(config);
  const engine = engineIn(place);
  await expect(openRepository({ engine, create: true })).rejects.toMatchObject({
    code: 'repository-damaged',
  });
  await writeFile(config, content);
  await using repo = await openRepository({ engine, create: true });
  expect(await readAll(repo, point)).toBe('whole');
}, 180_000);
