// What lists leave out of an estate: servers of a cell that is down, and by whom users come.
import { odd } from '@groundcrew/sim';
import { expect, test } from 'vitest';
import { allPacks, observeEstate } from '../../src/packs.ts';
import { evaluate } from '../../src/policy.ts';
import { aServer } from '../response/stage.ts';
import { behindGateway } from './gateway.ts';

// nova `doc/source/admin/cells.rst`, "Handling cell failures": before 2.69 its servers are left out without a word.
test('servers of a cell that is down are judged, and not left out', async () => {
  const { simulated, cloud } = await behindGateway();
  await aServer({ cloud });
  simulated.fault({ match: { operation: 'servers.list' }, reply: odd('down-cell') });
  const estate = await observeEstate(cloud);
  expect(estate.servers.value.map(({ key_name, metadata }) => [key_name, metadata])).toContainEqual([
    undefined,
    undefined,
  ]);
  const asked = simulated.requests.filter({ operation: 'servers.list' });
  expect(asked.map(({ microversion }) => microversion)).toEqual(['2.69']);
  const { findings } = evaluate(allPacks, estate, { now: cloud.clock.now() });
  for (const id of ['audit.server.without-keypair', 'audit.server.secret-in-metadata'])
    expect(findings.filter((finding) => finding.id === id).map(({ verdict }) => verdict)).toContain(
      'unknown',
    );
});

// keystone/identity/core.py: `get_user` tells a user's identity providers, `list_users` nobody's, but it takes `idp_id`
// (`_handle_shadow_and_local_users`).
const provider = (id: string) => ({ id, enabled: true, description: null, remote_ids: [], links: {} });
const links = { self: '', next: null, previous: null };

test('users are asked for by identity provider, since a list tells of none', async () => {
  const { cloud, serves } = await behindGateway();
  const { id } = await cloud.identity.users.create({ name: 'ada' });
  // The simulated Keystone has no federation, and so nobody who comes by it.
  const before = (await observeEstate(cloud)).users.value;
  expect(before.map((user) => user.federated)).toEqual(before.map(() => []));
  const federated = await cloud.identity.users.get({ id });
  serves(/OS-FEDERATION\/identity_providers/, { identity_providers: [provider('acme')], links });
  serves(/users\?(.*&)?idp_id=acme/, { users: [federated], links });
  const { users } = await observeEstate(cloud);
  const others = users.value.filter((user) => user.id !== id);
  expect(users.value.find((user) => user.id === id)?.federated).toMatchObject([{ idp_id: 'acme' }]);
  expect(others.map((user) => user.federated)).toEqual(others.map(() => []));
});
