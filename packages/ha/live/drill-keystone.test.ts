import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createNamespaces,
  type Daemon,
  ensureLab,
  ensurePackages,
  type Namespace,
  type Namespaces,
  waitUntil,
} from '@groundcrew/lab';
import { drillHistory } from '@groundcrew/monitoring';
import {
  explain,
  type Host,
  memoryJournal,
  type Outcome,
  type Plan,
  type Planned,
  run,
} from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogue, observeVip } from '../src/stack.ts';
import type { DrillTarget } from '../src/drill/drill-implementations.ts';
import type { DrillReport } from '../src/drill/drill-report.ts';
import type { DrillFault } from '../src/drill/fault.ts';
import { planDrill } from '../src/drill/plan-drill.ts';
import { isDrillProof, prove } from '../src/drill/prove.ts';
import { watchBalancer, watchVip } from '../src/drill/watch.ts';
import { enrollImplementations } from '../src/enroll/enroll-implementations.ts';
import { observeEnrollment } from '../src/enroll/observe-enrollment.ts';
import { planEnrollment } from '../src/enroll/plan-enrollment.ts';
import { planRetirement } from '../src/enroll/plan-retirement.ts';
import { serversOn } from '../src/enroll/runtime-socket.ts';
import { haSettings } from '../src/enroll/settings.ts';
import type { EnrollOptions } from '../src/enroll/topology.ts';
import { clientIn, type RemoteClient } from './drill-client.ts';
import { type LiveBalancer, liveBalancer } from './enroll-balancer.ts';
import { databaseFile, keystoneReplica, type KeystoneReplica } from './enroll-keystone.ts';

// One story, in order: a Keystone behind one hand-made balancer becomes HA, and proves it.
let net: Namespaces | undefined;
let client: RemoteClient | undefined;
let database: Daemon | undefined;
let directory = '';
let vip = '';
let hosts: Host[] = [];
let balancers: LiveBalancer[] = [];
let replicas: KeystoneReplica[] = [];
let options: EnrollOptions;

const must = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`no ${what}`);
  return value;
};
const keystone = must(catalogue['keystone'], 'keystone in the catalogue');
const host = (name: string): Host => {
  const found = hosts.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
};
const balancerHosts = (): Host[] => [host('lb-1'), host('lb-2')];

beforeAll(async () => {
  const lab = await ensureLab();
  await ensurePackages(['haproxy', 'keepalived', 'socat', 'nftables', 'curl', 'procps']);
  // keepalived runs scripts only from folders that nobody but root may write to.
  directory = await mkdtemp('/run/groundcrew-drill-');
  const made = await createNamespaces(['lb-1', 'lb-2', 'api-1', 'api-2', 'client']);
  net = made;
  const of = (name: string): Namespace => made.of(name);
  vip = made.spare(0);
  hosts = made.all.map(({ name, prefix }) => localHost({ name, prefix }));
  database = await databaseFile(directory);
  balancers = await Promise.all(['lb-1', 'lb-2'].map((name) => liveBalancer(of(name), directory)));
  replicas = await Promise.all(['api-1', 'api-2'].map((name) => keystoneReplica(lab, of(name), directory)));
  options = {
    topology: {
      vip: { address: vip, prefix: made.prefixLength, routerId: 77 },
      balancers: balancers.map(({ topology }) => topology),
      advertInterval: '500ms',
    },
    replicas: replicas.map(({ namespace, settings, restart }) => ({
      name: `keystone-${namespace.name}`,
      address: namespace.address,
      settings: { host: namespace.name, path: settings, restart: [...restart] },
    })),
    // The worst for users: leastconn, the default, soon leaves a frozen one alone.
    tuning: { balance: 'roundrobin' },
    settings: haSettings(keystone, {}),
  };
  const env = await lab.env(lab.cloud('member'));
  const name = (value: string | undefined, by: 'NAME' | 'ID' = 'NAME') => ({ [by.toLowerCase()]: value });
  client = await clientIn(of('client'), {
    url: `http://${vip}:5000/v3/auth/tokens`,
    timeout: 2_000,
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: {
            user: {
              name: env['OS_USERNAME'],
              password: env['OS_PASSWORD'],
              domain:
                env['OS_USER_DOMAIN_ID'] === undefined
                  ? name(env['OS_USER_DOMAIN_NAME'])
                  : name(env['OS_USER_DOMAIN_ID'], 'ID'),
            },
          },
        },
      },
    }),
  });
});

