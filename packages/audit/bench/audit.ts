import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@groundcrew/lab';
import pg from 'pg';
import { type Measurement, timed } from '../../core/bench/measure.ts';
import { assessSecurityGroups, assessSecurityGroup } from '../src/security-groups.ts';
import { assessPlacement, residency, schedulerRules } from '../src/placement.ts';
import { postgresStore } from '../src/postgres.ts';
import {
  type AuditEvent,
  decode,
  openTrail,
  sqliteStore,
  type Trail,
  type TrailStore,
} from '../src/trail.ts';
import { manyGroups, oneHugeGroup, patternMatch, placementSite } from './sites.ts';

/** Events in each store; `AUDIT_EVENTS=5000000` for the figures of the guide. */
const EVENTS = Number(process.env['AUDIT_EVENTS'] ?? 100_000);
/** `AUDIT_STORES=sqlite`: of these alone. */
const STORES = (process.env['AUDIT_STORES'] ?? 'sqlite,postgres').split(',');
const BATCH = 1_000;
const GROUPS = 100_000;
const QUESTIONS = 200;

/**
 * Rules: a million in groups of ten, beside a look at each rule by itself. The trail: ingest with chain beside hashing
 * the same bytes; verification beside reading them; questions beside the database's own look-up by primary key.
 */
export async function bench(): Promise<Measurement[]> {
  return [...(await rules()), await placement(), await decoding(), ...(await trails())];
}

async function rules(): Promise<Measurement[]> {
  const site = manyGroups(GROUPS);
  const seen = site.securityGroups.value.flatMap((group) => group.security_group_rules);
  let open = 0;
  const ours = await timed(async () => {
    open = assessSecurityGroups(site).filter(
      ({ id, verdict }) => id === 'audit.allow-all' && verdict === 'fail',
    ).length;
  });
  let matched = 0;
  const naive = await timed(async () => {
    matched = seen.filter(patternMatch).length;
  });
  if (open === 0 || matched === 0) throw new Error('nothing was found');
  const huge = oneHugeGroup(10_000);
  const single = await timed(async () => {
    if (assessSecurityGroup(huge, 'huge').length === 0) throw new Error('nothing was found');
  });
  const change = await timed(async () => {
    assessSecurityGroup(site, 'g-500');
  });
  return [
    {
      name: `judge ${seen.length} rules in ${GROUPS} groups, exactly`,
      value: ours / 1_000,
      unit: 's',
      baseline: naive / 1_000,
      ratio: ours / naive,
      aim: undefined,
    },
    {
      name: 'judge one group of 10,000 rules',
      value: single,
      unit: 'ms',
      baseline: naive,
      ratio: single / naive,
      aim: undefined,
    },
    {
      name: `judge one changed group among ${GROUPS}`,
      value: change,
      unit: 'ms',
      baseline: ours,
      ratio: change / ours,
      aim: undefined,
    },
  ];
}

async function placement(): Promise<Measurement> {
  const world = placementSite(1_000, 20_000);
  const ours = await timed(async () => {
    assessPlacement(world, [...schedulerRules, residency()]);
  });
  const baseline = await timed(async () => {
    JSON.parse(JSON.stringify(world.workloads));
  });
  return {
    name: 'placement of 20,000 servers on 1,000 hosts, against their JSON there and back',
    value: ours / 1_000,
    unit: 's',
    baseline: baseline / 1_000,
    ratio: ours / baseline,
    aim: undefined,
  };
}

/** A notification of Nova's, as oslo.messaging wraps it: what is read of a queue for each event. */
async function decoding(): Promise<Measurement> {
  const messages = Array.from({ length: 20_000 }, (_, index) => notificationOf(index));
  const plain = (): Promise<number> =>
    timed(async () => {
      for (const message of messages)
        JSON.parse((JSON.parse(message) as { 'oslo.message': string })['oslo.message']);
    });
  const ours = (): Promise<number> =>
    timed(async () => {
      for (const message of messages) decode(message, { source: 'bench', now: 0 });
    });
  // Once each before it counts.
  await plain();
  await ours();
  const [baseline, value] = [await plain(), await ours()];
  return {
    name: 'decode a notification, against JSON.parse of it',
    value: (value * 1_000) / messages.length,
    unit: 'µs',
    baseline: (baseline * 1_000) / messages.length,
    ratio: value / baseline,
    aim: undefined,
  };
}

function notificationOf(index: number): string {
  const payload = {
    instance_id: `thing-${index}`,
    display_name: `web-${index}`,
    tenant_id: 'shop',
    user_id: 'ada',
    state: 'active',
    instance_type: 'm1.small',
    memory_mb: 2_048,
    vcpus: 1,
    host: 'compute-1',
    created_at: '2026-11-23 09:59:58+00:00',
    launched_at: '2026-11-23T10:00:00.000000',
    image_ref_url: 'http://192.0.2.1:9292/images/debian-12',
    metadata: { owner: 'shop' },
    image_meta: { min_ram: '0', min_disk: '20', container_format: 'bare' },
    fixed_ips: [{ version: 4, vm_mac: 'fa:16:3e:00:00:01', label: 'net', address: '192.0.2.5' }],
    message: 'Success',
    kernel_id: '',
    os_type: null,
  };
  const message = {
    message_id: `message-${index}`,
    publisher_id: 'compute.compute-1',
    event_type: 'compute.instance.create.end',
    timestamp: '2026-11-23 10:00:00.000000',
    _context_user_id: 'ada',
    _context_request_id: `req-${index}`,
    payload,
  };
  return JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) });
}

