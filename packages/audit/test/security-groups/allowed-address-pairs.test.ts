import { connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type SecurityGroupSnapshot, isExposure } from '../../src/security-groups.ts';
import type { Port } from '../../src/security-groups/snapshot/snapshot.ts';
import { floatingIp, group, judged, port, rule, seen } from './snapshot.ts';
import { take, taken } from './take.ts';

const at = (...addresses: readonly string[]) => ({
  fixed_ips: addresses.map((ip_address) => ({ ip_address, subnet_id: 's' })),
});
const may = (...addresses: readonly string[]) => ({
  ...at('10.0.0.5'),
  allowed_address_pairs: addresses.map((ip_address) => ({ ip_address })),
});
/** Held by no device of its own. */
const virtual = (parts: Partial<Port> = {}) =>
  port('vip', [], { device_owner: '', device_id: '', ...at('10.0.0.9'), ...parts });

/** A server whose group opens everything, and an address that leads to another port. */
const exposed = (server: Partial<Port>, other: Port, parts: Partial<SecurityGroupSnapshot> = {}) =>
  judged('audit.allow-all', {
    securityGroups: seen([group('g', [rule()])]),
    ports: seen([port('p', ['g'], server), other]),
    floatingIps: seen([floatingIp('198.51.100.7', 'vip')]),
    ...parts,
  }).flatMap((finding) =>
    isExposure(finding)
      ? finding.effective.map(({ exposed_by: by, address, why }) => ({ by, address, why }))
      : [],
  );

describe('what leads to an address leads to who may take it', () => {
  test('named', () => {
    expect(exposed(may('10.0.0.9'), virtual())).toEqual([
      {
        by: 'floating_ip',
        address: '198.51.100.7',
        why: 'port vip has the floating IP 198.51.100.7, whose address 10.0.0.9 port p may take (allowed_address_pairs)',
      },
    ]);
  });

  test.each<[string, Partial<Port>, Port, string]>([
    ['not allowed', at('10.0.0.5'), virtual(), 'none'],
    ['another address', may('10.0.0.8'), virtual(), 'none'],
    ['named with its length', may('10.0.0.9/32'), virtual(), 'floating_ip'],
    ['of a load balancer', may('10.0.0.9'), virtual({ device_owner: 'Octavia' }), 'floating_ip'],
    ['named, of another server', may('10.0.0.9'), virtual({ device_owner: 'compute:nova' }), 'floating_ip'],
    ['in a prefix', may('10.0.0.0/24'), virtual(), 'floating_ip'],
    ['in a prefix, of another server', may('10.0.0.0/24'), virtual({ device_owner: 'compute:nova' }), 'none'],
    ['on another network', may('10.0.0.9'), virtual({ network_id: 'n2' }), 'none'],
    ['of the other family', may('::/0'), virtual(), 'none'],
    ['rubbish', may('everything'), virtual(), 'none'],
    ['the second of two', may('10.0.0.9'), virtual(at('10.0.0.8', '10.0.0.9')), 'none'],
  ])('%s', (_, server, other, by) => {
    expect(exposed(server, other)).toMatchObject([{ by }]);
  });

  test('by what is forwarded, no more than that', () => {
    const fip = {
      ...floatingIp('198.51.100.7', null),
      port_forwardings: [
        { protocol: 'tcp', internal_port: 443, internal_port_id: 'vip', internal_ip_address: '10.0.0.9' },
      ],
    };
    expect(exposed(may('10.0.0.9'), virtual(), { floatingIps: seen([fip]) })).toMatchObject([
      { by: 'port_forwarding', why: expect.stringContaining('what comes through: TCP 443') },
    ]);
  });
});

test('on a cloud: the server that may take it, and not the one beside it', async () => {
  const simulated = simulateCloud({ seed: 9, release: 'zed' });
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  onTestFinished(async () => {
    await cloud.close();
    await simulated.close();
  });
  expect(await take(cloud, 'take')).toEqual(taken);
});