afterAll(async () => {
  await client?.[Symbol.asyncDispose]();
  await net?.stop();
  await database?.stop();
  if (directory !== '') await rm(directory, { recursive: true, force: true });
  process.stdout.write(table());
});

const look = () =>
  observeEnrollment(options.topology, hosts, {
    settings: replicas.map(({ namespace, settings }) => ({ host: namespace.name, path: settings })),
  });
const planOf = (answer: Planned): Plan => {
  if (!answer.ok) throw new Error(answer.refusals.map(({ reason }) => reason).join('; '));
  return answer.plan;
};
const codesOf = (answer: Planned): string[] =>
  answer.ok ? ['ok'] : [...new Set(answer.refusals.map(({ code }) => code))];

async function carryOut(plan: Plan): Promise<void> {
  const execution = run(plan, {
    approved: plan.digest,
    implementations: enrollImplementations({ hosts, within: '90s' }),
    journal: memoryJournal(),
    onFailure: 'roll-back',
  });
  const outcome = await execution.outcome;
  expect('failures' in outcome ? outcome.failures : []).toEqual([]);
  expect(outcome.status).toBe('succeeded');
}

const owner = async (): Promise<string> => {
  const { value } = await observeVip({ address: vip, hosts: balancerHosts() });
  return value?.owners.join(' and ') ?? 'unseen';
};

/** Both balancers see both replicas, and one of them has the address. */
async function whole(): Promise<boolean> {
  const seen = await Promise.all(
    balancers.map(({ topology, socket }) => serversOn(host(topology.host), socket)),
  );
  const up = seen.flat().filter((server) => server.up === true && /L7OK/.test(server.check ?? ''));
  return up.length === 4 && ['lb-1', 'lb-2'].includes(await owner());
}

test('a configuration of somebody else is not overwritten, and a refused candidate changes nothing', async () => {
  const [first] = balancers;
  const config = first?.topology.haproxy?.config ?? '';
  await writeFile(
    config,
    'defaults\n    timeout connect 1s\n    timeout client 1s\n    timeout server 1s\nlisten other\n    bind 127.0.0.1:8080\n',
  );
  expect(codesOf(planEnrollment(keystone, options, await look()))).toEqual(['enroll.foreign']);
  const plan = planOf(planEnrollment(keystone, { ...options, adopt: true }, await look()));
  expect(plan.warnings.join()).toContain(config);
  expect(explain(plan)).toContain('Activate');

  // HAProxy itself says no: the certificate is not there.
  const wrong = { ...options, adopt: true, certificate: join(directory, 'missing.pem'), settings: [] };
  const { outcome } = run(planOf(planEnrollment(keystone, wrong, await look())), {
    approved: planOf(planEnrollment(keystone, wrong, await look())).digest,
    implementations: enrollImplementations({ hosts }),
    journal: memoryJournal(),
    onFailure: 'roll-back',
  });
  const ended = await outcome;
  expect(ended.status).toBe('rolled-back');
  expect('failures' in ended && ended.failures.map(({ code }) => code)).toEqual([
    'enroll.not-accepted',
    'enroll.not-accepted',
  ]);
  expect(
    (await look()).balancers.map(({ haproxy, keepalived }) => [haproxy.state, keepalived.state]),
  ).toEqual([
    ['foreign', 'absent'],
    ['absent', 'absent'],
  ]);
});

