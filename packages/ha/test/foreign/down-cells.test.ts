import type { Cloud } from '@groundcrew/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { assess } from '../../src/assess.ts';
import { decide } from '../../src/instances/decide.ts';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { novaServiceObserver } from '../../src/instances/observers/nova-service.ts';
import { withCapacity } from '../../src/instances/with-capacity.ts';
import { observe } from '../../src/observe.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { hostView, siteWithDead } from '../instances/situations.ts';
import { type Site, siteWithServers } from '../instances/site.ts';
import { answering, withDarkCell } from './dark-cells.ts';

// A cell that does not respond: nova's API reference of 2.69, "Handling Down Cells" (nova `doc/source/admin/cells.rst`).

async function dark(host: string): Promise<Site & { readonly seen: Cloud }> {
  const site = await siteWithServers(3);
  const seen = withDarkCell(site.simulated, new Set([host]));
  onTestFinished(async () => seen[Symbol.asyncDispose]());
  return { ...site, seen };
}

describe('a cell is down', () => {
  test('its hosts are unknown to the observer, neither down nor up', async () => {
    const { seen } = await dark('compute-2');
    const looks = await novaServiceObserver(seen).observe(['compute-1', 'compute-2']);
    expect(looks.map(({ state, statement }) => [state, statement])).toEqual([
      ['up', expect.any(String)],
      ['unknown', 'its cell does not respond'],
    ]);
  });

  test('the view is partial, with the gaps, and its host and servers are unknown', async () => {
    const { seen } = await dark('compute-2');
    const view = await readCloudView(seen);
    expect(view.completeness).toBe('partial');
    expect(view.gaps.map(({ what }) => what)).toEqual([
      'compute services in cells that do not respond',
      'servers in cells that do not respond',
    ]);
    expect(view.hosts?.find(({ host }) => host === 'compute-2')).toMatchObject({
      up: false,
      unknown: 'its cell does not respond',
    });
    expect(view.servers?.filter(({ state }) => state === 'unknown')).toHaveLength(3);
  });

  test('nobody says that an administrator disabled it', () => {
    const site = siteWithDead(8, ['compute-3']);
    const hosts = site.cloud.hosts?.map((view) =>
      view.host === 'compute-3'
        ? hostView(view.host, { up: false, enabled: false, unknown: 'its cell does not respond' })
        : view,
    );
    const { recover, refusals } = decide({ ...site, cloud: { ...site.cloud, hosts } });
    expect(recover).toEqual([]);
    expect(refusals).toMatchObject([{ code: 'ha.not-told', reason: 'compute-3: its cell does not respond' }]);
  });

  test('what its loss stops is not known; that of another host is', async () => {
    const { seen } = await dark('compute-2');
    const view = await withCapacity(seen, await readCloudView(seen));
    expect(simulate({ view }, { hosts: ['compute-2'] }).verdict).toBe('unknown');
    const { stays } = simulate({ view }, { hosts: ['compute-2'] });
    expect(stays).toEqual([]);
  });

  test('its workers are not known to work, and the list is partial', async () => {
    const { seen } = await dark('compute-2');
    const snapshot = await observe(seen);
    expect(snapshot.compute.completeness).toBe('partial');
    const findings = assess(snapshot);
    expect(findings.find(({ subject }) => subject.id === 'nova-compute on compute-2')).toMatchObject({
      verdict: 'unknown',
      title: 'Whether nova-compute on compute-2 works is not known',
    });
    expect(findings.find(({ id }) => id === 'ha.workers-unseen')).toMatchObject({ verdict: 'unknown' });
  });

  // nova `servicegroup/drivers/mc.py`: what a driver cannot tell is not always told as `down`.
  test('a row without a state is unknown, not down', async () => {
    const { simulated } = await siteWithServers(1);
    const seen = answering(simulated, async (request, response) => {
      if (!request.url.includes('/os-services')) return response;
      const body = (await response.json()) as { services: { state?: string }[] };
      for (const service of body.services) delete service.state;
      return Response.json(body, { headers: { 'OpenStack-API-Version': 'compute 2.73' } });
    });
    onTestFinished(async () => seen[Symbol.asyncDispose]());
    const looks = await novaServiceObserver(seen).observe(['compute-2']);
    expect(looks).toMatchObject([{ state: 'unknown', statement: 'Nova gives no state of it' }]);
  });
});

describe('the list of hosts is shorter than it was', () => {
  test('the missing ones count as down, so that the mass-outage gates stay closed', () => {
    const site = siteWithDead(12, ['compute-3']);
    const few = site.cloud.hosts?.slice(0, 4);
    const { recover, refusals } = decide({ ...site, cloud: { ...site.cloud, hosts: few } });
    expect(recover).toEqual([]);
    expect(refusals.find(({ code }) => code === 'ha.gate.share-down')?.reason).toBe(
      '9 of 12 hosts are down or recovered and not back, 8 of them missing from the list',
    );
  });

  test('a whole one lets the recovery go on', () => {
    expect(decide(siteWithDead(12, ['compute-3'])).recover).toHaveLength(1);
  });
});
