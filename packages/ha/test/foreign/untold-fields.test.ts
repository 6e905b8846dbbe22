// Fields and lists that a policy hides, or a service leaves out: a server without its host, a group list of the own project, a
// flavor without extra specs, usages without a class. Nothing is concluded from what is not there.
import type { Cloud } from '@groundcrew/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { decide } from '../../src/instances/decide.ts';
import { needsOf } from '../../src/instances/needs.ts';
import { novaServiceObserver } from '../../src/instances/observers/nova-service.ts';
import { placeServers } from '../../src/instances/place-servers.ts';
import { planRecovery } from '../../src/instances/plan-recovery.ts';
import { haPolicy } from '../../src/instances/policy.ts';
import { proveStopped } from '../../src/instances/stopped-proof.ts';
import { withCapacity } from '../../src/instances/with-capacity.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { hostView, NOW, serverView, siteWithDead } from '../instances/situations.ts';
import { type Site, siteWithServers } from '../instances/site.ts';
import { answering } from './dark-cells.ts';
import { roomyView } from './roomy-view.ts';

type Row = Record<string, unknown>;

/** A cloud of which the JSON answers to some paths are changed. */
async function changed(
  path: RegExp,
  change: (body: Row) => unknown,
  status = 200,
): Promise<Site & { readonly seen: Cloud }> {
  const site = await siteWithServers(2);
  const seen = answering(site.simulated, async (request, response) => {
    if (!path.test(new URL(request.url).pathname) || response.status > 299) return response;
    const headers = new Headers(response.headers);
    headers.delete('content-length');
    const body = change((await response.json()) as Row);
    return new Response(JSON.stringify(body), { status: status === 200 ? response.status : status, headers });
  });
  onTestFinished(async () => seen[Symbol.asyncDispose]());
  return { ...site, seen };
}

/** The rows of a list, or the one thing that was asked for, without some of their fields. */
const without =
  (key: string, ...fields: readonly string[]) =>
  (body: Row): Row => {
    const rows = (body[key] ?? body[key.slice(0, -1)]) as Row | Row[];
    for (const row of [rows].flat()) for (const field of fields) delete row[field];
    return body;
  };

// nova/policies/extended_server_attributes.py: with `os_compute_api:os-extended-server-attributes` the field is left out.
describe('Nova hides on which host servers are', () => {
  const hide = () => changed(/\/servers\/detail$/, without('servers', 'OS-EXT-SRV-ATTR:host'));

  test('the view is partial, and what a loss stops is not known', async () => {
    const { seen } = await hide();
    const view = await withCapacity(seen, await readCloudView(seen));
    expect(view).toMatchObject({
      completeness: 'partial',
      gaps: [{ what: 'hosts of servers', kind: 'denied', why: expect.stringContaining('2 servers') }],
    });
    expect(simulate({ view }, { hosts: ['compute-1'] }).verdict).toBe('unknown');
  });

  test('nobody says that there is nothing to move', () => {
    const site = siteWithDead(8, ['compute-3']);
    const servers = site.cloud.servers?.map((server) => ({ ...server, host: undefined, hostHidden: true }));
    const { recover, refusals } = decide({ ...site, cloud: { ...site.cloud, servers } });
    expect(recover).toEqual([]);
    expect(refusals).toMatchObject([
      {
        code: 'ha.gate.anything-to-move',
        reason: 'compute-3: Nova does not tell on which host 8 servers are',
      },
    ]);
  });
});

