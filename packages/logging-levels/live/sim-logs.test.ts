// The same operations on the lab's real services and on the simulated cloud: whatever the latter wrote for its requests, in which process, by
// which logger, at which level and of which kind, the former wrote for its own.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Cloud, connect, type ConnectOptions } from '@groundcrew/core';
import { ensureLab, waitUntil } from '@groundcrew/lab';
import { simulateCloud } from '@groundcrew/sim';
import { expect, test } from 'vitest';
import { type LogRecord, RecordReader } from '../src/index.ts';
import { Templates } from '../src/templates.ts';

/** The processes of the lab by the names of their files, as the simulated cloud names them. */
const PROCESSES: Readonly<Record<string, string>> = {
  'nova-api.log': 'nova-api',
  'nova-conductor.log': 'nova-conductor',
  'compute-1.log': 'nova-compute',
  'compute-2.log': 'nova-compute',
  'compute-3.log': 'nova-compute',
  'placement.out': 'placement-api',
  'neutron-api.log': 'neutron-server',
  'cinder-api.log': 'cinder-api',
  'cinder-volume.log': 'cinder-volume',
  'glance-api.log': 'glance-api',
  'keystone.log': 'keystone',
};

/** What only the simulated cloud writes, and why. */
const DIFFERENCES = [
  // The lab's Neutron runs in uWSGI, as Debian has it, with uWSGI's request log off. The simulated one is `neutron-server`.
  /^neutron-server info neutron\.wsgi: /,
];

const name = `groundcrew-sim-logs-${process.pid}`;
const NOTHING = '11111111-1111-4111-8111-111111111111';

interface Told {
  readonly process: string;
  readonly record: LogRecord;
}

/** Remembers the ids of the requests that a client makes. */
function remembering(): { readonly ids: Set<string>; readonly fetch: NonNullable<ConnectOptions['fetch']> } {
  const ids = new Set<string>();
  return {
    ids,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const id = response.headers.get('X-OpenStack-Request-ID');
      if (id !== null) ids.add(id);
      return response;
    },
  };
}

/** What is done on both. Each refusal is part of it. */
async function work(cloud: Cloud, ids: Set<string>): Promise<void> {
  const nova = cloud.compute.at('2.75');
  const later: (() => Promise<unknown>)[] = [];
  const refused = async (asked: Promise<unknown>): Promise<void> => {
    await expect(asked).rejects.toMatchObject({ status: expect.any(Number) });
  };
  const flavor = await nova.flavors.create({ name, vcpus: 1, ram: 64, disk: 0 });
  later.push(() => nova.flavors.delete({ id: flavor.id }));
  const image = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
  later.push(() => cloud.image.images.delete({ id: image.id }));
  await cloud.image.data.upload({ id: image.id }, new Uint8Array(65_536));
  // What is counted begins here: how an image is filled is not simulated in the log.
  ids.clear();
  try {
    const { id } = await nova.servers.create({
      name,
      imageRef: image.id,
      flavorRef: flavor.id,
      networks: 'none',
    });
    later.push(async () => {
      await nova.servers.delete({ id });
      await nova.servers.waitGone(id);
    });
    const until = (wanted: 'ACTIVE' | 'PAUSED') => nova.servers.waitFor(id, wanted, { interval: 300 });
    await until('ACTIVE');
    await refused(nova.servers.start({ id }));
    await nova.servers.reboot({ id, type: 'HARD' });
    await until('ACTIVE');
    await nova.servers.pause({ id });
    await until('PAUSED');
    await nova.servers.unpause({ id });
    await until('ACTIVE');
    await refused(nova.servers.get({ id: NOTHING }));
    await Array.fromAsync(nova.services.list());

    const cinder = cloud.blockStorage;
    const volume = await cinder.volumes.create({ size: 1, name });
    await cinder.volumes.waitFor(volume.id, 'available', { interval: 300 });
    await Array.fromAsync(cinder.volumes.list());
    await Array.fromAsync(cinder.snapshots.list());
    await cinder.volumes.delete({ id: volume.id });
    await cinder.volumes.waitGone(volume.id);
    await refused(cinder.volumes.get({ id: NOTHING }));

    await Array.fromAsync(cloud.network.networks.list());
    await refused(cloud.network.networks.get({ id: NOTHING }));
    await refused(cloud.network.routers.get({ id: NOTHING }));
    await Array.fromAsync(cloud.image.images.list());
    await refused(cloud.image.images.get({ id: NOTHING }));
    await refused(cloud.image.images.delete({ id: NOTHING }));
    await Array.fromAsync(cloud.placement.resourceProviders.list());
    await refused(cloud.identity.projects.get({ id: NOTHING }));
  } finally {
    for (const step of later.toReversed()) await step();
  }
}