async function trails(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-bench-'));
  const server = await startPostgres();
  const pool = new pg.Pool({ connectionString: server.url, max: 4 });
  try {
    const own = await hashing();
    const sqlite = STORES.includes('sqlite')
      ? await trail('SQLite', sqliteStore(join(folder, 'trail.db')), own)
      : [];
    const postgres = STORES.includes('postgres')
      ? await trail('PostgreSQL', postgresStore({ pool }), own)
      : [];
    return [...sqlite, ...postgres];
  } finally {
    await pool.end();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds to hash as many events of the same size, one behind the other: what no chain can do without. */
async function hashing(): Promise<number> {
  return timed(async () => {
    let previous = '';
    for (let index = 0; index < EVENTS; index += 1)
      previous = hash('sha256', previous + JSON.stringify(eventOf(index)));
  });
}

async function trail(name: string, store: TrailStore, hashed: number): Promise<Measurement[]> {
  const kept = await openTrail({ store });
  const ingest = await timed(async () => {
    for (let at = 0; at < EVENTS; at += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, EVENTS - at) }, (_, index) => eventOf(at + index));
      await kept.append(batch);
    }
  });
  const verify = await timed(async () => {
    const { ok, records } = await kept.verify();
    if (!ok || records !== EVENTS) throw new Error('the trail is not what was written');
  });
  const read = await timed(async () => {
    for (let after: number | undefined; ;) {
      const { records } = await store.read(after, BATCH);
      after = records.at(-1)?.seq;
      if (after === undefined) return;
    }
  });
  const asked = await questions(kept);
  const looked = await p95((index) => store.read(index, 1));
  await kept.close();
  const of = `${EVENTS.toLocaleString('en')} events in ${name}`;
  return [
    {
      name: `ingest ${of}, chained`,
      value: (ingest * 1_000) / EVENTS,
      unit: 'µs/event',
      baseline: (hashed * 1_000) / EVENTS,
      ratio: ingest / hashed,
      aim: undefined,
    },
    {
      name: `verify ${of}`,
      value: (verify * 1_000) / EVENTS,
      unit: 'µs/event',
      baseline: (read * 1_000) / EVENTS,
      ratio: verify / read,
      aim: undefined,
    },
    {
      name: `p95 of "who did what" over ${of}`,
      value: asked,
      unit: 'ms',
      baseline: looked,
      ratio: asked / looked,
      aim: undefined,
    },
  ];
}

/** Who created it, what did this user do today, what was done to this thing, what failed in this hour: in turn. */
const questions = (kept: Trail): Promise<number> =>
  p95(async (index) => {
    const at = new Date(timeOf(index)).toISOString();
    const later = new Date(timeOf(index) + 3_600_000).toISOString();
    switch (index % 4) {
      case 0:
        return kept.who({ did: 'create', to: { type: 'server', id: `thing-${index % 50_000}` } });
      case 1:
        return Array.fromAsync(kept.find({ by: { user_id: `user-${index % 500}` }, from: at, limit: 50 }));
      case 2:
        return Array.fromAsync(kept.find({ to: { id: `thing-${index % 50_000}` }, limit: 50 }));
      default:
        return Array.fromAsync(kept.find({ outcome: 'failure', from: at, until: later, limit: 50 }));
    }
  });

async function p95(ask: (index: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let question = 0; question < QUESTIONS; question += 1) {
    const index = (question * 7_919) % EVENTS;
    times.push(await timed(() => ask(index)));
  }
  return times.toSorted((a, b) => a - b)[Math.floor(QUESTIONS * 0.95)] ?? 0;
}

/** A month, evenly. */
const timeOf = (index: number): number =>
  Date.UTC(2026, 9, 23) + Math.floor((index / EVENTS) * 30 * 86_400_000);

function eventOf(index: number): AuditEvent {
  return {
    id: `event-${index}`,
    at: new Date(timeOf(index)).toISOString(),
    source: 'bench',
    kind: index % 3 === 0 ? 'audit.http' : 'notification',
    action: ['create', 'update', 'delete', 'list'][index % 4] ?? 'list',
    outcome: index % 50 === 0 ? 'failure' : 'success',
    who: {
      user_id: `user-${index % 500}`,
      user_name: `User ${index % 500}`,
      project_id: `project-${index % 100}`,
      address: `192.0.2.${index % 250}`,
    },
    target: {
      type: ['server', 'volume', 'security_group_rule'][index % 3] ?? 'server',
      id: `thing-${index % 50_000}`,
      service: 'compute',
    },
    request_ids: [`req-${index}`],
    detail: {
      name: `thing ${index}`,
      state: 'active',
      flavor: 'm1.small',
      image: 'debian-12',
      host: `compute-${index % 1_000}`,
    },
  };
}