test('two Keystones are enrolled behind two balancers, and once more is nothing to do', async () => {
  await carryOut(planOf(planEnrollment(keystone, { ...options, adopt: true }, await look())));
  expect(await whole()).toBe(true);
  expect(await client?.probe(new AbortController().signal)).toEqual({ ok: true });
  expect(codesOf(planEnrollment(keystone, options, await look()))).toEqual(['enroll.already']);
});

test('a replica that does not answer is not enrolled, and all is as it was', async () => {
  const dead = { name: 'keystone-dead', address: must(net, 'network').spare(9) };
  const more = { ...options, replicas: [...options.replicas, dead] };
  const plan = planOf(planEnrollment(keystone, more, await look()));
  const { outcome } = run(plan, {
    approved: plan.digest,
    implementations: enrollImplementations({ hosts, within: '4s' }),
    journal: memoryJournal(),
    onFailure: 'roll-back',
  });
  const ended = await outcome;
  expect(ended.status).toBe('rolled-back');
  expect('failures' in ended && ended.failures.map(({ code, message }) => [code, message])).toEqual([
    ['enroll.not-working', expect.stringContaining('keystone-dead of keystone is DOWN')],
  ]);
  await waitUntil(whole, { within: 10_000, what: 'the old state' });
  expect(codesOf(planEnrollment(keystone, options, await look()))).toEqual(['enroll.already']);
});

const reports: DrillReport[] = [];
const failuresOf = (outcome: Outcome) => ('failures' in outcome ? outcome.failures : []);

async function drilled(fault: DrillFault): Promise<DrillReport> {
  const target: DrillTarget = {
    name: 'keystone',
    probe: must(client, 'client').probe,
    watch: [
      ...balancers.map(({ topology, socket }) => watchBalancer(host(topology.host), socket)),
      watchVip(vip, balancerHosts()),
    ],
    whole,
  };
  // All of it shares two cores with the whole lab: tokens every 150 ms would take a core for themselves, and what nobody broke
  // is slower by a second now and then.
  const timing = { baseline: 5_000, settle: 2_000, limit: 40_000, interval: 300, slowerBy: 1_000 };
  const plan = planDrill({ target: 'keystone', faults: [fault], timing });
  const attempt = () =>
    prove(target, {
      faults: [fault],
      timing,
      hosts,
      approved: plan.digest,
      history: drillHistory(join(directory, 'drills.jsonl')),
    });
  let { outcome, drills } = await attempt();
  // The lab has been up for a minute: what is not quiet yet is not struck, and may be asked again.
  await waitUntil(
    async () => {
      if (!failuresOf(outcome).some(({ code }) => code === 'drill.unquiet')) return true;
      ({ outcome, drills } = await attempt());
      return false;
    },
    { within: 120_000, what: 'five seconds without an error' },
  );
  expect(failuresOf(outcome)).toEqual([]);
  const drill = must(drills[0], `report: ${outcome.status}`);
  reports.push(drill.report);
  expect(drill.report.healed, JSON.stringify(drill.report)).toBe(true);
  expect(drill.report.undoing.whole).toBe(true);
  expect(isDrillProof(drill.proof)).toBe(drill.report.verdict === 'pass');
  return drill.report;
}

const active = async (): Promise<LiveBalancer> => {
  await waitUntil(whole, { within: 30_000, what: 'a whole stack' });
  const name = await owner();
  return must(
    balancers.find(({ topology }) => topology.host === name),
    `active balancer: ${name}`,
  );
};

test('a Keystone is killed', async () => {
  const [, second] = replicas;
  const report = await drilled({
    kind: 'kill',
    host: 'api-2',
    victim: 'keystone on api-2',
    pids: ['cat', second?.pidFile ?? ''],
    restart: [...(second?.restart ?? ['false'])],
  });
  expect(report.downtime.ms).toBeLessThan(15_000);
  expect(report.timeline).toContainEqual(
    expect.objectContaining({ what: 'keystone/keystone-api-2', to: 'DOWN' }),
  );
});

