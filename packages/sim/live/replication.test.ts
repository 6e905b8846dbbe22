import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, parityClouds } from './parity-clouds.ts';
import { raw } from './raw.ts';

// Neither cloud has a driver with replicas here: what is the same is how Cinder says no, and how it freezes.
describe.each(parityClouds)('replication of Cinder on $name', (parityCloud) => {
  test('a backend is frozen and thawed, once each', async () => {
    const clean = new CleanUp();
    const { services } = (await asAdmin(parityCloud)).blockStorage;
    const ask = await raw(asAdmin, parityCloud);
    const put = (what: string, host: string) => ask('PUT', 'block-storage', `os-services/${what}`, { host });
    const all = () => Array.fromAsync(services.list({ binary: 'cinder-volume' }));
    // The last one: most volumes of other tests go to the first.
    const host = (await all()).at(-1)?.host ?? '';
    const now = async () => (await all()).find((service) => service.host === host);
    const before = await now();
    expect(before).toMatchObject({ status: 'enabled', frozen: false, replication_status: 'disabled' });
    clean.later(async () => {
      if ((await now())?.frozen === true) await services.thaw({ host });
    });
    expect((await put('freeze', host)).status).toBe(200);
    await expect.poll(now).toMatchObject({ status: 'disabled', disabled_reason: 'frozen', frozen: true });
    expect(await put('freeze', host)).toMatchObject({
      status: 400,
      body: {
        badRequest: {
          message: `Invalid input received: No service could be changed: frozen in ['${host}'] must be False to failover.`,
        },
      },
    });
    expect((await put('thaw', host)).status).toBe(200);
    await expect.poll(now).toMatchObject({ status: 'enabled', frozen: false });
  });

  test('a backend without replicas fails over to nowhere, and one that there is not is refused', async () => {
    const { services, capabilities } = (await asAdmin(parityCloud)).blockStorage;
    const ask = await raw(asAdmin, parityCloud);
    const put = (body: unknown) => ask('PUT', 'block-storage', 'os-services/failover_host', body);
    const [service] = await Array.fromAsync(services.list({ binary: 'cinder-volume' }));
    const host = service?.host ?? '';
    expect(await put({ host })).toMatchObject({
      status: 400,
      body: {
        badRequest: {
          message: `Invalid input received: No service could be changed: replication_status in ['${host}'] must be ['enabled', 'failed-over'] and must be up to failover.`,
        },
      },
    });
    expect(await put({ host: 'nowhere@none' })).toMatchObject({
      status: 400,
      body: { badRequest: { message: expect.stringContaining('No service found with host=nowhere@none') } },
    });
    expect((await put({})).status).toBe(400);
    expect(await capabilities.get({ id: host })).toMatchObject({ replication_targets: [] });
  });
});
