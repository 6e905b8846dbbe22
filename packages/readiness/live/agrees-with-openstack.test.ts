import type { Finding } from '@groundcrew/ground';
import { type Cloud, connect } from '@groundcrew/core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { collect, type QuestionId, type Report, toHtml } from '../src/index.ts';
import { CleanUp } from './clean-up.ts';
import { OpenstackShell } from '@groundcrew/lab';

const name = `readiness-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
const clean = new CleanUp();
/** What OpenStack's own command says: a client that shares nothing with ours. */
const adminShell = new OpenstackShell({ ...process.env, OS_CLOUD: 'lab-admin' });
const memberShell = new OpenstackShell({ ...process.env, OS_CLOUD: 'lab-member' });
const admin = connect({ cloud: 'lab-admin' });
const member = connect({ cloud: 'lab-member' });

/** Things of this test, and what `lab-admin` and `lab-member` are told of a cloud that has them. */
const made = { servers: [] as string[], backedUp: '', bare: '', memberVolume: '', group: '', backup: '' };
let report: Report;
let memberReport: Report;
/** Counts by the `openstack` command before and after the report: others may be at work. */
let counts: Record<'servers' | 'volumes' | 'volume backups', number>[];

beforeAll(async () => {
  const [servers, volumes, group, ownVolume] = await Promise.all([
    twoServers(admin),
    twoVolumes(admin),
    openGroup(member),
    volume(member),
  ]);
  Object.assign(made, { servers, ...volumes, group, memberVolume: ownVolume });
  const before = await countAll();
  report = await collect(admin);
  memberReport = await collect(member);
  counts = [before, await countAll()];
}, 240_000);

afterAll(async () => {
  await clean.run();
  await Promise.all([admin.close(), member.close()]);
  await Promise.all([adminShell, memberShell].map((shell) => shell[Symbol.asyncDispose]()));
}, 240_000);

async function twoServers(cloud: Cloud): Promise<string[]> {
  const image = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
  clean.later(() => cloud.image.images.delete({ id: image.id }));
  await cloud.image.data.upload({ id: image.id }, new Uint8Array(65_536));
  const flavors = await Array.fromAsync(cloud.compute.flavors.list());
  const flavorRef = flavors.toSorted((a, b) => a.ram - b.ram)[0]?.id ?? '';
  const { servers } = cloud.compute.at('2.37');
  const input = { imageRef: image.id, flavorRef, networks: 'none' } as const;
  const both = [`${name}-1`, `${name}-2`].map(async (serverName) => {
    const { id } = await servers.create({ name: serverName, ...input });
    clean.later(async () => {
      await servers.delete({ id }, { missingOk: true });
      await servers.waitGone(id, { interval: 500 });
    });
    await servers.waitFor(id, 'ACTIVE', { interval: 500 });
    return id;
  });
  return Promise.all(both);
}

async function volume(cloud: Cloud): Promise<string> {
  const { volumes } = cloud.blockStorage;
  const { id } = await volumes.create({ name, size: 1 });
  clean.later(async () => {
    await volumes.delete({ id }, { missingOk: true });
    await volumes.waitGone(id, { interval: 500 });
  });
  await volumes.waitFor(id, 'available', { interval: 500 });
  return id;
}

async function twoVolumes(cloud: Cloud): Promise<{ backedUp: string; bare: string; backup: string }> {
  const [backedUp, bare] = await Promise.all([volume(cloud), volume(cloud)]);
  const { backups } = cloud.blockStorage;
  const { id } = await backups.create({ volume_id: backedUp, name });
  clean.later(async () => {
    await backups.delete({ id }, { missingOk: true });
    await backups.waitGone(id, { interval: 500 });
  });
  await backups.waitFor(id, 'available', { interval: 500 });
  return { backedUp, bare, backup: id };
}

async function openGroup(cloud: Cloud): Promise<string> {
  const { securityGroups, securityGroupRules } = cloud.network;
  const { id } = await securityGroups.create({ name });
  clean.later(() => securityGroups.delete({ id }, { missingOk: true }));
  await securityGroupRules.create({
    security_group_id: id,
    direction: 'ingress',
    ethertype: 'IPv4',
    remote_ip_prefix: '0.0.0.0/0',
  });
  return id;
}

async function countAll(): Promise<(typeof counts)[number]> {
  const [servers, volumes, backups] = await Promise.all([
    adminShell.rows('server list --all-projects --no-name-lookup'),
    adminShell.rows('volume list --all-projects'),
    adminShell.rows('volume backup list --all-projects'),
  ]);
  return { servers: servers.length, volumes: volumes.length, 'volume backups': backups.length };
}

const findings = (of: Report, id: QuestionId): readonly Finding[] =>
  of.answers.find((answer) => answer.id === id)?.findings ?? [];
const about = (of: Report, rule: string, subject: string): Finding[] =>
  of.answers.flatMap((answer) =>
    answer.findings.filter((finding) => finding.id === rule && finding.subject.id === subject),
  );

describe('as the administrator', () => {
  test.each(['servers', 'volumes', 'volume backups'] as const)('as many %s as openstack lists', (what) => {
    const [finding] = about(report, 'monitoring.inventory', what);
    expect(finding?.verdict).toBe('pass');
    const said = Number.parseInt(finding?.title ?? '', 10);
    const listed = counts.map((tally) => tally[what]);
    expect(said).toBeGreaterThanOrEqual(Math.min(...listed));
    expect(said).toBeLessThanOrEqual(Math.max(...listed));
    expect(said).toBeGreaterThanOrEqual(what === 'volume backups' ? 1 : 2);
  });

  test.each([
    ['compute', 'compute service list', 'Binary', (row: Row) => row['State'] === 'up'],
    ['block storage', 'volume service list', 'Binary', (row: Row) => row['State'] === 'up'],
    ['network', 'network agent list', 'Agent Type', (row: Row) => row['Alive'] === true],
  ] as const)(
    'workers of %s: the same ones, on the same hosts, in the same state',
    async (_, line, kind, isUp) => {
      const rows = await adminShell.rows(line);
      expect(rows.length).toBeGreaterThan(0);
      const said = findings(report, 'ha').filter((finding) => finding.id === 'ha.worker');
      for (const row of rows) {
        const worker = `${String(row[kind])} on ${String(row['Host'])}`;
        const verdicts = said
          .filter((finding) => finding.subject.id === worker)
          .map((finding) => finding.verdict);
        expect([worker, verdicts]).toEqual([worker, [isUp(row) ? 'pass' : 'fail']]);
      }
    },
  );

  test('no worker that openstack does not list', async () => {
    const lists = await Promise.all([
      adminShell.rows('compute service list'),
      adminShell.rows('volume service list'),
      adminShell.rows('network agent list'),
    ]);
    const said = findings(report, 'ha').filter((finding) => finding.id === 'ha.worker');
    expect(said).toHaveLength(lists.flat().length);
  });

  test('the volume with a backup can be restored, that without cannot', () => {
    expect(about(report, 'backup-dr.volume', made.backedUp)).toMatchObject([
      { verdict: 'pass', because: [{ statement: expect.stringContaining(made.backup) }] },
    ]);
    for (const id of [made.bare, made.memberVolume]) {
      expect(about(report, 'backup-dr.volume', id)).toMatchObject([
        { verdict: 'fail', title: `Volume ${name} has no copy to restore` },
      ]);
    }
  });

  test('both servers are there, and neither can be restored', () => {
    for (const id of made.servers) {
      expect(about(report, 'backup-dr.server', id)).toMatchObject([{ verdict: 'fail' }]);
    }
  });

  test('the group that lets everyone in is found, with its project', async () => {
    const groups = await adminShell.rows('security group list');
    const listed = groups.find((group) => group['ID'] === made.group);
    expect(listed).toMatchObject({ Name: name });
    const projects = await adminShell.rows('project list');
    const project = projects.find((row) => row['ID'] === listed?.['Project']);
    expect(about(report, 'audit.allow-all', made.group)).toMatchObject([
      {
        verdict: 'fail',
        severity: 'high',
        title: `Security group ${name} of project ${String(project?.['Name'])} lets every IPv4 address reach everything`,
      },
    ]);
  });

  test('the release is Zed', () => {
    expect(about(report, 'upgrade.uniform', 'release')).toMatchObject([
      { title: expect.stringMatching(/fit Zed \(2022\.2\)$/) },
    ]);
    expect(about(report, 'upgrade.supported', 'support')).toMatchObject([{ verdict: 'fail' }]);
  });

  test('the page has it all', () => {
    const page = toHtml(report);
    expect(page).toContain('Readiness of lab-admin');
    expect(page).toContain(name);
  });
});

describe('as a member', () => {
  test('nothing passes but what is public: versions', () => {
    const passed = memberReport.answers.flatMap((answer) =>
      answer.findings.filter((finding) => finding.verdict === 'pass').map((finding) => finding.id),
    );
    expect(passed.filter((id) => !id.startsWith('upgrade.'))).toEqual([]);
  });

  test('each question but the release is unknown, or fails by something that is the member’s', () => {
    expect(memberReport.answers.filter((answer) => answer.verdict === 'pass')).toEqual([]);
    for (const answer of memberReport.answers) expect(answer.findings.length).toBeGreaterThan(0);
    const unknown = findings(memberReport, 'ha').map((finding) => finding.verdict);
    expect(new Set(unknown)).toEqual(new Set(['unknown']));
  });

  test('the member’s own things are judged, and other people’s are not there', () => {
    expect(about(memberReport, 'audit.allow-all', made.group)).toMatchObject([{ verdict: 'fail' }]);
    // An administrator may have backed it up into another project.
    expect(about(memberReport, 'backup-dr.volume', made.memberVolume)).toMatchObject([
      { verdict: 'unknown' },
    ]);
    const text = JSON.stringify(memberReport);
    for (const id of [...made.servers, made.bare, made.backedUp]) expect(text).not.toContain(id);
  });

  test('the report counts what openstack shows the member, and says that there may be more', async () => {
    const volumes = await memberShell.rows('volume list');
    expect(volumes.map((row) => row['ID'])).toContain(made.memberVolume);
    expect(about(memberReport, 'monitoring.inventory', 'volumes')).toMatchObject([
      { verdict: 'unknown', title: expect.stringContaining('there may be more') },
    ]);
  });
});

/** The other releases, where `LAB_SUITES` names them: then the set-up of the live tests has brought them up. */
const suites = process.env['LAB_SUITES']?.split(',') ?? [];
const releases = [
  {
    suite: 'trixie',
    verdict: 'pass',
    title: 'All services fit 2025.1 (Epoxy) to 2025.2 (Flamingo)',
    because: '2025.1 (Epoxy) to 2025.2 (Flamingo) fits all of',
  },
  {
    suite: 'forky',
    verdict: 'fail',
    title: 'Services of different releases',
    because: 'image is 2026.2 (Hibiscus)',
  },
].filter(({ suite }) => suites.includes(suite));

test.each(releases)('the release of $suite: $title', async ({ suite, verdict, title, because }) => {
  const cloud = connect({ cloud: `lab-${suite}-admin` });
  onTestFinished(() => cloud.close());
  const [uniform] = about(await collect(cloud), 'upgrade.uniform', 'release');
  expect(uniform).toMatchObject({ verdict, title });
  expect(uniform?.because.map((reason) => reason.statement).join('\n')).toContain(because);
});

type Row = Record<string, unknown>;
