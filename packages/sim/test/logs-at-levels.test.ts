import { expect, test } from 'vitest';
import { started } from './logging-cloud.ts';

test('levels: the worker that was set to DEBUG writes DEBUG, and no longer once it is put back', async () => {
  const { cloud, client } = await started({ volumeApiWorkers: 2 });
  const set = (level: string) =>
    client.cinder('PUT', 'os-services/set-log', {
      binary: 'cinder-api',
      prefix: 'cinder.api.openstack.wsgi',
      level,
    });
  const debug = () => cloud.logs.lines('cinder-api').filter((line) => line.includes(' DEBUG '));
  const list = async () => {
    for (let asked = 0; asked < 4; asked += 1) await client.cinder('GET', 'volumes/detail');
  };
  await list();
  expect(debug()).toEqual([]);
  await set('DEBUG');
  await list();
  const one = debug();
  // Two of four requests, each with two lines, and of one process.
  expect(one.map((line) => line.split('] ').at(-1))).toEqual(
    [1, 2].flatMap(() => [
      'Empty body provided in request get_body /usr/lib/python3/dist-packages/cinder/api/openstack/wsgi.py:715',
      "Calling method 'detail' _process_stack /usr/lib/python3/dist-packages/cinder/api/openstack/wsgi.py:868",
    ]),
  );
  expect(new Set(one.map((line) => line.split(' ')[2])).size).toBe(1);
  await set('DEBUG');
  await list();
  expect(new Set(debug().map((line) => line.split(' ')[2])).size).toBe(2);
  await set('INFO');
  await set('INFO');
  const before = debug().length;
  await list();
  expect(debug()).toHaveLength(before);
  // At ERROR it does not even say that it was asked.
  await set('ERROR');
  await set('ERROR');
  const lines = cloud.logs.lines('cinder-api').length;
  await client.cinder('GET', 'os-services');
  expect(cloud.logs.lines('cinder-api')).toHaveLength(lines);
});

test('a volume service at DEBUG says each minute that it tells the schedulers, until its level is put back or it starts again', async () => {
  const { cloud, client } = await started();
  const set = (level: string) =>
    client.cinder('PUT', 'os-services/set-log', { binary: 'cinder-volume', prefix: 'cinder', level });
  const debug = () =>
    cloud.logs.lines('cinder-volume').filter((line) => line.includes('DEBUG cinder.manager'));
  await set('DEBUG');
  await set('DEBUG');
  await cloud.clock.advance('3m');
  expect(debug()).toHaveLength(3);
  await set('INFO');
  await cloud.clock.advance('3m');
  expect(debug()).toHaveLength(3);
  await set('DEBUG');
  cloud.volumeProcesses.restart('cinder-volume');
  await cloud.clock.advance('3m');
  expect(debug()).toHaveLength(3);
});
