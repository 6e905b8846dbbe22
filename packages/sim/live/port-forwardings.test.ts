import type { Cloud } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, unique, parityClouds } from './parity-clouds.ts';

/** A floating IP, and a port that it can lead to. */
async function site({ network: api }: Cloud) {
  const clean = new CleanUp();
  const name = unique('forwarding');
  const outside = await api.networks.create({ name, 'router:external': true });
  clean.later(() => api.networks.delete({ id: outside.id }, { missingOk: true }));
  const public4 = { network_id: outside.id, ip_version: 4 as const, cidr: '203.0.113.0/24' };
  await api.subnets.create({ ...public4, enable_dhcp: false });
  const inside = await api.networks.create({ name });
  clean.later(() => api.networks.delete({ id: inside.id }, { missingOk: true }));
  const subnet = await api.subnets.create({ network_id: inside.id, ip_version: 4, cidr: '10.78.0.0/24' });
  const router = await api.routers.create({ name, external_gateway_info: { network_id: outside.id } });
  clean.later(() => api.routers.delete({ id: router.id }, { missingOk: true }));
  await api.routers.addInterface({ id: router.id, subnet_id: subnet.id });
  clean.later(() => api.routers.removeInterface({ id: router.id, subnet_id: subnet.id }));
  const port = await api.ports.create({ network_id: inside.id, name });
  clean.later(() => api.ports.delete({ id: port.id }, { missingOk: true }));
  const fip = await api.floatingIps.create({ floating_network_id: outside.id });
  clean.later(() => api.floatingIps.delete({ id: fip.id }, { missingOk: true }));
  clean.later(async () => {
    const left = await Array.fromAsync(api.portForwardings.list({ floatingip_id: fip.id }));
    for (const { id } of left) await api.portForwardings.delete({ floatingip_id: fip.id, id });
  });
  return { api, port, router, fip, address: port.fixed_ips[0]?.ip_address ?? '' };
}

const caught = (error: unknown): unknown => error;

describe.each(parityClouds)('forwarded ports on $name', (parityCloud) => {
  test('one, and a range: all is told of each, and of a range little by the floating IP itself', async () => {
    const { api, port, router, fip, address } = await site(await asAdmin(parityCloud));
    const to = { floatingip_id: fip.id, internal_port_id: port.id, internal_ip_address: address };
    const forwarding = await api.portForwardings.create({
      ...to,
      protocol: 'tcp',
      internal_port: 22,
      external_port: 2222,
    });
    const told = { protocol: 'tcp', internal_port_id: port.id, internal_ip_address: address };
    expect(forwarding).toMatchObject({ ...told, internal_port: 22, external_port: 2222 });
    const range = await api.portForwardings.create({
      ...to,
      protocol: 'udp',
      internal_port_range: '5000:5010',
      external_port_range: '6000:6010',
    });
    expect(range).toMatchObject({ internal_port_range: '5000:5010', external_port_range: '6000:6010' });
    expect(range.internal_port ?? null).toBeNull();
    const all = await Array.fromAsync(api.portForwardings.list({ floatingip_id: fip.id }));
    expect(all.map(({ id }) => id).toSorted()).toEqual([forwarding.id, range.id].toSorted());
    expect(all.find(({ id }) => id === range.id)).toMatchObject({ internal_port_range: '5000:5010' });
    const shown = await api.floatingIps.get({ id: fip.id });
    expect(shown).toMatchObject({ port_id: null, router_id: router.id });
    const [single, many] = (shown.port_forwardings ?? []).toSorted((a, b) =>
      String(a.protocol).localeCompare(String(b.protocol)),
    );
    expect(single).toEqual({ id: forwarding.id, ...told, internal_port: 22, external_port: 2222 });
    expect(many).toEqual({ id: range.id, ...told, protocol: 'udp' });
  });

  test('what collides, leads nowhere or is in use is refused; the last one that goes frees the address', async () => {
    const { api, port, fip, address } = await site(await asAdmin(parityCloud));
    const where = { floatingip_id: fip.id, internal_port_id: port.id, internal_ip_address: address };
    const to = { ...where, protocol: 'tcp' } as const;
    const { id } = await api.portForwardings.create({ ...to, internal_port: 22, external_port: 2222 });
    const refused = (body: object) =>
      api.portForwardings.create({ ...to, internal_port: 23, external_port: 2323, ...body }).catch(caught);
    expect(await refused({ external_port: 2222 })).toMatchObject({ status: 400 });
    expect(await refused({ internal_port: 22 })).toMatchObject({ status: 400 });
    expect(await refused({ internal_port: 0 })).toMatchObject({ status: 400 });
    const nowhere = { internal_port_id: '0badcafe-0000-4000-8000-000000000000' };
    expect(await refused(nowhere)).toMatchObject({ status: 404, fault: { type: 'PortNotFound' } });
    const ranges = { internal_port: undefined, external_port: undefined };
    expect(
      await refused({ ...ranges, internal_port_range: '30:40', external_port_range: '30:50' }),
    ).toMatchObject({ status: 400 });
    expect(await api.floatingIps.delete({ id: fip.id }).catch(caught)).toMatchObject({
      status: 409,
      fault: { type: 'FipInUseByPortForwarding' },
    });
    const moved = await api.portForwardings.update({ floatingip_id: fip.id, id, external_port: 2200 });
    expect(moved).toMatchObject({ id, internal_port: 22, external_port: 2200 });
    await api.portForwardings.delete({ floatingip_id: fip.id, id });
    expect(await api.portForwardings.get({ floatingip_id: fip.id, id }).catch(caught)).toMatchObject({
      status: 404,
      fault: { type: 'PortForwardingNotFound' },
    });
    expect(await api.floatingIps.get({ id: fip.id })).toMatchObject({
      router_id: null,
      port_forwardings: [],
    });
  });

  test('they go with the port that they lead to', async () => {
    const { api, port, fip, address } = await site(await asAdmin(parityCloud));
    const where = { floatingip_id: fip.id, internal_port_id: port.id, internal_ip_address: address };
    const body = { protocol: 'tcp', internal_port: 22, external_port: 22 } as const;
    await api.portForwardings.create({ ...where, ...body });
    await api.ports.delete({ id: port.id });
    expect(await Array.fromAsync(api.portForwardings.list({ floatingip_id: fip.id }))).toEqual([]);
    expect(await api.floatingIps.get({ id: fip.id })).toMatchObject({ router_id: null });
  });
});
