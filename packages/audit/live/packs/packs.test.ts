import { request } from 'node:http';
import { type Cloud, connect, loadCloud } from '@groundcrew/core';
import { ensureLab, waitUntil } from '@groundcrew/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { allPacks, observeEstate } from '../../src/packs.ts';
import { type ComplianceReport, evaluate } from '../../src/policy.ts';
import { honest } from '../../test/packs/honest.ts';
import { expected, play } from '../../test/packs/estate-scenario.ts';

const name = `groundcrew-audit-${process.pid}`;
let entry: ReturnType<typeof loadCloud>;
let admin: Cloud;
let member: Cloud;
const opened: Cloud[] = [];

beforeAll(async () => {
  const lab = await ensureLab({ only: 'full' });
  const env = { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml };
  entry = loadCloud({ cloud: lab.cloud('admin'), env });
  admin = connect({ cloud: lab.cloud('admin'), env });
  member = connect({ cloud: lab.cloud('member'), env });
  opened.push(admin, member);
}, 1_800_000);
afterAll(() => Promise.all(opened.map((cloud) => cloud.close())));

const judge = async (cloud: Cloud): Promise<ComplianceReport> =>
  evaluate(allPacks, await observeEstate(cloud), { now: cloud.clock.now() });
const verdictOf = ({ findings }: ComplianceReport, policy: string, subject: string) =>
  findings.find((finding) => finding.id === `audit.${policy}` && finding.subject.name === subject)?.verdict;

test('the same faults as on the simulated cloud, told to the same people', async () => {
  const told = await play({
    admin,
    name,
    as: (auth) => {
      const cloud = connect({
        region_name: entry.region_name,
        auth: {
          ...auth,
          auth_url: entry.auth.auth_url,
          user_domain_name: 'Default',
          project_domain_name: 'Default',
        },
      });
      opened.push(cloud);
      return cloud;
    },
  });
  const { admin: wide, member: narrow, ...words } = told;
  expect(words).toEqual(expected);
  honest(wide);
  honest(narrow);
  expect(narrow.scope).toMatchObject({ all: false, words: `project ${name} only`, denied: [] });
  // What every administrator of this lab is told: nothing is behind TLS, and nothing of the identity is unread.
  expect(
    wide.policies.find(({ id }) => id === 'audit.endpoint.public-over-http')?.tally.fail,
  ).toBeGreaterThan(5);
  expect(wide.policies.find(({ id }) => id === 'audit.identity.many-system-admins')?.tally.unknown).toBe(0);
});

test('a container that somebody opened, on real Swift', async () => {
  const container = `${name} ä?`;
  // Swift's metadata are headers, which raw requests do not take.
  const url = await member.endpoint('object-store');
  const token = await member.token();
  const swift = (method: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${url.replace(/\/$/, '')}/${encodeURIComponent(container)}`, {
      method,
      headers: { 'x-auth-token': token?.value.reveal() ?? '', ...headers },
    });
  try {
    const made = await swift('PUT', { 'x-container-read': '.r:*,.rlistings', 'x-container-write': '*:*' });
    expect(made.status).toBe(201);
    const before = await judge(member);
    for (const policy of ['public-read', 'public-listing', 'written-by-every-user'])
      expect(verdictOf(before, `container.${policy}`, container), policy).toBe('fail');
    expect(verdictOf(before, 'container.read-by-every-user', container)).toBe('pass');

    await swift('POST', { 'x-remove-container-read': 'x', 'x-container-write': '' });
    const after = await judge(member);
    for (const policy of ['public-read', 'public-listing', 'written-by-every-user'])
      expect(verdictOf(after, `container.${policy}`, container), policy).toBe('pass');
    // An administrator is shown the own account only, and is told nothing of this one.
    expect(verdictOf(await judge(admin), 'container.public-read', container)).toBeUndefined();
  } finally {
    await swift('DELETE');
  }
});

test('a container that no URL can name is a gap, and stops nothing', async () => {
  const token = await member.token();
  const { hostname, port, pathname } = new URL(await member.endpoint('object-store'));
  // Unlike fetch, it sends the path as it is.
  const raw = (method: string) =>
    new Promise<number>((resolve, reject) => {
      const path = `${pathname.replace(/\/$/, '')}/%2E%2E`;
      const headers = { 'x-auth-token': token?.value.reveal() ?? '' };
      const sent = request({ hostname, port, method, path, headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      sent.on('error', reject).end();
    });
  expect(await raw('PUT')).toBeLessThan(300);
  try {
    const { containers } = await observeEstate(member);
    expect(containers.gaps.map(({ why }) => why)).toContain('no URL can name it');
    expect(containers.value.map((item) => item.name)).not.toContain('..');
  } finally {
    await raw('DELETE');
  }
});

const Balancer = z.looseObject({
  loadbalancer: z.looseObject({ id: z.string(), provisioning_status: z.string() }),
});

test('a listener that speaks HTTP to everybody, on real Octavia', async () => {
  const [subnet] = await Array.fromAsync(admin.network.subnets.list({ name: 'public' }));
  const subnets = subnet === undefined ? await Array.fromAsync(admin.network.subnets.list({})) : [subnet];
  const body = {
    loadbalancer: {
      name,
      vip_subnet_id: subnets[0]?.id,
      listeners: [{ name, protocol: 'HTTP', protocol_port: 80 }],
    },
  };
  const made = await admin.request('load-balancer', {
    method: 'POST',
    path: 'lbaas/loadbalancers',
    body,
    schema: Balancer,
  });
  const path = `lbaas/loadbalancers/${made.body.loadbalancer.id}`;
  try {
    await waitUntil(
      async () =>
        (await admin.request('load-balancer', { path, schema: Balancer })).body.loadbalancer
          .provisioning_status === 'ACTIVE',
      { within: 60_000, what: 'the load balancer' },
    );
    const report = await judge(admin);
    expect(verdictOf(report, 'load-balancer.plaintext', name)).toBe('fail');
    expect(verdictOf(report, 'load-balancer.open-to-all', name)).toBe('fail');
    expect(verdictOf(report, 'load-balancer.old-tls', name)).toBeUndefined();
  } finally {
    await admin.request('load-balancer', { method: 'DELETE', path, query: { cascade: true } });
  }
});
