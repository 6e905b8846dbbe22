import { expect, test } from 'vitest';
import { CONSISTENT, shop, type Shop } from './shop.ts';

/** How many times something was asked for by its path's end. */
const asked = ({ site }: Shop, method: string, end: string): number =>
  site.simulated.requests.all.filter((one) => one.method === method && one.path.endsWith(end)).length;

const together = async ({ stored, disks }: Shop) =>
  disks.map(async (id) => (await stored()).get(id)?.bytes?.together);

test('disks in a group whose type promises it are taken as one, and the point says so', async () => {
  const here = await shop({ group: CONSISTENT });
  const { plan, execute, stored, disks, lone, server, counts } = here;
  const before = await counts();
  const planned = await plan();
  expect(planned.warnings.join()).not.toContain('gets a snapshot');
  expect(await execute(planned)).toMatchObject({ status: 'succeeded' });
  const point = await stored();
  const bytes = disks.map((id) => point.get(id)?.bytes);
  for (const each of bytes)
    expect(each?.together).toEqual({ server, spreadMs: 0, consistency: 'crash', how: 'group' });
  expect(bytes[0]?.at).toBe(bytes[1]?.at);
  expect(point.get(lone)?.bytes).toMatchObject({ size: expect.any(Number) });
  expect(asked(here, 'POST', '/group_snapshots')).toBe(1);
  // That of the volume that no server has.
  expect(asked(here, 'POST', '/snapshots')).toBe(1);
  expect(await counts()).toEqual(before);
});

test('those of a group of another type get a snapshot each, and the plan says why', async () => {
  const here = await shop({ group: { color: 'red' } });
  const planned = await here.plan();
  expect(planned.warnings).toContain(
    'Each disk of server db gets a snapshot, not their group one: group type as-one does not promise snapshots of one moment.',
  );
  expect(await here.execute(planned)).toMatchObject({ status: 'succeeded' });
  for (const each of await together(here)) expect(await each).toMatchObject({ how: 'snapshots' });
  expect(asked(here, 'POST', '/group_snapshots')).toBe(0);
});

test('a snapshot of a group that fails is followed by one of each disk, and none is left', async () => {
  const here = await shop({ group: CONSISTENT });
  const { site, plan, execute, repository, counts } = here;
  const before = await counts();
  const planned = await plan();
  site.simulated.volumes.fail('snapshot');
  expect(await execute(planned)).toMatchObject({ status: 'succeeded' });
  for (const each of await together(here)) expect(await each).toMatchObject({ how: 'snapshots' });
  expect((await repository.latest())?.gaps.filter(({ what }) => what.startsWith('bytes'))).toEqual([]);
  expect(await counts()).toEqual(before);
});

test.each([
  // Three volumes of 1 GiB are there. The snapshot of the group is of all three of them, and one is copied.
  ['a GiB too few for the group', 6, 'snapshots'],
  ['just enough', 7, 'group'],
])('a quota with %s: %d GiB, %s', async (_, gigabytes, how) => {
  const here = await shop({ group: CONSISTENT });
  await here.site.admin.blockStorage.quotaSets.update({ id: here.project, gigabytes });
  const planned = await here.plan();
  expect(planned.warnings.some((text) => text.includes('need 1 GiB more'))).toBe(how === 'snapshots');
  expect(await here.execute(planned)).toMatchObject({ status: 'succeeded' });
  for (const each of await together(here)) expect(await each).toMatchObject({ how });
});

test('a quota that does not do for a snapshot of each disk either is refused', async () => {
  const here = await shop({ group: CONSISTENT });
  await here.site.admin.blockStorage.quotaSets.update({ id: here.project, gigabytes: 5 });
  await expect(here.plan()).rejects.toThrow('backup.quota');
});
