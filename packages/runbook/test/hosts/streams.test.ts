import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { localHost, sshHost } from '../../src/hosts.ts';

const here = localHost();
const MEBIBYTE = 1024 * 1024;

/** Pieces of bytes that are all different, and how many were asked for. */
function pieces(count: number): { readonly stream: AsyncIterable<Uint8Array>; readonly asked: () => number } {
  let asked = 0;
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < count; at += 1) {
      asked += 1;
      yield new Uint8Array(MEBIBYTE).fill(at);
    }
  }
  return { stream: stream(), asked: () => asked };
}

async function digestOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of stream) hash.update(piece);
  return hash.digest('hex');
}

test('a stream arrives whole, and comes back as bytes', async () => {
  const hash = createHash('sha256');
  const { stdout, exitCode } = await here.run(['cat'], {
    stdin: pieces(20).stream,
    onStdout: (bytes) => void hash.update(bytes),
  });
  expect([exitCode, stdout]).toEqual([0, '']);
  expect(hash.digest('hex')).toBe(await digestOf(pieces(20).stream));
});

test('secrets of the environment come before a stream, and are no part of it', async () => {
  let read = '';
  await here.run(['sh', '-c', 'printf "%s|" "$TOKEN"; cat'], {
    env: { TOKEN: { reveal: () => 'word' } },
    stdin: pieces(1).stream,
    onStdout: (bytes) => void (read += Buffer.from(bytes).toString('latin1')),
  });
  expect(read).toBe(`word|${'\0'.repeat(MEBIBYTE)}`);
});

test('no more is asked for than is read: back-pressure', async () => {
  const { stream, asked } = pieces(1_000);
  // It reads one byte, and tells that it has.
  const { exitCode } = await here.run(['sh', '-c', 'head -c 1 >/dev/null; echo one; exec true'], {
    stdin: stream,
  });
  expect(exitCode).toBe(0);
  expect(asked()).toBeLessThan(5);
});

test('output waits until it was taken, also that of a command that has ended meanwhile', async () => {
  const taken: number[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const run = here.run(['head', '-c', '150000', '/dev/zero'], {
    onStdout: async (bytes) => {
      // Longer than the output of a command that has ended may be quiet.
      if (taken.length === 0) await gate;
      taken.push(bytes.length);
    },
  });
  setTimeout(open, 1_500);
  await run;
  expect(taken.reduce((sum, length) => sum + length, 0)).toBe(150_000);
});

test('what a stream throws ends the command, whose input is not closed before', async () => {
  let seen = '';
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('the volume is gone');
  }
  const run = here.run(['sh', '-c', 'cat >/dev/null; echo complete >&2; sleep 30'], {
    stdin: broken(),
    onLine: ({ text }) => void (seen += text),
  });
  await expect(run).rejects.toThrow('the volume is gone');
  expect(seen).toBe('');
});

test('what takes the output and throws ends the command', async () => {
  const run = here.run(['cat', '/dev/zero'], {
    onStdout: () => {
      throw new Error('the disk is full');
    },
  });
  await expect(run).rejects.toThrow('the disk is full');
});

test('a stream that never comes does not keep a command that has ended, nor one that is called off', async () => {
  async function* silent(): AsyncGenerator<Uint8Array> {
    await new Promise(() => undefined);
    yield Buffer.from('never');
  }
  expect(await here.run(['true'], { stdin: silent() })).toMatchObject({ exitCode: 0 });
  const stop = new AbortController();
  const run = here.run(['sh', '-c', 'echo begun >&2; exec cat'], {
    stdin: silent(),
    signal: stop.signal,
    onLine: () => stop.abort(new Error('enough')),
  });
  await expect(run).rejects.toThrow('enough');
});

test('a program that cleans up at an interrupt gets one, and its time', async () => {
  const script =
    'trap "sleep 0.5; echo cleaned >&2; exit 130" INT; trap "echo terminated >&2; exit 143" TERM; echo begun >&2; while :; do sleep 0.1; done';
  const stop = new AbortController();
  const lines: string[] = [];
  const run = here.run(['sh', '-c', script], {
    signal: stop.signal,
    stop: { signal: 'SIGINT', grace: '20s' },
    onLine: ({ text }) => {
      lines.push(text);
      stop.abort(new Error('enough'));
    },
  });
  await expect(run).rejects.toThrow('enough');
  expect(lines).toEqual(['begun', 'cleaned']);
});

test('over SSH, too: what is sent there says how it is to be ended at its time limit', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ssh-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const program = path.join(folder, 'ssh');
  // In the place of OpenSSH: it runs here what the other machine would be sent.
  await writeFile(program, '#!/bin/sh\nfor sent; do :; done\nexec sh -c "$sent"\n', { mode: 0o755 });
  const lines: string[] = [];
  const run = sshHost({ host: 'far', program }).run(
    ['sh', '-c', 'trap "echo interrupted; exit 130" INT; echo begun; while :; do sleep 0.1; done'],
    {
      timeout: '3s',
      stop: { signal: 'SIGINT', grace: '20s' },
      onLine: ({ text }) => void lines.push(text),
    },
  );
  await expect(run).rejects.toMatchObject({ code: 'command-timeout' });
  expect(lines).toEqual(['begun', 'interrupted']);
});

test('options of a stream are read strictly', async () => {
  await expect(here.run(['true'], { stop: { grace: 0 } })).rejects.toMatchObject({ field: 'stop.grace' });
  await expect(here.run(['true'], { stdin: {} as never })).rejects.toMatchObject({ field: 'stdin' });
});

test('of 40 MiB that go through, few are on their way at a time', async () => {
  const { stream, asked } = pieces(40);
  let read = 0;
  let most = 0;
  await here.run(['cat'], {
    stdin: stream,
    onStdout: (bytes) => {
      read += bytes.length;
      most = Math.max(most, asked() * MEBIBYTE - read);
    },
    timeout: '50s',
  });
  expect(read).toBe(40 * MEBIBYTE);
  expect(most).toBeLessThan(4 * MEBIBYTE);
});
