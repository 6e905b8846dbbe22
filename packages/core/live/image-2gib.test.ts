import { statfs } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { connect } from '../src/index.ts';

const GIB = 2 ** 30;
const SIZE = 2 * GIB;
/** More than a few buffers, and far less than the image. */
const MOST_GROWTH = 256 * 2 ** 20;

/** A stream that nobody could hold in memory: one block, marked with its number, again and again. */
async function* generated(size: number): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(2 ** 20).map((_, index) => (index * 167) & 255);
  for (let at = 0; at < size; at += block.length) {
    const chunk = block.slice();
    new DataView(chunk.buffer).setUint32(0, at / block.length);
    yield chunk;
  }
}

/** Runs work, and samples how much memory the process has while bytes move. */
async function measured<T>(work: (onProgress: () => void) => Promise<T>) {
  const { rss: before } = process.memoryUsage();
  const startedAt = performance.now();
  let highest = before;
  let calls = 0;
  const result = await work(() => {
    calls += 1;
    if (calls % 64 === 0) highest = Math.max(highest, process.memoryUsage.rss());
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  return { result, before, highest, growth: highest - before, seconds, rate: SIZE / seconds };
}

test(
  '2 GiB go up to Glance and come down again, verified, at flat memory',
  { timeout: 170_000 },
  async () => {
    const { bavail, bsize } = await statfs('/var/tmp');
    const free = bavail * bsize;
    expect(
      free,
      `Glance stores the image below /var/tmp, which has only ${(free / GIB).toFixed(1)} GiB free; 4 are wanted`,
    ).toBeGreaterThan(2 * SIZE);
    await using cloud = connect({ cloud: 'lab-admin' });
    const { id } = await cloud.image.images.create({
      name: `2gib-${process.pid}`,
      disk_format: 'raw',
      container_format: 'bare',
    });
    try {
      const up = await measured((onProgress) =>
        cloud.image.data.upload({ id }, () => generated(SIZE), { onProgress }),
      );
      expect(up.result).toMatchObject({
        bytes: SIZE,
        verified: 'sha512',
        image: { status: 'active', size: SIZE },
      });
      const down = await measured(async (onProgress) => {
        let bytes = 0;
        for await (const chunk of cloud.image.data.download({ id }, { onProgress }))
          bytes += chunk.byteLength;
        return bytes;
      });
      expect(down.result).toBe(SIZE);
      const words = (name: string, { seconds, rate, highest, growth }: typeof down | typeof up) =>
        `${name}: ${seconds.toFixed(1)} s, ${(rate / 1e6).toFixed(0)} MB/s, RSS at most ${(highest / 1e6).toFixed(0)} MB (+${(growth / 1e6).toFixed(0)} MB)`;
      process.stderr.write(`[image-2gib] ${words('up', up)}; ${words('down', down)}\n`);
      expect(up.growth).toBeLessThan(MOST_GROWTH);
      expect(down.growth).toBeLessThan(MOST_GROWTH);
    } finally {
      await cloud.image.images.delete({ id });
    }
  },
);
