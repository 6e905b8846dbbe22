// What a heartbeat, a flag and a switch say, and no more.
import { expect, test } from 'vitest';
import type { HaSnapshot, Worker } from '../../src/index.ts';
import { judged, seen, worker } from '../snapshots.ts';

const titled = (parts: Partial<HaSnapshot>, id: string): string[] =>
  judged(parts, id).map(({ verdict, title }) => `${verdict}: ${title}`);
const compute = (parts: Partial<Worker> = {}): HaSnapshot['compute'] =>
  seen([worker('nova-compute', 'c1', { heartbeat: undefined, ...parts })]);

// nova/servicegroup/drivers/db.py, `is_up`: the age of the last report, and nothing of what the process can do.
test('who is heard of is said to be alive, and not to work', () => {
  expect(titled({ compute: compute() }, 'ha.worker')).toEqual([
    'pass: nova-compute on c1 reports that it is alive',
  ]);
});

// nova/virt/libvirt/driver.py, `_set_host_enabled` with DISABLE_PREFIX: the service disables itself when libvirt is gone.
test('a nova-compute that lost libvirt was not switched off by an administrator', () => {
  const disabledReason = 'AUTO: Connection to libvirt lost: 1';
  expect(titled({ compute: compute({ enabled: false, disabledReason }) }, 'ha.worker')).toEqual([
    'fail: nova-compute on c1 reports that it is alive, and has switched itself off',
  ]);
  expect(titled({ compute: compute({ enabled: false, disabledReason: 'disk' }) }, 'ha.worker')).toEqual([
    'pass: nova-compute on c1 reports that it is alive, and is disabled',
  ]);
});

// neutron-lib, api/definitions/l3_ext_ha_mode.py and dvr.py; neutron/conf/policies/router.py: both for administrators.
test.each<[boolean | undefined, boolean | undefined, string]>([
  [true, undefined, 'pass: Router r is made to be highly available (VRRP)'],
  [undefined, true, 'pass: Router r is made to be distributed'],
  [undefined, false, 'unknown: Whether router r is redundant is not told'],
  [undefined, undefined, 'unknown: Whether router r is redundant is not told'],
  [false, undefined, 'fail: Router r is on one L3 agent'],
])('a router with ha %s and distributed %s', (ha, distributed, said) => {
  expect(titled({ routers: seen([{ id: 'r', name: 'r', ha, distributed }]) }, 'ha.router')).toEqual([said]);
});