describe('the server groups are not read whole', () => {
  const lose = async (seen: Cloud) => {
    const view = await withCapacity(seen, await readCloudView(seen));
    expect(view.groups).toBeUndefined();
    expect(view.servers?.map(({ groups }) => groups)).toEqual([undefined, undefined]);
    const dead = { host: 'compute-2', servers: (view.servers ?? []).map(({ id }) => id) };
    const planned = planRecovery(dead, view, haPolicy({}));
    return {
      verdict: simulate({ view }, { hosts: ['compute-2'] }).verdict,
      warnings: planned.ok ? planned.plan.warnings : planned.refusals,
    };
  };
  const words =
    'It is not known whether all fit: the server groups could not be read, and a strict one binds';

  test('403: a strict one may keep servers where they are', async () => {
    const forbidden = { forbidden: { code: 403, message: 'Policy does not allow it' } };
    const { seen } = await changed(/\/os-server-groups$/, () => forbidden, 403);
    expect(await lose(seen)).toMatchObject({ verdict: 'unknown', warnings: [words] });
  });

  // nova/api/openstack/compute/server_groups.py, `index`: `all_projects` of others than administrators is passed over in silence.
  test('a user without the role gets those of the own project, and no word about others', async () => {
    const { seen } = await changed(
      /\/auth\/tokens$/,
      (body) => {
        (body['token'] as Row)['roles'] = [{ id: 'r', name: 'auditor' }];
        return body;
      },
      201,
    );
    expect((await lose(seen)).verdict).toBe('unknown');
  });

  test('read whole, nothing is in doubt', async () => {
    const { cloud } = await siteWithServers(1);
    const view = await withCapacity(cloud, await readCloudView(cloud));
    expect(simulate({ view }, { hosts: ['compute-2'] }).verdict).toBe('all-restart');
  });
});

// nova `services.py`, `_get_service_detail`: of a cell that does not respond a row has no zone; it may be the one that is lost.
test('a host whose zone is not told may be in the zone that is lost', () => {
  const view = roomyView();
  const hosts = [
    ...(view.hosts ?? []),
    hostView('dark', { zone: undefined, up: false, unknown: 'its cell' }),
  ];
  const zoned = hosts.map((each) => (each.host === 'a' ? { ...each, zone: 'az-1' } : each));
  const verdict = (zones?: Record<string, string>) =>
    simulate({ view: { ...view, hosts: zoned }, zones }, { zones: ['az-1'] }, { zones: 'free' }).verdict;
  expect(verdict()).toBe('unknown');
  // Whoever knows may say it.
  expect(verdict({ dark: 'az-2' })).toBe('all-restart');
});

describe('what a server needs, or a host has, is not told', () => {
  const flavor = { vcpus: 1, ram: 64, disk: 1, ephemeral: 0, swap: 0 };

  // nova/api/openstack/compute/views/servers.py: `extra_specs` only if `os-flavor-extra-specs:index` allows it.
  test('a flavor without extra specs may ask for dedicated CPUs', () => {
    const needs = needsOf(flavor, false);
    expect(placeServers([serverView('s', 'a', { needs })], roomyView().hosts ?? [])).toMatchObject({
      verdict: 'unknown',
      unplaced: [{ reason: 'whether a host has extra specs that Nova did not tell is not known' }],
    });
  });

  test('which hosts have a trait only Placement tells', () => {
    const needs = { vcpus: 1, memory: 64, disk: 0, traits: ['HW_CPU_X86_AVX2'] };
    const place = (candidates?: ReadonlyMap<string, ReadonlySet<string>>) =>
      placeServers([serverView('s', 'a', { needs })], roomyView().hosts ?? [], [], { candidates }).verdict;
    expect(place()).toBe('unknown');
    expect(place(new Map([['VCPU:1,MEMORY_MB:64&HW_CPU_X86_AVX2', new Set(['b'])]]))).toBe('fits');
  });

  test('a host that counts no disks: whether the shared storage has room only Placement tells', () => {
    const free = { vcpus: 16, memory: 32_768, disk: Number.MAX_SAFE_INTEGER };
    const place = (candidates?: ReadonlyMap<string, ReadonlySet<string>>) =>
      placeServers([serverView('s', 'a')], [hostView('b', { free })], [], { candidates });
    expect(place()).toMatchObject({
      verdict: 'unknown',
      unplaced: [{ reason: 'whether a host has 1 GiB of disk is not known' }],
    });
    expect(place(new Map([['VCPU:1,MEMORY_MB:64,DISK_GB:1', new Set(['b'])]])).verdict).toBe('fits');
  });

  // placement/objects/usage.py: of each class in the inventory there is a usage, 0 too.
  test('usages without a class: what is free of it is not known', async () => {
    const { seen } = await changed(/\/allocation_candidates$/, (body) => ({
      ...body,
      provider_summaries: {},
    }));
    const whole = await withCapacity(seen, await readCloudView(seen));
    expect(whole.hosts?.every(({ free }) => free !== undefined)).toBe(true);
    const { seen: odd } = await changed(/\/(allocation_candidates|usages)$/, (body) =>
      'usages' in body ? { ...body, usages: {} } : { ...body, provider_summaries: {} },
    );
    const view = await withCapacity(odd, await readCloudView(odd));
    expect(view.hosts?.map(({ free }) => free)).toEqual([undefined, undefined, undefined]);
    expect(view.gaps.filter(({ what }) => what.startsWith('capacity of'))).toHaveLength(3);
  });

  test('a host without a hypervisor has a gap', async () => {
    const { seen } = await changed(/\/os-hypervisors\/detail$/, (body) => ({
      ...body,
      hypervisors: (body['hypervisors'] as Row[]).slice(1),
    }));
    const view = await withCapacity(seen, await readCloudView(seen));
    expect(view.gaps.map(({ why }) => why)).toEqual(['Nova lists no hypervisor of it']);
  });
});