/** Each kind of message with its process, logger and level; numbers, ids and addresses vary. */
function kindsOf(told: readonly Told[], templates: Templates): Set<string> {
  return new Set(
    told.map(
      ({ process: by, record }) => `${by} ${record.level} ${record.logger}: ${templates.of(record).text}`,
    ),
  );
}

/** Those that belong to one of the requests, or to one that was made for one of them. */
const ofRequests = (told: readonly Told[], ids: ReadonlySet<string>): Told[] =>
  told.filter(
    ({ record: { requestId = '', globalRequestId = '' } }) => ids.has(requestId) || ids.has(globalRequestId),
  );

async function* recordsFrom(file: string, start: number): AsyncGenerator<LogRecord> {
  const reader = new RecordReader();
  for await (const line of createInterface({ input: createReadStream(file, { start }) })) {
    const record = reader.feed(line);
    if (record !== undefined) yield record;
  }
  const last = reader.end();
  if (last !== undefined) yield last;
}

test('what the simulated cloud logs of its requests, the real services log of theirs', async () => {
  const lab = await ensureLab();
  const files = (await readdir(lab.logs)).filter((file) => PROCESSES[file] !== undefined);
  const sizes = new Map(
    await Promise.all(
      files.map(async (file) => [file, (await stat(path.join(lab.logs, file))).size] as const),
    ),
  );
  const real = remembering();
  const onLab = connect({
    cloud: lab.cloud('admin'),
    env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml },
    fetch: real.fetch,
  });
  try {
    await work(onLab, real.ids);
  } finally {
    await onLab.close();
  }
  const read = async (): Promise<Told[]> => {
    const told: Told[] = [];
    for (const file of files)
      for await (const record of recordsFrom(path.join(lab.logs, file), sizes.get(file) ?? 0))
        told.push({ process: PROCESSES[file] ?? file, record });
    return ofRequests(told, real.ids);
  };
  // What is said last may come after the client has seen that the server is gone.
  await waitUntil(
    async () => (await read()).some(({ record }) => record.message.startsWith('Deleted allocations')),
    { within: 30_000, what: 'the end of the server in the log of its host' },
  );
  const labSaid = await read();

  const simulated = simulateCloud({ release: 'zed', logs: true });
  const made = remembering();
  const { connectOptions } = await simulated.listen();
  const onSim = connect({ ...connectOptions, clock: simulated.clock, fetch: made.fetch });
  try {
    await work(onSim, made.ids);
  } finally {
    await onSim.close();
    await simulated.close();
  }
  await simulated.clock.advance('10s');
  const simSaid: Told[] = [];
  for (const log of simulated.logs.processes()) {
    const reader = new RecordReader();
    const add = (record: LogRecord | undefined): void => {
      if (record !== undefined) simSaid.push({ process: log.service, record });
    };
    for (const line of log.lines()) add(reader.feed(line));
    add(reader.end());
  }
  const simOwn = ofRequests(simSaid, made.ids);

  const templates = new Templates();
  for (const { record } of [...labSaid, ...simOwn]) templates.add(record);
  const inLab = kindsOf(labSaid, templates);
  const inSim = kindsOf(simOwn, templates);
  const more = [...inSim].filter((kind) => !inLab.has(kind));
  const both = [...inSim].filter((kind) => inLab.has(kind));
  console.log(
    [
      `both (${both.length}):`,
      ...both.toSorted(),
      'the simulated cloud only:',
      ...more.toSorted(),
      'the lab only:',
      ...[...inLab].filter((kind) => !inSim.has(kind)).toSorted(),
    ].join('\n'),
  );
  expect(more.filter((kind) => !DIFFERENCES.some((known) => known.test(kind)))).toEqual([]);
  expect(both.length).toBeGreaterThan(20);
  for (const service of [
    'nova-api',
    'nova-compute',
    'placement-api',
    'cinder-api',
    'cinder-volume',
    'glance-api',
    'keystone',
    'neutron-server',
  ])
    expect(
      both.some((kind) => kind.startsWith(`${service} `)),
      service,
    ).toBe(true);
}, 600_000);
