import { expect, test } from 'vitest';
import { cloudOfRoutes } from './cloud-of-routes.ts';

const SLASHES = '/'.repeat(256 * 1024);
const SPENT = 2;

/** Seconds that the processor works at something. */
const worked = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage().user;
  await work();
  return (process.cpuUsage().user - before) / 1e6;
};

// axios/axios issue 6131, Milkdown/milkdown pull request 2366: a pattern for the slashes at the end (`/\/+$/`) begins anew at each
// of them: 256 KiB took 21 s.
test.each([`http://nova.invalid${SLASHES}v2.1/`, `${SLASHES}x`, `/compute${SLASHES}v2.1`])(
  'a version document whose link is full of slashes',
  async (href) => {
    const version = {
      id: 'v2.1',
      status: 'CURRENT',
      version: '2.96',
      min_version: '2.1',
      links: [{ rel: 'self', href }],
    };
    await using site = await cloudOfRoutes({ compute: '@/compute' }, () => ({
      body: { versions: [version], flavors: [] },
    }));
    const spent = await worked(() => site.cloud.versions('compute').catch((error: unknown) => error));
    expect(spent).toBeLessThan(SPENT);
  },
);

test('a catalogue whose URL is full of slashes', async () => {
  await using site = await cloudOfRoutes({ compute: `@${SLASHES}x` }, () => ({ status: 404 }));
  const spent = await worked(() =>
    site.cloud.compute.servers.get({ id: 'x' }).catch((error: unknown) => error),
  );
  expect(spent).toBeLessThan(SPENT);
});
