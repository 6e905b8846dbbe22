import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensurePackages, startDaemon } from '@groundcrew/lab';
import { memoryJournal, type Outcome, run, type RunOptions } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  backupControlPlane,
  type ComponentPlace,
  controlPlaneImplementations,
  ovnDatabase,
  planControlPlaneRestore,
} from '../src/control-plane.ts';
import { openRepository, restic } from '../src/repository.ts';

// A real ovsdb-server with OVN's own schema.
const SCHEMA = '/usr/share/ovn/ovn-nb.ovsschema';
const host = localHost({ name: 'ctl-1' });

beforeAll(() => ensurePackages(['restic', 'openvswitch-common', 'ovn-common', 'ovn-central']), 900_000);

test(
  'what was deleted from the northbound database comes back, and a rollback brings back what was there',
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp('/var/tmp/ovn-');
    const file = path.join(folder, 'nb.db');
    const server = `unix:${path.join(folder, 'nb.sock')}`;
    const asides = path.join(folder, 'aside');
    await mkdir(asides);
    await host.run(['ovsdb-tool', 'create', file, SCHEMA]);
    const nbctl = async (...words: string[]): Promise<string> => {
      const { stdout } = await host.run(['ovn-nbctl', `--db=${server}`, ...words]);
      return stdout;
    };
    const daemon = await startDaemon(
      ['ovsdb-server', file, `--remote=p${server}`, `--unixctl=${path.join(folder, 'ctl')}`],
      {
        ready: () =>
          nbctl('ls-list').then(
            () => true,
            () => false,
          ),
      },
    );
    onTestFinished(async () => {
      await daemon.stop();
      await rm(folder, { recursive: true });
    });
    for (const name of ['neutron-1', 'neutron-2']) {
      await nbctl('ls-add', name);
      await nbctl('lsp-add', name, `port-of-${name}`);
      await nbctl('lsp-set-addresses', `port-of-${name}`, 'fa:16:3e:00:00:01 192.0.2.7');
    }
    await nbctl('acl-add', 'neutron-1', 'to-lport', '1000', 'tcp', 'allow-related');

    const engine = restic({ repository: path.join(folder, 'repository'), password: 'of a test' });
    await using repository = await openRepository({ engine, create: true });
    const { point } = await backupControlPlane(repository, {
      site: 'here',
      parts: [ovnDatabase({ host, server })],
    });
    expect(point.gaps).toEqual([]);
    expect(point.contents).toMatchObject({
      parts: [
        {
          kind: 'ovsdb',
          facts: {
            database: 'OVN_Northbound',
            rows: { ACL: 1, Logical_Switch: 2, Logical_Switch_Port: 2 },
          },
        },
      ],
    });
    await nbctl('ls-del', 'neutron-1');
    await nbctl('ls-add', 'later');

    const place: ComponentPlace = { host: 'ctl-1', stop: ['true'], start: ['true'] };
    const restore = (more: Partial<RunOptions> = {}, components: object = {}): Promise<Outcome> => {
      const planned = planControlPlaneRestore(point, {
        order: [['ovsdb'], ...Object.keys(components).map((name) => [name])],
        components: { ovsdb: [place], ...components },
        ovsdb: { 'ovn-northbound': { host: 'ctl-1', component: 'ovsdb', server, aside: asides } },
      });
      if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
      return run(planned.plan, {
        approved: planned.plan.digest,
        implementations: controlPlaneImplementations({ repository, hosts: { 'ctl-1': host } }),
        journal: memoryJournal(),
        ...more,
      }).outcome;
    };
    // Something behind it fails: what was there before comes back.
    const once = 'if [ -e "$1" ]; then exit 0; fi; : >"$1"; exit 1';
    const failing: ComponentPlace = {
      host: 'ctl-1',
      stop: ['true'],
      start: ['sh', '-c', once, 'sh', path.join(folder, 'was-started')],
    };
    const undone = await restore({ onFailure: 'roll-back' }, { neutron: [failing] });
    expect(undone.status, JSON.stringify(undone)).toBe('rolled-back');
    expect(await nbctl('ls-list')).toContain('later');
    expect(await nbctl('ls-list')).not.toContain('neutron-1');

    const done = await restore();
    expect(done.status, JSON.stringify(done)).toBe('succeeded');
    const switches = await nbctl('ls-list');
    for (const name of ['neutron-1', 'neutron-2']) {
      expect(switches).toContain(name);
      expect(await nbctl('lsp-get-addresses', `port-of-${name}`)).toContain('192.0.2.7');
    }
    expect(switches).not.toContain('later');
    expect(await nbctl('acl-list', 'neutron-1')).toContain('allow-related');
    expect(await readdir(asides)).toHaveLength(2);
  },
);
