import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensurePackages, startRabbitCluster } from '@groundcrew/lab';
import { memoryJournal, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  backupControlPlane,
  controlPlaneImplementations,
  planControlPlaneRestore,
  rabbitmqDefinitions,
} from '../src/control-plane.ts';
import { openRepository, restic } from '../src/repository.ts';

// A real RabbitMQ of its own, beside the lab's: what is deleted here nobody misses.
beforeAll(() => ensurePackages(['restic', 'rabbitmq-server']), 900_000);

test(
  'a broker that was emptied knows its virtual hosts, users, passwords, permissions and policies again',
  { timeout: 600_000 },
  async () => {
    await using cluster = await startRabbitCluster({ nodes: 1 });
    const [node] = cluster.nodes;
    if (node === undefined) throw new TypeError('a node');
    const folder = await mkdtemp('/var/tmp/definitions-');
    onTestFinished(() => rm(folder, { recursive: true }));
    await node.ctl('add_vhost', '/nova');
    await node.ctl('add_user', 'nova', 'secret of nova');
    await node.ctl('set_permissions', '-p', '/nova', 'nova', '.*', '.*', '.*');
    await node.ctl(
      'set_policy',
      '-p',
      '/nova',
      'ha',
      '^compute',
      '{"expires":600000}',
      '--apply-to',
      'queues',
    );

    const host = localHost({ name: 'mq-1' });
    const engine = restic({ repository: path.join(folder, 'repository'), password: 'of a test' });
    await using repository = await openRepository({ engine, create: true });
    const { point } = await backupControlPlane(repository, {
      site: 'here',
      parts: [rabbitmqDefinitions({ host, command: node.commands.ctl })],
    });
    expect(point.gaps).toEqual([]);
    expect(JSON.stringify(point.contents)).not.toContain('secret of nova');
    await node.ctl('delete_vhost', '/nova');
    await node.ctl('delete_user', 'nova');
    await node.ctl('add_user', 'later', 'x');

    const [ctl, ...words] = node.commands.ctl;
    const planned = planControlPlaneRestore(point, {
      order: [['rabbitmq']],
      components: {
        rabbitmq: [
          {
            host: 'mq-1',
            // It succeeds also where it does not run.
            stop: ['sh', '-c', '"$@" || true', 'sh', ...node.commands.stop],
            start: node.commands.start,
            ready: [ctl, ...words, 'await_startup', '--timeout', '5'],
          },
        ],
      },
      definitions: { rabbitmq: { host: 'mq-1', component: 'rabbitmq', command: node.commands.ctl } },
    });
    if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
    const ended = await run(planned.plan, {
      approved: planned.plan.digest,
      implementations: controlPlaneImplementations({ repository, hosts: { 'mq-1': host } }),
      journal: memoryJournal(),
    }).outcome;
    expect(ended, JSON.stringify(ended)).toMatchObject({ status: 'succeeded' });
    // It ends in an error where the password is another one.
    await node.ctl('authenticate_user', 'nova', 'secret of nova');
    expect(await node.ctl('list_permissions', '-p', '/nova')).toContain('nova');
    expect(await node.ctl('list_policies', '-p', '/nova')).toContain('^compute');
    // What it knew beyond that stays.
    expect(await node.ctl('list_users')).toContain('later');
  },
);
