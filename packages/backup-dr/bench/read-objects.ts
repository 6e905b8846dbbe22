/**
 * Reads all objects of the container `bench`, in a process of its own: as the archive that a recovery point keeps, or by `fetch` alone,
 * with as many requests at a time, and the same two for each object.
 */
import { connect, type ConnectOptions } from '@groundcrew/core';
import { peakMemory } from '../../core/bench/measure.ts';
import { inOrder } from '../src/objects/in-order.ts';
import { AT_ONCE, packContainer } from '../src/objects/pack-container.ts';

const [how, entry = '{}'] = process.argv.slice(2);
await using cloud = connect(JSON.parse(entry) as ConnectOptions);
const container = 'bench';
const token = await cloud.token();
let objects = 0;

const ways: Readonly<Record<string, () => Promise<void>>> = {
  async archive() {
    const archive = packContainer(cloud, container, {
      signal: new AbortController().signal,
      leftOut: ({ name, why }) => {
        throw new Error(`${name}: ${why}`);
      },
      packed: () => {
        objects += 1;
      },
    });
    for await (const _ of archive);
  },
  async fetch() {
    const headers = { 'X-Auth-Token': token?.value.reveal() ?? '' };
    const base = `${(await cloud.endpoint('object-store')).replace(/\/$/, '')}/${container}`;
    async function* names(): AsyncGenerator<string> {
      for (let marker = ''; ;) {
        const page = `${base}?format=json&limit=1000&marker=${encodeURIComponent(marker)}`;
        const list = (await (await fetch(page, { headers })).json()) as readonly { readonly name: string }[];
        for (const { name } of list) yield name;
        if (list.length === 0) return;
        marker = list.at(-1)?.name ?? '';
      }
    }
    const read = inOrder(names(), AT_ONCE, async (name) => {
      const url = `${base}/${encodeURIComponent(name)}`;
      await (await fetch(url, { method: 'HEAD', headers })).arrayBuffer();
      return (await fetch(url, { headers })).arrayBuffer();
    });
    for await (const _ of read) objects += 1;
  },
};

const start = performance.now();
await ways[how ?? '']?.();
const ms = performance.now() - start;
process.stdout.write(`${JSON.stringify({ ms, peak: peakMemory(), objects })}\n`);
