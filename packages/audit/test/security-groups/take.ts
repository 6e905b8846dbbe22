import type { Cloud } from '@groundcrew/core';
import { assessSecurityGroups, isExposure, observeSecurityGroups } from '../../src/security-groups.ts';
import { Site } from './case-site.ts';

/** A floating IP leads to a virtual address, which a server may take whose group opens everything. Who is exposed, and how? */
export async function take(cloud: Cloud, name: string): Promise<readonly string[]> {
  const site = new Site(cloud, name);
  const { floatingIps } = cloud.network;
  try {
    const wide = await site.group({});
    const id = await site.floatingIp();
    const virtual = await site.port([]);
    const ip_address = await site.addressOf(virtual);
    await site.port([wide], { allowed_address_pairs: [{ ip_address }] });
    await site.port([wide]);
    await floatingIps.update({ id, port_id: virtual });
    site.later(() => floatingIps.update({ id, port_id: null }));
    return assessSecurityGroups(await observeSecurityGroups(cloud))
      .filter((finding) => finding.id === 'audit.allow-all' && finding.subject.id === wide)
      .flatMap((finding) => (isExposure(finding) ? finding.effective : []))
      .map(({ exposed_by: by, lets = '', why }) => `${by} ${lets} ${/may take/.exec(why)?.[0] ?? ''}`.trim())
      .toSorted((a, b) => a.localeCompare(b));
  } finally {
    await site.leave();
  }
}

export const taken = ['floating_ip all may take', 'none'];
