import { connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type SecurityGroupSnapshot, isExposure, observeSecurityGroups } from '../../src/security-groups.ts';
import type { FloatingIp, Router } from '../../src/security-groups/snapshot/snapshot.ts';
import { allow, filters, site } from './firewall-site.ts';
import { forward, forwarded } from './forward.ts';
import { cut, floatingIp, group, judged, ports, seen } from './snapshot.ts';

type Forwarding = NonNullable<FloatingIp['port_forwardings']>[number];
const to = (internal_port: number | undefined, parts: Forwarding = {}): Forwarding => ({
  id: 'f',
  protocol: 'tcp',
  internal_port_id: 'p',
  internal_ip_address: '10.0.0.5',
  internal_port,
  ...parts,
});
const leading = (...port_forwardings: readonly Forwarding[]): FloatingIp => ({
  ...floatingIp('198.51.100.8', null),
  port_forwardings: [...port_forwardings],
});

/** A server whose group opens everything to everyone, behind these. */
const behind = (
  floatingIps: readonly FloatingIp[],
  id = 'audit.allow-all',
  parts: Partial<SecurityGroupSnapshot> = {},
) =>
  judged(id, {
    ...site(filters([], [])),
    floatingIps: seen(floatingIps),
    firewallGroups: seen([]),
    ...parts,
  }).flatMap((finding) =>
    isExposure(finding)
      ? finding.effective.map(({ exposed_by: by, lets, address: at, why }) => ({
          by,
          lets,
          at,
          why,
          severity: finding.severity,
        }))
      : [],
  );

describe('what is forwarded', () => {
  test('is all that comes through, however much the group opens', () => {
    const [found] = behind([leading(to(443), to(5_000, { protocol: 'udp' }))]);
    expect(found).toMatchObject({
      by: 'port_forwarding',
      lets: 'some',
      at: '198.51.100.8',
      severity: 'high',
    });
    expect(found?.why).toBe(
      'floating IP 198.51.100.8 leads to port p; it forwards TCP 443, UDP 5000; what comes through: TCP 443 from every IPv4 address, UDP 5000 from every IPv4 address',
    );
  });

  const ssh = { securityGroups: seen([group('g', [ports('tcp', 22, 22)])]) };
  test.each<[string, Forwarding, string, string]>([
    ['that port', to(22), 'port_forwarding', 'all'],
    ['another one', to(443), 'none', 'nothing'],
    ['another protocol', to(22, { protocol: 'udp' }), 'none', 'nothing'],
    ['a range with it', to(undefined, { internal_port_range: '20:30' }), 'port_forwarding', 'all'],
    ['a range of one', to(undefined, { internal_port_range: '22:22' }), 'port_forwarding', 'all'],
    ['a range without it', to(undefined, { internal_port_range: '23:30' }), 'none', 'nothing'],
    ['ports that are not told', to(undefined), 'unknown', 'unknown'],
    ['rubbish', to(undefined, { internal_port_range: 'many' }), 'unknown', 'unknown'],
    ['a protocol that is not told', to(22, { protocol: undefined }), 'unknown', 'unknown'],
  ])("an administrators' port behind %s", (_, forwarding, by, lets) => {
    expect(behind([leading(forwarding)], 'audit.admin-port-open', ssh)).toMatchObject([{ by, lets }]);
  });

  test('a server with a floating IP of its own beside it is as open as that', () => {
    expect(behind([leading(to(443)), floatingIp('198.51.100.9', 'p')])).toMatchObject([
      { by: 'floating_ip', lets: 'all', severity: 'critical' },
    ]);
  });

  test('has to pass a firewall, too, as the port that it has become', () => {
    const door = (destination_port: string) => ({
      firewallGroups: seen([filters([allow({ protocol: 'tcp', destination_port })], ['door'])]),
    });
    const fip = { ...leading(to(22, { external_port: 2_222 })), router_id: 'r' };
    expect(behind([fip], 'audit.allow-all', door('22'))).toMatchObject([{ lets: 'some' }]);
    expect(behind([fip], 'audit.allow-all', door('2222'))).toMatchObject([{ by: 'none', lets: 'nothing' }]);
  });

  test('says nothing of ways that were not seen', () => {
    const routers = cut<Router>('routers', 'denied');
    expect(behind([leading(to(443))], 'audit.admin-port-open', { ...ssh, routers })).toMatchObject([
      { by: 'unknown', why: expect.stringContaining('routers') },
    ]);
    // What comes through is known to, whatever else does.
    expect(behind([leading(to(22))], 'audit.admin-port-open', { ...ssh, routers })).toMatchObject([
      { by: 'port_forwarding' },
    ]);
  });
});

describe('what Neutron tells of it', () => {
  async function cloudOf(release: 'victoria' | 'zed', refuses = false) {
    const simulated = simulateCloud({ seed: 9, release });
    const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
    const asked: string[] = [];
    const cloud = connect({
      ...connectOptions,
      clock: simulated.clock,
      async fetch(input, init) {
        const { method, url } = input instanceof Request ? input : new Request(input, init);
        if (method !== 'GET' || !url.includes('/port_forwardings')) return fetch(input, init);
        asked.push(url);
        return refuses ? new Response('{}', { status: 403 }) : fetch(input, init);
      },
    });
    onTestFinished(async () => {
      await cloud.close();
      await simulated.close();
    });
    return { cloud, asked };
  }

  const single = { internal_port: 22, external_port: 22 };
  test('where it leads, in old releases, too, and which ports a range has', async () => {
    const [old, young] = [await cloudOf('victoria'), await cloudOf('zed')];
    expect(await forward(old.cloud, 'forward', single)).toEqual(forwarded);
    expect(await forward(young.cloud, 'forward')).toEqual(forwarded);
  });

  test('is asked for where the floating IP does not tell it, and nowhere else', async () => {
    const { cloud, asked } = await cloudOf('zed');
    await observeSecurityGroups(cloud);
    expect(await forward(cloud, 'forward', single)).toEqual(forwarded);
    expect(asked).toEqual([]);
    await forward(cloud, 'forward');
    expect(asked).toHaveLength(1);
  });

  test('denied, nobody is told that nothing leads there', async () => {
    const { cloud } = await cloudOf('victoria', true);
    const unknown = { wide: ['unknown'], ssh: ['unknown'] };
    expect(await forward(cloud, 'forward', single)).toEqual(unknown);
  });
});
