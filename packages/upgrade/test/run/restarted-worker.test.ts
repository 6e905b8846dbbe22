import type { Cloud } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { heartbeatsOf } from '../../src/run.ts';
import { carryOut, failureOf, planOf } from './fixtures/carry-out.ts';
import { SimulatedSite } from './fixtures/simulated-site.ts';
import { topology } from './fixtures/topology.ts';

describe('a worker that was restarted', () => {
  test('one that runs and reports to nobody is none', async () => {
    const site = new SimulatedSite(topology);
    site.reports = (host, component) => !(host === 'cmp-2' && component === 'nova-compute');
    expect(await failureOf(carryOut(planOf(), site))).toEqual([
      ['restart-nova-compute-cmp-2', 'upgrade.not-reporting'],
    ]);
  });

  test('where nobody can be asked, the process is what is looked at', async () => {
    const site = new SimulatedSite(topology);
    const heartbeats = () => Promise.reject(new Error('503'));
    expect((await carryOut(planOf(), site, { heartbeats })).status).toBe('succeeded');
  });

  test('reports are those of the host by its short name, its whole name and its back ends', async () => {
    const at = '2026-11-30T12:00:00Z';
    const asked: unknown[] = [];
    const list = (...hosts: string[]) => ({
      list: async function* (filter: { readonly host?: string }) {
        asked.push(filter);
        for (const host of hosts)
          if (filter.host === undefined || filter.host === host)
            yield { host, updated_at: at, heartbeat_timestamp: at };
      },
    });
    const cloud = {
      compute: { services: list('cmp-1.example.com', 'cmp-10.example.com') },
      blockStorage: { services: list('ctl-1@lvm', 'ctl-1@ceph', 'ctl-2@lvm') },
      network: { agents: list('cmp-1', 'net-1') },
    } as unknown as Cloud;
    const heartbeats = heartbeatsOf(cloud);
    const of = (host: string, component: string) =>
      heartbeats({ host, component }, { signal: new AbortController().signal });
    for (const _ of ['from the whole list', 'by the names found there']) {
      expect(await of('cmp-1', 'nova-compute')).toEqual({ 'cmp-1.example.com': at });
      expect(await of('ctl-1', 'cinder-volume')).toEqual({ 'ctl-1@lvm': at, 'ctl-1@ceph': at });
      expect(await of('net-1', 'neutron-l3-agent')).toEqual({ 'net-1': at });
      expect(await of('ctl-1', 'heat-engine')).toEqual({});
    }
    expect(asked).toEqual([
      { binary: 'nova-compute' },
      { binary: 'cinder-volume' },
      { binary: 'neutron-l3-agent' },
      { binary: 'nova-compute', host: 'cmp-1.example.com' },
      { binary: 'cinder-volume', host: 'ctl-1@lvm' },
      { binary: 'cinder-volume', host: 'ctl-1@ceph' },
      { binary: 'neutron-l3-agent', host: 'net-1' },
    ]);
  });
});