test('a Keystone is frozen: detected, healed, and back after it was thawed', async () => {
  const report = await drilled({
    kind: 'freeze',
    host: 'api-1',
    victim: 'keystone on api-1',
    pids: ['cat', replicas[0]?.pidFile ?? ''],
  });
  expect(report.detected).toMatchObject({ what: 'keystone/keystone-api-1', from: 'UP', to: 'DOWN' });
  expect(report.downtime.ms).toBeLessThan(15_000);
});

test('the active HAProxy is killed', async () => {
  const { topology, haproxyPid, restartHaproxy } = await active();
  const report = await drilled({
    kind: 'kill',
    host: topology.host,
    victim: 'the active haproxy',
    pids: ['cat', haproxyPid],
    restart: [...restartHaproxy],
  });
  expect(report.downtime.ms).toBeLessThan(15_000);
  expect(report.timeline).toContainEqual(expect.objectContaining({ source: 'vip', what: vip }));
});

test('the active HAProxy is frozen', async () => {
  const { topology, haproxyPid } = await active();
  const report = await drilled({
    kind: 'freeze',
    host: topology.host,
    victim: 'the active haproxy',
    pids: ['cat', haproxyPid],
  });
  expect(report.downtime.ms).toBeLessThan(15_000);
  expect(report.timeline).toContainEqual(expect.objectContaining({ source: 'vip', what: vip }));
});

test('the active balancer is cut off', async () => {
  const { topology } = await active();
  const report = await drilled({
    kind: 'partition',
    host: topology.host,
    victim: 'the active balancer',
    interface: topology.interface,
  });
  expect(report.downtime.ms).toBeLessThan(20_000);
  // Nothing of the fault is left.
  const rules = await net?.of(topology.host).run(['nft', 'list', 'ruleset']);
  expect(rules).not.toContain('groundcrew_drill');
});

test('what is left behind: nothing; and a replica retires without an error', async () => {
  await waitUntil(whole, { within: 30_000, what: 'a whole stack' });
  const retire = (names: string[], acceptSingle: boolean) =>
    look().then((present) =>
      planRetirement(
        keystone,
        { topology: options.topology, replicas: names, drain: '10s', acceptSingle },
        present,
      ),
    );
  expect(codesOf(await retire(['keystone-api-2'], false))).toEqual(['enroll.last-replica']);
  const plan = planOf(await retire(['keystone-api-2'], true));
  let errors = 0;
  let asked = 0;
  const stop = new AbortController();
  const asking = Array.from({ length: 4 }, async () => {
    while (!stop.signal.aborted) {
      const answer = await client?.probe(stop.signal);
      asked += 1;
      if (answer?.ok !== true) errors += 1;
    }
  });
  await carryOut(plan);
  stop.abort();
  await Promise.all(asking);
  expect({ errors, some: asked > 5 }).toEqual({ errors: 0, some: true });
  // Nobody on a host still waits to undo something.
  const pids = await Promise.all((net?.all ?? []).map((namespace) => namespace.pids()));
  const programs = await Promise.all(
    pids.flat().map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')),
  );
  expect(programs.length).toBeGreaterThan(5);
  expect(programs).not.toContain('sleep\n');
});

function table(): string {
  const row = (cells: readonly (string | number)[]): string =>
    `  ${cells.map((cell, at) => String(cell).padEnd(at === 0 ? 32 : 15)).join('')}\n`;
  const ms = (value: number | undefined): string => (value === undefined ? '-' : `${Math.round(value)} ms`);
  return [
    row(['drill', 'downtime', 'at most', 'MTTR', 'errors', 'detected', 'relative', 'undoing', 'verdict']),
    ...reports.map((report) =>
      row([
        report.fault,
        ms(report.downtime.ms),
        ms(report.downtime.atMost),
        ms(report.mttr?.ms),
        `${report.errors}/${report.operations}`,
        ms(report.detected?.afterMs),
        report.degradation === undefined ? '-' : report.degradation.relative.toFixed(2),
        `${report.undoing.errors} errors`,
        report.verdict,
      ]),
    ),
  ].join('');
}
