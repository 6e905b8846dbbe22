import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@groundcrew/core';
import { ensureLab, ensurePackages, type Lab } from '@groundcrew/lab';
import { memoryJournal, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  backupControlPlane,
  type ComponentPlace,
  controlPlaneImplementations,
  hostFiles,
  mariadb,
  planControlPlaneRestore,
  rabbitmqDefinitions,
} from '../src/control-plane.ts';
import { openRepository, restic } from '../src/repository.ts';
import { seenWith, tokenOf } from './token-view.ts';

// A lab of its own, beside the one that the other tests use: its database server, its broker, its keys.
const MINUTE = 60_000;
const PORT_OFFSET = 2_000;
const LAB = fileURLToPath(new URL('../../lab/lab', import.meta.url));
const host = localHost({ name: 'ctl-1' });

beforeAll(() => ensurePackages(['restic', 'mariadb-backup']), 15 * MINUTE);

/** Who needs whom: what is nowhere here starts last. */
const LAYERS = [
  /^infra\.mariadb$/,
  /^infra\.rabbitmq$/,
  /\.memcached$/,
  /\.keystone$/,
  /\.(?:placement|glance-api)$/,
  /\.nova-(?:conductor|scheduler)$/,
  /\.(?:nova|neutron|cinder)-(?!agents)/,
];

interface OwnLab {
  readonly lab: Lab;
  readonly directory: string;
  /** A command of this lab. */
  readonly command: (...words: string[]) => [string, ...string[]];
}

async function ownLab(): Promise<OwnLab> {
  const directory = await mkdtemp('/var/tmp/groundcrew-whole-');
  const command = (...words: string[]): [string, ...string[]] => [
    'env',
    `LAB_DIR=${directory}`,
    `LAB_PORT_OFFSET=${PORT_OFFSET}`,
    LAB,
    ...words,
  ];
  onTestFinished(async () => {
    await host.run(command('destroy'), { timeout: '5m', expect: 'any' });
    await rm(directory, { recursive: true, force: true });
  }, 6 * MINUTE);
  return { lab: await ensureLab({ directory, portOffset: PORT_OFFSET }), directory, command };
}

/** All daemons of the lab as components, in layers. */
async function componentsOf({ lab, directory, command }: OwnLab) {
  const { daemons } = await lab.status();
  const ready = (name: string, port: number | null): ComponentPlace['ready'] => {
    if (name === 'infra.mariadb')
      return ['mariadb-admin', `--socket=${path.join(directory, 'infra/mysql.sock')}`, 'ping'];
    if (name === 'infra.rabbitmq') return command('rabbitmqctl', 'await_startup', '--timeout', '5');
    const api = /\.(?:keystone|placement|glance-api|nova-api|neutron-api|cinder-api)$/.test(name);
    const url = `http://127.0.0.1:${port}/${name.endsWith('keystone') ? 'v3' : ''}`;
    return api ? ['curl', '--silent', '--fail', '--output', '/dev/null', url] : undefined;
  };
  // Erlang's register of ports keeps nothing.
  const own = daemons.filter(({ name }) => name !== 'infra.epmd');
  const rank = (name: string): number => {
    const at = LAYERS.findIndex((pattern) => pattern.test(name));
    return at === -1 ? LAYERS.length : at;
  };
  return {
    components: Object.fromEntries(
      own.map(({ name, port }) => [
        name,
        [
          {
            host: host.name,
            start: command('start', name),
            stop: command('stop', name),
            ready: ready(name, port),
          },
        ],
      ]),
    ),
    order: [...LAYERS.keys(), LAYERS.length].map((layer) =>
      own.map(({ name }) => name).filter((name) => rank(name) === layer),
    ),
  };
}

