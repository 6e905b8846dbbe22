import { readInventory } from '@groundcrew/monitoring';
import { memoryJournal, run } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { observeSecurityGroups } from '../../src/security-groups.ts';
import {
  decideResponses,
  disableUser,
  imagePrivate,
  liveMigrate,
  lock,
  memoryNotices,
  pause,
  planResponses,
  portDown,
  quarantine,
  type Response,
  responseImplementations,
  responsePolicy,
  responseContext,
  shelve,
  stop,
  suspend,
  tag,
} from '../../src/response.ts';
import { aServer, type Stage, stage, wrong } from './stage.ts';

const policy = (response: Response) =>
  responsePolicy({ mode: 'enforce', rules: [{ finding: '*', do: [response] }] });

/** The plan for a thing, in the cloud as it is now. */
async function planned({ cloud }: Stage, kind: string, id: string, response: Response) {
  const servers = {
    value: await Array.fromAsync(cloud.compute.at('2.26').servers.list({ all_tenants: true })),
  };
  const context = responseContext(await observeSecurityGroups(cloud), {
    ...(await readInventory(cloud)),
    servers,
  });
  const rules = policy(response);
  return planResponses(decideResponses([wrong(kind, id)], rules, [], 0), rules, context);
}

test.each([
  ['lock', lock()],
  ['tag', tag('bad')],
  ['pause', pause()],
  ['suspend', suspend()],
  ['stop', stop()],
  ['shelve', shelve()],
])('%s is planned while it is not so, and not once it is', async (_, response) => {
  const site = await stage();
  expect(await planTwice(site, 'server', await aServer(site), response)).toEqual(ONCE);
});

test('ports and images likewise; a quarantine that somebody opened is none', async () => {
  const site = await stage();
  const { cloud } = site;
  const { id: network_id } = await cloud.network.networks.create({ name: 'n' });
  const port = async (): Promise<string> => (await cloud.network.ports.create({ network_id })).id;
  expect(await planTwice(site, 'port', await port(), portDown())).toEqual(ONCE);
  const shut = await port();
  expect(await planTwice(site, 'port', shut, quarantine())).toEqual(ONCE);
  const { security_groups = [] } = await cloud.network.ports.get({ id: shut });
  await cloud.network.securityGroupRules.create({
    security_group_id: security_groups[0] ?? '',
    direction: 'ingress',
    ethertype: 'IPv4',
  });
  expect(await planned(site, 'port', shut, quarantine())).toMatchObject({ ok: true });
  const { id: image } = await cloud.image.images.create({
    name: 'i',
    disk_format: 'raw',
    container_format: 'bare',
    visibility: 'public',
  });
  expect(await planTwice(site, 'image', image, imagePrivate())).toEqual(ONCE);
});

test('of what was not read nothing is supposed', async () => {
  const site = await stage();
  const { isInEffect } = responseContext(await observeSecurityGroups(site.cloud));
  const of = (response: Response, kind: 'server' | 'port' | 'user' | 'image') =>
    response.do === 'after' ? true : isInEffect?.({ response, target: { kind, id: 'x' } });
  expect([
    of(lock(), 'server'),
    of(stop(), 'server'),
    of(liveMigrate(), 'server'),
    of(quarantine(), 'port'),
    of(imagePrivate(), 'image'),
    of(disableUser(), 'user'),
  ]).toEqual(Array.from({ length: 6 }, () => undefined));
});

const ONCE = { done: 'succeeded', again: ['audit.nothing-due: all of it is so already'] };

/** Carries it out, and tells the result of planning it again. */
async function planTwice(site: Stage, kind: string, id: string, response: Response) {
  const before = await planned(site, kind, id, response);
  if (!before.ok) throw new Error(before.refusals[0].reason);
  const { status: done } = await run(before.plan, {
    approved: before.plan.digest,
    implementations: responseImplementations({ cloud: site.cloud, channels: [], notices: memoryNotices() }),
    revisionOf: async (target) => target.revision,
    journal: memoryJournal(),
  }).outcome;
  const after = await planned(site, kind, id, response);
  return { done, again: after.ok ? [] : after.refusals.map(({ code, reason }) => `${code}: ${reason}`) };
}
