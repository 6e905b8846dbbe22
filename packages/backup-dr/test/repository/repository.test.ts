import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileLease } from '@groundcrew/runbook';
import { expect, onTestFinished, test } from 'vitest';
import {
  type BackupRepository,
  openRepository,
  type PointWriter,
  type RepositoryOptions,
} from '../../src/repository.ts';
import { bytesOf, wholeOf } from './bytes.ts';
import { FolderEngine } from './folder-engine.ts';

async function made(
  options: Partial<RepositoryOptions> = {},
): Promise<{ readonly repo: BackupRepository; readonly engine: FolderEngine; readonly folder: string }> {
  const parent = await mkdtemp(path.join(tmpdir(), 'repository-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const folder = path.join(parent, 'r');
  const engine = new FolderEngine(folder);
  const repo = await openRepository({ engine, create: true, ...options });
  onTestFinished(() => repo[Symbol.asyncDispose]());
  return { repo, engine, folder };
}

const complete = { completeness: 'complete' } as const;
test('a point is there when its work is done, with what was stored', async () => {
  const { repo } = await made();
  const seen: string[] = [];
  repo.events.on('progress', ({ stream, bytes, totalBytes }) =>
    seen.push(`${stream} ${bytes} of ${totalBytes}`),
  );
  repo.events.on('visible', ({ point }) => seen.push(point.id));
  const before: unknown[] = [];
  const point = await repo.write(
    { id: 'p1', labels: { project: 'shop' }, at: '2026-11-30T10:00:00Z' },
    async (writer) => {
      await writer.put('volume/a', bytesOf(1, 5000), { tags: { server: 'web' }, size: 5000 });
      before.push(
        await repo.latest(),
        (await repo.points()).strays.map((stray) => stray.point),
      );
      await writer.put('volume/b', bytesOf(2, 0));
      return { completeness: 'partial', gaps: [{ what: 'stacks', why: '403' }], contents: { servers: 1 } };
    },
  );
  expect(before).toEqual([undefined, ['p1']]);
  expect(await repo.latest({ project: 'shop' })).toEqual(point);
  expect(await repo.latest({ project: 'mail' })).toBeUndefined();
  expect(point).toMatchObject({
    id: 'p1',
    at: '2026-11-30T10:00:00.000Z',
    completeness: 'partial',
    gaps: [{ what: 'stacks', why: '403' }],
    contents: { servers: 1 },
    streams: [
      { name: 'volume/a', size: 5000, tags: { server: 'web' } },
      { name: 'volume/b', size: 0 },
    ],
  });
  expect((await wholeOf(repo.read(point, 'volume/a'))).equals(await wholeOf(bytesOf(1, 5000)))).toBe(true);
  expect(await wholeOf(repo.read(point, 'volume/a', { offset: 10, length: 7 }))).toHaveLength(7);
  expect(() => repo.read(point, 'volume/c')).toThrow(expect.objectContaining({ code: 'stream-missing' }));
  expect(seen.at(-1)).toBe('p1');
  expect(seen).toContain('volume/a 5000 of 5000');
  expect((await repo.points()).strays).toEqual([]);
});

test('a work that fails leaves no point; it is written again under its id', async () => {
  const { repo } = await made();
  const failing = repo.write({ id: 'p1' }, async (writer) => {
    await writer.put('a', bytesOf(1, 100));
    throw new Error('the cloud is away');
  });
  await expect(failing).rejects.toThrow('the cloud is away');
  expect((await repo.points()).points).toEqual([]);
  await repo.write({ id: 'p1' }, async (writer) => {
    await writer.put('a', bytesOf(1, 100));
    return complete;
  });
  const { points, strays } = await repo.points();
  expect(points.map(({ id }) => id)).toEqual(['p1']);
  // The stream of the first attempt is of no use, and is told.
  expect(strays).toMatchObject([{ point: 'p1', streams: [{ name: 'a' }] }]);
});

test('a point is never changed', async () => {
  const { repo } = await made();
  await repo.write({ id: 'p1' }, async () => complete);
  await expect(repo.write({ id: 'p1' }, async () => complete)).rejects.toMatchObject({
    code: 'point-exists',
  });
});

test('one writer at a time for a point; another point is free', async () => {
  const { repo, folder, engine } = await made();
  const lease = (id: string): ReturnType<typeof fileLease> => fileLease(path.join(path.dirname(folder), id));
  const other = await openRepository({ engine, lease });
  const third = await openRepository({ engine, lease });
  await repo.write({ id: 'p1' }, async () => {
    await expect(repo.write({ id: 'p1' }, async () => complete)).rejects.toMatchObject({
      code: 'lease-held',
    });
    await repo.write({ id: 'p2' }, async () => complete);
    return complete;
  });
  await other.write({ id: 'p3' }, async () => {
    await expect(third.write({ id: 'p3' }, async () => complete)).rejects.toMatchObject({
      code: 'lease-held',
    });
    return complete;
  });
  expect((await repo.points()).points).toHaveLength(3);
});

test('of two that wrote one point without a common lease, one is told that it is there, and readers see one', async () => {
  const { repo, engine } = await made();
  const other = await openRepository({ engine });
  let told: unknown;
  const first = repo.write({ id: 'p1' }, async (writer) => {
    await writer.put('a', bytesOf(1, 10));
    told = await other
      .write({ id: 'p1' }, async (own) => {
        await own.put('a', bytesOf(2, 10));
        return complete;
      })
      .then(() => 'written');
    return complete;
  });
  const outcome = await first.then(
    () => 'written',
    (error: { code: string }) => error.code,
  );
  const { points } = await repo.points();
  expect(told).toBe('written');
  expect(points).toHaveLength(1);
  // Which of the two counts is decided by their tokens, which are equal here, and then by ids.
  expect([outcome, points[0]?.manifests.length]).toEqual(
    outcome === 'written' ? ['written', 2] : ['point-exists', 1],
  );
});

test('a stream that is not what was told, twice of a name, or on its way still, is refused', async () => {
  const { repo } = await made();
  const writing = (work: (writer: PointWriter) => Promise<unknown>): Promise<unknown> =>
    repo
      .write({}, async (writer) => {
        await work(writer);
        return complete;
      })
      .catch((error: unknown) => error);
  expect(await writing((writer) => writer.put('a', bytesOf(1, 99), { size: 100 }))).toMatchObject({
    code: 'stream-cut',
  });
  expect(
    await writing(async (writer) => {
      await writer.put('a', bytesOf(1, 1));
      await writer.put('a', bytesOf(1, 1));
    }),
  ).toMatchObject({ code: 'input', field: 'name' });
  expect(await writing((writer) => writer.put('a', bytesOf(1, 1), { tags: { point: 'x' } }))).toMatchObject({
    field: 'tags.point',
  });
  const forgotten: Promise<unknown>[] = [];
  expect(
    await writing(
      async (writer) => void forgotten.push(writer.put('a', bytesOf(1, 1)).catch(() => undefined)),
    ),
  ).toMatchObject({ field: 'content' });
  await Promise.all(forgotten);
  expect((await repo.points()).points).toEqual([]);
});

test('complete is only what has no gaps', async () => {
  const { repo } = await made();
  const lying = repo.write({}, async () => ({ ...complete, gaps: [{ what: 'stacks', why: '403' }] }));
  await expect(lying).rejects.toMatchObject({ field: 'completeness' });
});

test('who is called off stops, and leaves no point', async () => {
  const { repo } = await made();
  const stop = new AbortController();
  const writing = repo.write({ signal: stop.signal }, async (writer) => {
    stop.abort(new Error('enough'));
    await writer.put('a', bytesOf(1, 10)).catch(() => undefined);
    return complete;
  });
  await expect(writing).rejects.toThrow('enough');
  expect((await repo.points()).points).toEqual([]);
});

test('a stream that came back otherwise is found at its end', async () => {
  const { repo, folder } = await made();
  const point = await repo.write({}, async (writer) => {
    await writer.put('a', bytesOf(1, 1000));
    return complete;
  });
  const file = path.join(folder, `${point.streams[0]?.id}.data`);
  const bytes = await readFile(file);
  bytes[500] = (bytes[500] ?? 0) ^ 1;
  await writeFile(file, bytes);
  await expect(wholeOf(repo.read(point, 'a'))).rejects.toMatchObject({ code: 'repository-damaged' });
  await writeFile(file, bytes.subarray(0, 999));
  await expect(wholeOf(repo.read(point, 'a'))).rejects.toMatchObject({ code: 'repository-damaged' });
});

test('a point of which a stream is gone is broken, and not the latest', async () => {
  const { repo, engine } = await made();
  const write = async (id: string, at: number): Promise<string> => {
    const { streams } = await repo.write({ id, at }, async (writer) => {
      await writer.put('a', bytesOf(at, 10));
      return complete;
    });
    return streams[0]?.id ?? '';
  };
  await write('old', 1000);
  const lost = await write('new', 2000);
  await engine.forget([lost]);
  expect(await repo.latest()).toMatchObject({ id: 'old' });
  expect((await repo.points()).broken).toMatchObject([{ point: { id: 'new' }, missing: ['a'] }]);
});

test('manifests that are damaged, or of a newer release, are told, and nothing is planned over them', async () => {
  const { repo, engine } = await made();
  async function* text(content: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(content);
  }
  await repo.write({ id: 'mine' }, async () => complete);
  const tags = { kind: 'manifest', point: 'strange' };
  const strange = await engine.put(
    'manifest/strange',
    text('{"kind":"groundcrew-recovery-point","version":7}'),
    { tags },
  );
  expect((await repo.points()).unreadable).toMatchObject([
    { manifest: strange.id, point: 'strange', isNewer: true },
  ]);
  expect(await repo.latest()).toMatchObject({ id: 'mine' });
});

test('read only: nothing is written, nor locked', async () => {
  const { engine } = await made();
  const locks: unknown[] = [];
  const list = engine.list.bind(engine);
  engine.list = async (options) => {
    locks.push(options?.lock);
    return list(options);
  };
  const reader = await openRepository({ engine, readOnly: true });
  await expect(reader.write({}, async () => complete)).rejects.toMatchObject({ code: 'read-only' });
  expect(reader.isReadOnly).toBe(true);
  await expect(reader.claim('p1')).rejects.toMatchObject({ code: 'read-only' });
  expect((await reader.points()).points).toEqual([]);
  expect(new Set(locks)).toEqual(new Set([false]));
  await expect(openRepository({ engine, readOnly: true, create: true })).rejects.toMatchObject({
    field: 'create',
  });
});

test('what was closed does nothing more, and a repository that is not there is not made by reading', async () => {
  const { repo, folder } = await made();
  await repo[Symbol.asyncDispose]();
  await expect(repo.points()).rejects.toMatchObject({ code: 'repository-closed' });
  const nowhere = new FolderEngine(`${folder}-nowhere`);
  await expect(openRepository({ engine: nowhere })).rejects.toMatchObject({ code: 'no-repository' });
});

test('options that there are not are refused by their name', async () => {
  const { repo, engine } = await made();
  const calls: Promise<unknown>[] = [
    openRepository({ engine, misspelt: 1 } as never),
    repo.points({ misspelt: 1 } as never),
    repo.write({ misspelt: 1 } as never, async () => complete),
    repo.claim('p1', { misspelt: 1 } as never),
    repo.check({ share: 2 }),
    Promise.resolve().then(() => repo.read({ streams: [] } as never, 'a', { misspelt: 1 } as never)),
  ];
  const faults = await Promise.all(
    calls.map((call) => call.then(() => 'taken').catch((error: { field: string }) => error.field)),
  );
  expect(faults).toEqual(['misspelt', 'misspelt', 'misspelt', 'misspelt', 'share', 'misspelt']);
});
