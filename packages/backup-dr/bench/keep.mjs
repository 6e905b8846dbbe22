// What is measured, in a process of its own, from what `pnpm build` made: one act on a repository, `node keep.mjs ACT REPOSITORY [FILE]`.
// It prints the peak of its own memory in MiB; restic's is not in it.
import { createReadStream, readFileSync } from 'node:fs';
import { openRepository, restic } from '@groundcrew/backup-dr/repository';

const [act, place = '', file = ''] = process.argv.slice(2);
const engine = restic({ repository: place, password: process.env.RESTIC_PASSWORD ?? '', cache: false });
if (act === 'create') await engine.create();
await using repository = await openRepository({ engine });
const blocks = () => createReadStream(file, { highWaterMark: 1024 * 1024 });

const acts = {
  create: async () => {},
  put: async () => {
    await repository.write({ labels: { project: 'bench' } }, async (writer) => {
      await writer.put('volume/data', blocks());
      return { completeness: 'complete' };
    });
  },
  get: async () => {
    const point = await repository.latest();
    if (point === undefined) throw new Error('there is no point');
    for await (const _ of repository.read(point, 'volume/data'));
  },
  check: async () => {
    const { damages } = await repository.check({ share: 1 });
    if (damages.length > 0) throw new Error(damages.join('; '));
  },
};
await acts[act]();
const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
process.stdout.write(`${JSON.stringify({ peak })}\n`);
