import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, asMember, parityClouds } from './parity-clouds.ts';
import { raw } from './raw.ts';

/** A logger that is quiet: no other test is disturbed by it. */
const LOGGER = 'cinder.api.contrib.services';

describe.each(parityClouds)('log levels of Cinder on $name', (parityCloud) => {
  test('the API has several workers: each tells, and changes, its own levels', async () => {
    const clean = new CleanUp();
    const { services } = (await asAdmin(parityCloud)).blockStorage;
    const answers = async (count: number): Promise<string[]> => {
      const seen: string[] = [];
      for (let asked = 0; asked < count; asked += 1) {
        const told = await services.getLog({ binary: 'cinder-api', prefix: LOGGER });
        expect(told).toMatchObject([{ binary: 'cinder-api', host: expect.any(String) }]);
        seen.push(told[0]?.levels[LOGGER] ?? 'none');
      }
      return seen;
    };
    const all = async (level: 'INFO' | 'WARNING'): Promise<void> => {
      while ((await answers(12)).some((one) => one !== level))
        for (let times = 0; times < 5; times += 1)
          await services.setLog({ binary: 'cinder-api', prefix: LOGGER, level });
    };
    await all('INFO');
    clean.later(() => all('INFO'));
    expect(new Set(await answers(12))).toEqual(new Set(['INFO']));
    await services.setLog({ binary: 'cinder-api', prefix: LOGGER, level: 'WARNING' });
    expect(new Set(await answers(24))).toEqual(new Set(['INFO', 'WARNING']));
  });

  test('a service is set by the beginning of a name, and no logger is made', async () => {
    const clean = new CleanUp();
    const { services } = (await asAdmin(parityCloud)).blockStorage;
    const binary = 'cinder-scheduler';
    const levels = async (prefix: string) =>
      (await services.getLog({ binary, prefix })).map((told) => told.levels)[0];
    const manager = 'cinder.scheduler.manager';
    expect(await levels(manager)).toEqual({ [manager]: 'INFO' });
    clean.later(() => services.setLog({ binary, prefix: 'cinder.scheduler.', level: 'INFO' }));
    await services.setLog({ binary, prefix: 'cinder.scheduler.man', level: 'ERROR' });
    await expect.poll(() => levels(manager), { timeout: 30_000 }).toEqual({ [manager]: 'ERROR' });
    expect(await levels('cinder.scheduler.host_manager')).toEqual({
      'cinder.scheduler.host_manager': 'INFO',
    });
    expect(await levels('nova')).toEqual({});
  });

  test('a service of another host is not told, nor is one that there is not', async () => {
    const { services } = (await asAdmin(parityCloud)).blockStorage;
    const told = await services.getLog({ binary: 'cinder-volume', server: 'nowhere' });
    expect(told).toEqual([]);
    const all = await services.getLog({ binary: 'cinder-volume' });
    const volume = await Array.fromAsync(services.list({ binary: 'cinder-volume' }));
    expect(all.map(({ host }) => host).toSorted()).toEqual(volume.map(({ host }) => host).toSorted());
    // The name of a host is that of each of its backends.
    const host = volume[0]?.host.split('@')[0] ?? '';
    expect((await services.getLog({ binary: 'cinder-volume', server: host })).length).toBe(all.length);
  });

  test('what cannot be is refused in the same words', async () => {
    const ask = await raw(asAdmin, parityCloud);
    const put = (what: string, body: unknown) =>
      ask('PUT', 'block-storage', `os-services/${what}`, body, { 'OpenStack-API-Version': 'volume 3.32' });
    for (const level of ['CRITICAL', 'TRACE', 'nope', ''])
      expect(await put('set-log', { binary: 'cinder-volume', level })).toMatchObject({
        status: 400,
        body: { badRequest: { message: `Invalid input received: ${level} is not a valid log level.` } },
      });
    expect((await put('set-log', { binary: 'nova-api', level: 'INFO' })).status).toBe(400);
    expect((await put('get-log', { binary: 'nova-api' })).status).toBe(400);
    expect((await put('set-log', { binary: 'cinder-volume', level: 'INFO', more: 1 })).status).toBe(400);
    const member = await raw(asMember, parityCloud);
    const denied = await member(
      'PUT',
      'block-storage',
      'os-services/get-log',
      { binary: 'cinder-api' },
      {
        'OpenStack-API-Version': 'volume 3.32',
      },
    );
    expect(denied.status).toBe(403);
  });
});
