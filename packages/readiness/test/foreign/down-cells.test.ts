import { connect } from '@groundcrew/core';
import { assess, observe, readInventory } from '@groundcrew/monitoring';
import { type FaultScript, odd, simulateCloud, status } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';

// A cell that does not respond: nova `doc/source/admin/cells.rst`, "Handling cell failures"; API history of 2.69.

async function seen(script: FaultScript) {
  const simulated = simulateCloud({ scenario: 'unhealthy' });
  const { connectOptions } = await simulated.listen({ speed: 0 });
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  onTestFinished(async () => {
    await cloud[Symbol.asyncDispose]();
    await simulated.close();
  });
  simulated.fault(script);
  return cloud;
}

test('compute services are UNKNOWN: the list of servers, which leaves theirs out, is not whole', async () => {
  const cloud = await seen({ match: { operation: 'services.list' }, reply: odd('down-cell') });
  const { servers } = await readInventory(cloud);
  expect(servers.completeness).toBe('partial');
  expect(servers.gaps).toMatchObject([
    {
      what: 'servers in cells that do not respond',
      why: 'Nova answered UNKNOWN for 3 of its compute services, compute-1 among them',
    },
  ]);
});

test('servers are UNKNOWN: nothing says that all of them were looked at', async () => {
  const cloud = await seen({ match: { operation: 'servers.list' }, reply: odd('down-cell') });
  const findings = assess(await observe(cloud)).filter(({ subject }) => subject.id === 'servers');
  expect(findings.map(({ verdict }) => verdict)).not.toContain('pass');
  expect(JSON.stringify(findings)).toContain('UNKNOWN');
});

test('whether a cell is down cannot be asked: the list may have holes, and says so', async () => {
  const cloud = await seen({ match: { operation: 'services.list' }, reply: status(500) });
  const { servers } = await readInventory(cloud);
  expect(servers.completeness).toBe('partial');
  expect(servers.value.length).toBeGreaterThan(0);
});
