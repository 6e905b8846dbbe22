import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { virtualClock } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Anchors,
  anchorTrail,
  type Checkpoint,
  ed25519Signer,
  fileAnchors,
  openTrail,
  sqliteStore,
  type Trail,
} from '../../src/trail.ts';
import { eventOf } from './events.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const keys = [createPublicKey(privateKey)];

async function place() {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-anchor-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'trail.db');
  const open = (): Promise<Trail> =>
    openTrail({ store: sqliteStore(file), signer: ed25519Signer(privateKey) });
  return { file, open, anchors: fileAnchors(join(folder, 'anchors')), path: join(folder, 'anchors') };
}

/** Anchors it for so many rounds; each round something happens first. */
async function rounds(
  trail: Trail,
  anchors: Pick<Anchors, 'keep'>,
  happens: readonly (() => unknown)[],
): Promise<unknown[]> {
  const troubles: unknown[] = [];
  const stop = new AbortController();
  const clock = virtualClock(0);
  let round = 0;
  const sleep = async (): Promise<void> => {
    await happens[round]?.();
    round += 1;
    if (round >= happens.length) stop.abort();
  };
  await anchorTrail(trail, {
    anchors,
    every: '1m',
    signal: stop.signal,
    trouble: (error) => troubles.push(error),
    clock: { now: () => clock.now(), sleep },
  });
  return troubles;
}

test('signs what is new, keeps it elsewhere, and once more at the end; a cut end is found by it', async () => {
  const { file, open, anchors } = await place();
  const trail = await open();
  const add = (id: string) => () => trail.append([eventOf(id)]);
  expect(await rounds(trail, anchors, [add('1'), () => undefined, add('2'), add('3')])).toEqual([]);
  expect((await anchors.read()).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(await trail.verify({ keys, anchors: await anchors.read() })).toMatchObject({
    ok: true,
    signedTo: 3,
  });
  await trail.close();
  // The store's owner cuts the end off, and its checkpoint.
  const attacker = new DatabaseSync(file);
  attacker.exec(
    'DELETE FROM trail_record WHERE seq > 1; DELETE FROM trail_request WHERE seq > 1; DELETE FROM trail_checkpoint WHERE seq > 1',
  );
  attacker.close();
  await using again = await open();
  expect(await again.verify({ keys })).toMatchObject({ ok: true });
  expect(await again.verify({ keys, anchors: await anchors.read() })).toMatchObject({ ok: false });
});

test('what could not be kept is made up for by the next; also what a process that died had signed', async () => {
  const { open, anchors } = await place();
  const trail = await open();
  await trail.append([eventOf('1')]);
  await trail.checkpoint();
  let fails = 2;
  const shaky = {
    keep: async (checkpoint: Checkpoint) => {
      fails -= 1;
      if (fails >= 0) throw new Error('the other machine is away');
      await anchors.keep(checkpoint);
    },
  };
  const add = () => trail.append([eventOf('2')]);
  const troubles = await rounds(trail, shaky, [() => undefined, add, () => undefined]);
  expect(troubles).toHaveLength(2);
  expect((await anchors.read()).map(({ seq }) => seq)).toEqual([2]);
  await trail.close();
});

test('nothing happened, nothing is signed; a trail without a signer says so', async () => {
  const { open, anchors } = await place();
  const empty = await open();
  expect(await rounds(empty, anchors, [() => undefined, () => undefined])).toEqual([]);
  expect(await anchors.read()).toEqual([]);
  await empty.close();
  await using unsigned = await openTrail({ store: sqliteStore(':memory:') });
  await unsigned.append([eventOf('1')]);
  expect(await rounds(unsigned, anchors, [() => undefined])).toMatchObject([
    { code: 'trail.no-signer' },
    { code: 'trail.no-signer' },
  ]);
  const { signal } = new AbortController();
  await expect(anchorTrail(unsigned, { anchors, every: 0, signal })).rejects.toThrow('every');
});

test('a last line that a crash tore is passed over; anything else is named', async () => {
  const { open, anchors, path } = await place();
  const trail = await open();
  for (const id of ['1', '2']) {
    await trail.append([eventOf(id)]);
    const checkpoint = await trail.checkpoint();
    if (checkpoint !== undefined) await anchors.keep(checkpoint);
  }
  await trail.close();
  const text = await readFile(path, 'utf8');
  await truncate(path, text.length - 9);
  expect((await anchors.read()).map(({ seq }) => seq)).toEqual([1]);
  // And what is kept next is whole.
  const [first] = await anchors.read();
  if (first !== undefined) await anchors.keep(first);
  expect((await anchors.read()).map(({ seq }) => seq)).toEqual([1, 1]);
  await writeFile(path, `${text.slice(0, 40)}\n${text}`);
  await expect(anchors.read()).rejects.toThrow('anchors:1: is no checkpoint');
});
