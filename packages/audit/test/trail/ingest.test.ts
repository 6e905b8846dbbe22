import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  type EventSource,
  exportTrail,
  fileSource,
  ingest,
  openTrail,
  sqliteStore,
  type Trail,
  withoutReads,
} from '../../src/trail.ts';
import { eventOf } from './events.ts';
import { all } from './store-contract.ts';

const never = new AbortController().signal;
const trailInMemory = (): Promise<Trail> => openTrail({ store: sqliteStore(':memory:') });
const line = (id: string): string => `${JSON.stringify(eventOf(id))}\n`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'groundcrew-ingest-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Delivers what it has until each was done. */
function stubborn(messages: readonly string[], batch: number): EventSource & { done: Set<string> } {
  const done = new Set<string>();
  return {
    name: 'stubborn',
    done,
    async *batches() {
      for (let at = 0; at < messages.length; at += batch) {
        const some = messages.slice(at, at + batch);
        yield {
          messages: some,
          done: () => {
            for (const one of some) done.add(one);
            return Promise.resolve();
          },
        };
      }
    },
  };
}

test('malformed, doubled, in no order: each is in the trail once, and nothing stops it', async () => {
  await using trail = await trailInMemory();
  const messages = ['{', line('2'), line('1'), line('2'), '{', 'null', line('3')];
  const told: number[] = [];
  const sum = await ingest({
    from: stubborn(messages, 3),
    into: trail,
    heard: ({ added }) => told.push(added.length),
    signal: never,
  });
  expect(sum).toEqual({ messages: 7, added: 5, known: 2, undecoded: 3, altered: 0, refused: 0, left: 0 });
  expect(told).toEqual([3, 1, 1]);
  expect(await trail.verify()).toMatchObject({ ok: true, records: 5 });
});

test('what is not safe is not done: it comes again', async () => {
  await using trail = await trailInMemory();
  const source = stubborn([line('1'), line('2'), line('3'), line('4')], 2);
  let calls = 0;
  const full: Pick<Trail, 'append'> = {
    append: (events) => {
      calls += 1;
      return calls === 2 ? Promise.reject(new Error('the disk is full')) : trail.append(events);
    },
  };
  await expect(ingest({ from: source, into: full, signal: never })).rejects.toThrow('the disk is full');
  expect(source.done.size).toBe(2);
  expect(await ingest({ from: source, into: trail, signal: never })).toMatchObject({ added: 2, known: 2 });
});

test('reads that were let through are left out if one wants; what was denied is kept', async () => {
  await using trail = await trailInMemory();
  const http = { kind: 'audit.http', action: 'list' } as const;
  const messages = [
    eventOf('1', { ...http, outcome: 'success' }),
    eventOf('2', { ...http, outcome: 'failure' }),
    eventOf('3', { ...http, action: 'delete' }),
  ].map((event) => JSON.stringify(event));
  const sum = await ingest({ from: stubborn(messages, 9), into: trail, keep: withoutReads, signal: never });
  expect(sum).toMatchObject({ added: 2, left: 1 });
});

test('a file: to its end, then on from there, then anew when it was rotated', async () => {
  const path = join(await folder(), 'events.jsonl');
  const position = `${path}.position`;
  await using trail = await trailInMemory();
  const read = () => ingest({ from: fileSource({ path, position, batch: 2 }), into: trail, signal: never });
  await writeFile(path, line('1') + line('2') + line('3'));
  expect(await read()).toMatchObject({ messages: 3, added: 3 });
  expect(await read()).toMatchObject({ messages: 0 });
  await appendFile(path, `\n${line('4')}`);
  expect(await read()).toMatchObject({ messages: 1, added: 1 });
  await rename(path, `${path}.1`);
  await writeFile(path, line('5'));
  expect(await read()).toMatchObject({ messages: 1, added: 1 });
  // A position that was torn: all again, and nothing double.
  await writeFile(position, '12');
  expect(await read()).toMatchObject({ messages: 1, known: 1 });
  expect(await readFile(position, 'utf8')).toMatch(/^\d+ \d+\n$/);
});

test('a file that is followed: what is written later is heard, a line when it is whole', async () => {
  const path = join(await folder(), 'events.jsonl');
  await using trail = await trailInMemory();
  const stop = new AbortController();
  await writeFile(path, line('1') + line('2').slice(0, 20));
  const heard: string[] = [];
  const end = ingest({
    from: fileSource({ path, follow: 5 }),
    into: trail,
    heard: ({ added }) => {
      for (const { event } of added) heard.push(event.id);
      if (heard.length === 1) void appendFile(path, line('2').slice(20) + line('3'));
      if (heard.length === 3) stop.abort();
    },
    signal: stop.signal,
  });
  expect(await end).toMatchObject({ added: 3, undecoded: 0 });
  expect(heard).toEqual(['1', '2', '3']);
});

test("a log to which oslo.messaging's log driver writes", async () => {
  const path = join(await folder(), 'nova.log');
  const message = {
    message_id: 'm',
    publisher_id: 'image.x',
    event_type: 'image.create',
    payload: { id: 'i' },
    timestamp: '2026-11-23 10:00:00',
  };
  await writeFile(
    path,
    `2026-11-23 10:00:00.1 12 INFO oslo.messaging.notification.image.create [-] ${JSON.stringify(message)}\n`,
  );
  await using trail = await trailInMemory();
  await ingest({ from: fileSource({ path }), into: trail, signal: never });
  expect((await all(trail.find()))[0]?.event).toMatchObject({
    action: 'create',
    target: { type: 'image', id: 'i' },
  });
});

test('a file that is not there is an error, and no empty trail', async () => {
  await using trail = await trailInMemory();
  await expect(
    ingest({ from: fileSource({ path: '/nowhere/x' }), into: trail, signal: never }),
  ).rejects.toThrow(/ENOENT/);
});

test('what is exported comes back the same', async () => {
  const path = join(await folder(), 'export.jsonl');
  await using trail = await trailInMemory();
  const events = Array.from({ length: 700 }, (_, index) =>
    eventOf(String(index), { detail: { text: 'a,"b"\r\n=1+1' } }),
  );
  await trail.append(events);
  const text = (await Array.fromAsync(exportTrail(trail.find(), 'json'))).join('');
  await writeFile(path, text);
  await using other = await trailInMemory();
  await ingest({ from: fileSource({ path }), into: other, signal: never });
  expect((await all(other.find())).map(({ event }) => event)).toEqual(events);
});

test('a table for a spreadsheet holds no formula, and no line too many', async () => {
  await using trail = await trailInMemory();
  await trail.append([
    eventOf('1', { who: { user_name: '=HYPERLINK("http://x")' }, reason: { text: 'a\nb, "c"' } }),
  ]);
  const lines = await Array.fromAsync(exportTrail(trail.find(), 'csv'));
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"")"`);
  expect(lines[1]).toContain('"a\nb, ""c"""');
});

test('OCSF: the class, the activity, the status', async () => {
  await using trail = await trailInMemory();
  await trail.append([eventOf('1', { outcome: 'failure', reason: { code: '403' } })]);
  const [text = ''] = await Array.fromAsync(exportTrail(trail.find(), 'ocsf'));
  expect(JSON.parse(text)).toMatchObject({
    class_uid: 6003,
    category_uid: 6,
    activity_id: 1,
    type_uid: 600_301,
    status_id: 2,
    status_code: '403',
    time: Date.parse('2026-11-23T10:00:00Z'),
    actor: { user: { uid: 'alice' } },
    src_endpoint: { ip: '192.0.2.7' },
  });
});
