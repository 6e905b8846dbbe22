import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rehearse } from '@groundcrew/runbook';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commandExecutor, upgradeImplementations } from '../../src/run.ts';
import { carryOut, failureOf, planOf } from './fixtures/carry-out.ts';
import { SimulatedSite } from './fixtures/simulated-site.ts';
import { topology } from './fixtures/topology.ts';

/** The address of a server that answers so, and leads elsewhere if it is asked to. */
async function answering(status: number): Promise<string> {
  const server = createServer((_, answer) => {
    answer.writeHead(status, status === 302 ? { location: '/login' } : {}).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3`;
}

describe('an API that was restarted', () => {
  test('a process that runs and could not load its application is no API', async () => {
    const site = new SimulatedSite(topology);
    site.status = (host, component) => (host === 'ctl-2' && component === 'nova-api' ? 500 : 200);
    const outcome = await carryOut(planOf(), site);
    expect(outcome).toMatchObject({
      status: 'failed',
      failures: [
        {
          step: 'restart-nova-api-ctl-2',
          code: 'upgrade.not-answering',
          message: expect.stringContaining('nova-api (HTTP 500) on ctl-2 do not answer'),
        },
      ],
    });
  });

  const atAnAddress = async (status: number) => {
    const url = await answering(status);
    const site = new SimulatedSite(topology);
    const plan = planOf({ services: ['keystone'] });
    return { url, outcome: await carryOut(plan, site, { endpoints: { keystone: () => url } }) };
  };

  test.each([200, 300, 401])('HTTP %i at its address is an answer', async (status) => {
    expect((await atAnAddress(status)).outcome).toMatchObject({ status: 'succeeded' });
  });

  test.each([302, 404, 503])('HTTP %i at its address is none', async (status) => {
    const { url, outcome } = await atAnAddress(status);
    const said = expect.stringContaining(`keystone (${url}: HTTP ${status})`);
    expect(outcome).toMatchObject({ status: 'failed', failures: [{ message: said }] });
  });

  test('one that takes its time is waited for', async () => {
    const site = new SimulatedSite(topology);
    let asked = 0;
    site.status = () => ((asked += 1) < 60 ? 503 : 200);
    expect((await carryOut(planOf({ services: ['keystone'] }), site)).status).toBe('succeeded');
  });

  test('is not restarted where nobody has said how it can be asked: a rehearsal says so before the night', async () => {
    const site = new SimulatedSite(topology);
    const plan = planOf({ services: ['keystone'] });
    const rehearsed = await rehearse(plan, {
      approved: plan.digest,
      implementations: upgradeImplementations({ hosts: site.hosts, executor: commandExecutor() }),
    });
    expect(JSON.stringify(rehearsed)).toContain('upgrade.no-endpoint');
    expect(await failureOf(carryOut(plan, site, { endpoints: {} }))).toEqual([
      ['restart-keystone-ctl-1', 'upgrade.no-endpoint'],
    ]);
    expect(site.commands.some((line) => line.includes('systemctl restart'))).toBe(false);
  });
});
