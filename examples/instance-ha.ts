// A compute host dies: seen by two observers, fenced over Redfish, evacuated, taken back, and accounted for.
import { connect } from '@groundcrew/core';
import { fencer, redfishDriver } from '@groundcrew/ha/fencing';
import {
  haController,
  haPolicy,
  novaServiceObserver,
  postMortem,
  powerObserver,
} from '@groundcrew/ha/instances';
import { type Journal, memoryJournal, memoryState } from '@groundcrew/runbook';
import { simulateBmcs, simulateCloud } from '@groundcrew/sim';

await using simulated = simulateCloud({ scenario: 'site' });
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });

// The machines' boards: what an order does to the power, happens to the simulated machine.
const hosts = (await Array.fromAsync(cloud.compute.services.list({ binary: 'nova-compute' }))).map(
  ({ host }) => host,
);
const bmcs = simulateBmcs({
  hosts,
  clock: simulated.clock,
  onPower: (host, power) => (power === 'Off' ? simulated.hosts.kill(host) : simulated.hosts.revive(host)),
});
const { url, close } = await bmcs.listen();
const account = { url, username: 'admin', password: 'password' };
const boards = redfishDriver({
  hosts: Object.fromEntries(hosts.map((host) => [host, { ...account, systemId: host }])),
});

const journals = new Map<string, Journal>();
const controller = haController({
  cloud,
  fencer: fencer({ drivers: [boards], clock: simulated.clock }),
  observers: [novaServiceObserver(cloud), powerObserver(boards, { clock: simulated.clock })],
  policy: haPolicy({ observers: ['nova-service', 'power'] }),
  state: memoryState(),
  journal: (name) => {
    const journal = journals.get(name) ?? memoryJournal();
    journals.set(name, journal);
    return journal;
  },
});
const victim = 'rack-a-compute-1';
const stop = new AbortController();
controller.events.on('started', ({ plan }) => console.log(plan.title));
controller.events.on('ended', ({ host, purpose, outcome }) => {
  console.log(`${purpose} ${host}: ${outcome.status}`);
  if (purpose === 'return') stop.abort();
});

// Its fuse blows: the board sees no power, and after a minute Nova misses its heartbeat.
bmcs.board(victim).set('Off');
await controller.run({ signal: stop.signal });

for (const [name, journal] of journals) {
  if (!name.startsWith(`recover-${victim}`)) continue;
  const { counts, outcome, timeline } = postMortem(await journal.read());
  console.log(
    `${outcome}: ${counts.moved} servers moved, ${counts.failed} failed, ${timeline.length} moments to look at`,
  );
}
await close();
