import type { Cloud } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, parityClouds, unique } from './parity-clouds.ts';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEy';

/** What came of a key: its fingerprint, or the words of the fault. */
async function made(cloud: Cloud, clean: CleanUp, name: string, public_key: string): Promise<unknown> {
  const { keypairs } = cloud.compute;
  clean.later(() => keypairs.delete({ id: name }, { missingOk: true }));
  try {
    return (await keypairs.create({ name, public_key })).fingerprint;
  } catch (error) {
    return (error as { readonly fault?: { readonly message?: string } }).fault?.message;
  }
}

describe.each(parityClouds)('on $name', (parityCloud) => {
  test('a public key has the fingerprint of its bytes, and what is no key is refused', async () => {
    const clean = new CleanUp();
    const cloud = await asAdmin(parityCloud);
    const said = (key: string, name = unique('key')): Promise<unknown> => made(cloud, clean, name, key);
    const fingerprint = '15:c9:12:4f:8e:37:8b:6c:b4:43:72:b5:42:4e:20:76';
    const refusal = 'Keypair data is invalid: failed to generate fingerprint';
    const taken = unique('key');
    expect(await said(`ssh-ed25519 ${KEY} me`, taken)).toBe(fingerprint);
    expect(await said(`ssh-ed25519 ${KEY}`)).toBe(fingerprint);
    for (const wrong of ['nonsense', 'ssh-rsa AAAA', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== me'])
      expect(await said(wrong)).toBe(refusal);
    expect(await said(`  ssh-ed25519 ${KEY}`)).toBe(refusal);
    // The key is looked at before the name.
    expect(await said('ssh-rsa AAAA', taken)).toBe(refusal);
    expect(await said(`ssh-ed25519 ${KEY}`, taken)).toBe(`Key pair '${taken}' already exists.`);
  });

  test('a port that a person made keeps its groups when a router takes it, and Neutron’s own has none', async () => {
    const clean = new CleanUp();
    const cloud = await asAdmin(parityCloud);
    const { networks, ports, routers, subnets } = cloud.network;
    const { id: network_id } = await networks.create({ name: unique('net') });
    clean.later(() => networks.delete({ id: network_id }));
    const subnet = await subnets.create({ network_id, ip_version: 4, cidr: '10.98.0.0/24' });
    const groups: number[] = [];
    for (const isOwn of [false, true]) {
      const { id } = await routers.create({ name: unique('router') });
      clean.later(() => routers.delete({ id }));
      const port = isOwn
        ? await ports.create({ network_id, fixed_ips: [{ subnet_id: subnet.id }] })
        : undefined;
      const { port_id } = await routers.addInterface({
        id,
        ...(port === undefined ? { subnet_id: subnet.id } : { port_id: port.id }),
      });
      clean.later(() => routers.removeInterface({ id, port_id }));
      groups.push((await ports.get({ id: port_id })).security_groups?.length ?? 0);
    }
    expect(groups).toEqual([0, 1]);
  });
});
