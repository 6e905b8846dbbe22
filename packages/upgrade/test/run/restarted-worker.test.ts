import type { Cloud } from '@groundcrew/core';
import { memoryJournal } from '@groundcrew/runbook';
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

  describe('of which nobody knows', () => {
    const compute = planOf({ services: ['nova'] });
    const reportsOf = async (site: SimulatedSite, more: Parameters<typeof carryOut>[2] = {}) => {
      const { journal = memoryJournal() } = more;
      expect((await carryOut(compute, site, { ...more, journal })).status).toBe('succeeded');
      return new Map(
        (await journal.read()).flatMap(({ event }) =>
          event.type === 'step-acted' ? [[event.step, event.output] as const] : [],
        ),
      );
    };

    test.each([
      [
        'nobody can be asked',
        { heartbeats: () => Promise.reject(new Error('503')) },
        'whether nova-compute reports could not be asked: 503',
      ],
      ['nobody keeps a record', { heartbeats: async () => ({}) }, 'no service has a record of nova-compute'],
      [
        'nobody is asked',
        { heartbeats: undefined },
        'nobody was asked whether nova-compute reports: the executor has no `heartbeats`',
      ],
    ])('%s: the process runs, and the report is unknown', async (_, how, because) => {
      const reports = await reportsOf(new SimulatedSite(topology), how);
      const unknown = { outcome: 'unknown', because, facts: { 'nova-compute': 'not known' } };
      expect(reports.get('restart-nova-compute-cmp-1')).toEqual(unknown);
      // A signal is one, too; the API answered.
      expect(reports.get('signal-nova-cmp-1')).toEqual(unknown);
      expect(reports.get('restart-nova-api-ctl-1')).toEqual({ outcome: 'changed', facts: {} });
    });

    test('one that reports, or answers where it is asked, was seen', async () => {
      const heard = await reportsOf(new SimulatedSite(topology));
      expect(heard.get('restart-nova-compute-cmp-1')).toEqual({
        outcome: 'changed',
        facts: { 'nova-compute': 'reported anew' },
      });
      const { endpoints } = new SimulatedSite(topology).apis;
      const answering = await reportsOf(new SimulatedSite(topology), {
        heartbeats: undefined,
        endpoints: { ...endpoints, 'nova-compute': () => async () => ({ ok: true }) },
      });
      expect(answering.get('restart-nova-compute-cmp-1')).toEqual({
        outcome: 'changed',
        facts: { 'nova-compute': 'answered' },
      });
    });

    test('its record is asked for again where its service was away for a moment', async () => {
      const site = new SimulatedSite(topology);
      let refused = 0;
      const heartbeats: typeof site.heartbeats = async (...of) => {
        if (refused < 3) throw new Error(`503 ${(refused += 1)}`);
        return site.heartbeats(...of);
      };
      const reports = await reportsOf(site, { heartbeats });
      expect(refused).toBe(3);
      expect([...reports.values()].filter((report) => JSON.stringify(report).includes('503'))).toEqual([]);
    });

    test('one that came up late is witnessed by another attempt, not let pass', async () => {
      const site = new SimulatedSite(topology);
      let asks = 0;
      // It does not run while its report is made, and does when it is verified.
      site.answer = (host, command) =>
        host === 'cmp-1' &&
        command.includes('is-active') &&
        command.at(-1) === 'nova-compute' &&
        (asks += 1) <= 31
          ? { exit: 3 }
          : undefined;
      const journal = memoryJournal();
      const how = { journal, heartbeats: async () => ({}) };
      expect(await failureOf(carryOut(compute, site, how))).toEqual([
        ['restart-nova-compute-cmp-1', 'upgrade.not-witnessed'],
      ]);
      const reports = await reportsOf(site, how);
      expect(reports.get('restart-nova-compute-cmp-1')).toMatchObject({ outcome: 'unknown' });
    });
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
