import type { Cloud } from '@groundcrew/core';
import { assessSecurityGroups, isExposure, observeSecurityGroups } from '../../src/security-groups.ts';
import { type ForwardedPorts, Site } from './case-site.ts';

/**
 * Servers behind forwarded ports: one whose group opens everything, one whose group opens SSH to everyone, where something
 * else is forwarded. Tells how each is exposed.
 *
 * @param udp to the second one; ranges are from Zed on
 */
export async function forward(
  cloud: Cloud,
  name: string,
  udp: Omit<ForwardedPorts, 'protocol'> = { internal_port_range: '20:30', external_port_range: '20:30' },
): Promise<{ readonly wide: readonly string[]; readonly ssh: readonly string[] }> {
  const site = new Site(cloud, name);
  try {
    const wide = await site.group({});
    const ssh = await site.group({ protocol: 'tcp', port_range_min: 22, port_range_max: 22 });
    const fip = await site.floatingIp();
    const [all, one] = [await site.port([wide]), await site.port([ssh])];
    await site.forward(fip, all, { protocol: 'tcp', internal_port: 22, external_port: 2_222 });
    await site.forward(fip, one, { protocol: 'udp', ...udp });
    const findings = assessSecurityGroups(await observeSecurityGroups(cloud));
    const of = (group: string, id: string): string[] =>
      findings
        .filter((finding) => finding.id === id && finding.subject.id === group)
        .flatMap((finding) => (isExposure(finding) ? finding.effective : []))
        .map(({ exposed_by: by, lets }) => (lets === undefined ? by : `${by}: ${lets}`));
    return { wide: of(wide, 'audit.allow-all'), ssh: of(ssh, 'audit.admin-port-open') };
  } finally {
    await site.leave();
  }
}

/** SSH comes through to the one that opens everything; of UDP nothing to the one that opens SSH. */
export const forwarded = { wide: ['port_forwarding: some'], ssh: ['none: nothing'] };