/** A server with a port, and a volume, as a user makes them. */
async function makeThings(lab: Lab): Promise<void> {
  await using cloud = connect({ cloud: lab.cloud('member'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  const network = await cloud.network.networks.create({ name: 'whole' });
  await cloud.network.subnets.create({ network_id: network.id, ip_version: 4, cidr: '192.0.2.0/24' });
  const image = await cloud.image.images.create({
    name: 'whole',
    disk_format: 'raw',
    container_format: 'bare',
  });
  await cloud.image.data.upload({ id: image.id }, new Uint8Array(65_536));
  const flavor = await cloud.compute.flavors.find('m1.nano');
  const { id: server } = await cloud.compute.servers.create({
    name: 'whole',
    imageRef: image.id,
    flavorRef: flavor.id,
    networks: [{ uuid: network.id }],
  });
  await cloud.compute.servers.waitFor(server, 'ACTIVE');
  const { id: volume } = await cloud.blockStorage.volumes.create({ name: 'whole', size: 1 });
  await cloud.blockStorage.volumes.waitFor(volume, 'available');
}

test(
  'databases, keys and definitions are gone, and whoever had a token sees with it what was there before',
  { timeout: 30 * MINUTE },
  async () => {
    const own = await ownLab();
    const { lab, directory, command } = own;
    await makeThings(lab);
    const token = await tokenOf(await lab.env(lab.cloud('member')));
    const before = await seenWith(token);
    expect(before.servers).toHaveLength(1);

    const socket = path.join(directory, 'infra/mysql.sock');
    const datadir = path.join(directory, 'infra/mysql');
    const etc = path.join(directory, 'lab/etc');
    const keys = path.join(directory, 'lab/data/keystone');
    await using repository = await openRepository({
      engine: restic({ repository: path.join(directory, 'repository'), password: 'of a test' }),
      create: true,
    });
    const { point } = await backupControlPlane(repository, {
      site: 'whole',
      parts: [
        mariadb({ host, socket, datadir, user: 'root' }),
        hostFiles({ host, name: 'files', paths: [etc, keys] }),
        rabbitmqDefinitions({ host, command: command('rabbitmqctl') }),
      ],
    });
    expect(point.gaps).toEqual([]);
    const target = await componentsOf(own);

    const sql = async (text: string): Promise<string[]> => {
      const client = ['mariadb', '--no-defaults', `--socket=${socket}`, '--skip-column-names'] as const;
      return (await host.run([...client, `--execute=${text}`])).stdout.trim().split('\n');
    };
    const databases = (await sql('SHOW DATABASES')).filter((name) => name.startsWith('lab_'));
    expect(databases.length).toBeGreaterThan(6);
    await sql(databases.map((name) => `DROP DATABASE ${name}`).join('; '));
    for (const folder of [path.join(etc, 'keystone'), keys]) await rm(folder, { recursive: true });
    await host.run(command('rabbitmqctl', 'delete_vhost', 'lab'));
    await expect(seenWith(token)).rejects.toThrow(/answers \d/);

    const planned = planControlPlaneRestore(point, {
      ...target,
      databases: { mariadb: { host: host.name, component: 'infra.mariadb', datadir, socket } },
      definitions: {
        rabbitmq: { host: host.name, component: 'infra.rabbitmq', command: command('rabbitmqctl') },
      },
    });
    if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
    const ended = await run(planned.plan, {
      approved: planned.plan.digest,
      implementations: controlPlaneImplementations({ repository, hosts: { [host.name]: host } }),
      journal: memoryJournal(),
    }).outcome;
    expect(ended, JSON.stringify(ended)).toMatchObject({ status: 'succeeded' });
    console.log(
      `from the first step to the last: ${(Date.parse(ended.endedAt) - Date.parse(ended.startedAt)) / 1_000} s`,
    );
    expect(await seenWith(token)).toEqual(before);

    // And it works: what a user asks for now is done.
    await using cloud = connect({
      cloud: lab.cloud('member'),
      env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml },
    });
    const { id } = await cloud.blockStorage.volumes.create({ name: 'afterwards', size: 1 });
    await cloud.blockStorage.volumes.waitFor(id, 'available');
    const [server] = await Array.fromAsync(cloud.compute.servers.listBrief());
    await cloud.compute.servers.stop({ id: server?.id ?? '' });
    await cloud.compute.servers.waitFor(server?.id ?? '', 'SHUTOFF');
  },
);
