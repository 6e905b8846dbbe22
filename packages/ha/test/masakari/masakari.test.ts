import { expect, test } from 'vitest';
import { masakariObserver } from '../../src/masakari/masakari-observer.ts';
import { notifyMasakari } from '../../src/masakari/notify-masakari.ts';
import { siteWithServers } from '../instances/site.ts';

test('Masakari is told with a proof, and what it was told is a look', async () => {
  const site = await siteWithServers(1);
  const { segments, hosts } = site.cloud.instanceHa;
  const segment = await segments.create({ name: 'rack', recovery_method: 'auto', service_type: 'COMPUTE' });
  const fields = { segment_id: segment.uuid, type: 'COMPUTE', control_attributes: 'SSH' };
  for (const name of ['compute-1', 'compute-2']) await hosts.create({ ...fields, name });
  const observer = masakariObserver(site.cloud);
  const states = async (): Promise<string[]> =>
    (await observer.observe(['compute-1', 'compute-2', 'compute-9'])).map(({ state }) => state);
  expect(await states()).toEqual(['unknown', 'unknown', 'unknown']);

  site.boards.crash('compute-2');
  const proof = await site.fence.off('compute-2');
  await expect(notifyMasakari(site.cloud, { ...proof })).rejects.toMatchObject({
    code: 'evacuation-without-proof',
  });
  await notifyMasakari(site.cloud, proof);
  expect(await states()).toEqual(['unknown', 'down', 'unknown']);
  await site.simulated.clock.advance('11m');
  expect(await states()).toEqual(['unknown', 'unknown', 'unknown']);
});