describe('what is being done with a server is not told', () => {
  // nova's `os_compute_api:os-extended-status` hid all of OS-EXT-STS, until Stein (nova/policies/extended_status.py).
  const hide = () => changed(/\/servers\/[^/]+$/, without('servers', 'OS-EXT-STS:task_state'));

  test('its task may be a migration: it stays, and nobody proves that it runs nowhere', async () => {
    const { seen, servers, fence } = await hide();
    const view = await readCloudView(seen);
    expect(view.servers?.map(({ task }) => task)).toEqual(['not told', 'not told']);
    const { refusals } = planRecovery({ host: 'compute-2', servers }, view, haPolicy({})) as {
      refusals?: { reason: string }[];
    };
    expect(refusals?.[0]?.reason).toContain("its task is not told, which may be another host's");
    const proof = await fence.off('compute-2');
    await expect(proveStopped(seen, servers[0] ?? '', [proof], { maxAge: '60s' })).rejects.toMatchObject({
      code: 'evacuation-not-known-where',
    });
  });

  test.each([['OS-EXT-STS:vm_state'], ['metadata']])('without %s it is not moved', async (field) => {
    const { seen, servers } = await changed(/\/servers\/detail$/, without('servers', field));
    const view = await readCloudView(seen);
    expect(view.servers?.map(({ state }) => state)).toEqual(['not told', 'not told']);
    expect(planRecovery({ host: 'compute-2', servers }, view, haPolicy({})).ok).toBe(false);
  });
});

// nova `services.py`, `_get_service_detail`: from 2.11 on every row has `forced_down`, but those of a cell that does not respond.
test('a row without `forced_down` is not a heartbeat that is missing, and nothing is done to its host', async () => {
  const { seen } = await changed(/\/os-services$/, (body) => {
    for (const row of body['services'] as Row[]) {
      delete row['forced_down'];
      row['state'] = 'down';
    }
    return body;
  });
  const looks = await novaServiceObserver(seen).observe(['compute-2']);
  expect(looks).toMatchObject([
    { state: 'unknown', statement: 'Nova does not tell whether it was forced down' },
  ]);
  expect((await readCloudView(seen)).hosts?.[0]).toMatchObject({
    up: false,
    unknown: 'Nova leaves out of its row: forced_down',
  });
});

test('without a list of servers nobody says that all are elsewhere, nor turns a host on', () => {
  const site = siteWithDead(8, ['compute-3']);
  const history = {
    ...site.history,
    recoveries: [{ host: 'compute-3', startedAt: NOW - 400_000, state: 'recovered' as const }],
  };
  const policy = haPolicy({ returning: 'power-on' });
  const blind = decide({ ...site, policy, history, cloud: { ...site.cloud, servers: undefined } });
  expect(blind.bringBack).toEqual([]);
  expect(blind.refusals.map(({ code }) => code)).toContain('ha.servers-unknown');
  const seeing = decide({ ...site, policy, history, cloud: { ...site.cloud, servers: [] } });
  expect(seeing.bringBack).toEqual(['compute-3']);
});
