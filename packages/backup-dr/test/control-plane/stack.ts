import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CommandOptions, type CommandResult, type Host, localHost } from '@groundcrew/runbook/hosts';
import { onTestFinished } from 'vitest';
import {
  backupControlPlane,
  type ControlPlanePart,
  type ControlPlaneTarget,
  hostFiles,
} from '../../src/control-plane.ts';
import { type BackupRepository, openRepository, type RecoveryPoint } from '../../src/repository.ts';
import { FolderEngine } from '../repository/folder-engine.ts';

/** What stands on the machine of a control plane beside its files. */
export interface World {
  /** Components that run. */
  readonly running: Set<string>;
  definitions: string;
  /** Lines that Neutron's program would write. */
  differences: readonly string[];
  /** What changed something, in its order. */
  readonly said: string[];
}

/**
 * A machine whose files are real, and whose servers are scripted. A copy of databases is JSON, `{ "nova.instances": "1" }`; a server
 * that runs answers from what is in its folder, if that was prepared.
 */
export class ScriptedHost implements Pick<Host, 'run' | 'name'> {
  readonly name = 'ctl-1';
  readonly world: World;
  /** Called for each command that changes something; it does it. */
  around: (act: () => Promise<CommandResult>) => Promise<CommandResult> = (act) => act();
  readonly #local = localHost({ name: 'ctl-1' });
  readonly #datadir: string;
  /** In place of `/var/tmp`: a run that is killed leaves its scratch there. */
  readonly #scratch = mkdtemp(path.join(tmpdir(), 'control-plane-scratch-'));

  constructor(datadir: string, world: World) {
    this.#datadir = datadir;
    this.world = world;
    onTestFinished(async () => rm(await this.#scratch, { recursive: true }));
  }

  run(command: readonly [string, ...string[]], options: CommandOptions = {}): Promise<CommandResult> {
    const [program, ...words] = command;
    if (program === 'test') return this.#answer(command, '', existsSync(words.at(-1) ?? '') ? 0 : 1);
    if (program === 'mountpoint') return this.#answer(command, '', 1);
    if (program === 'mariadb') return this.#query(command, words.at(-1) ?? '');
    return this.around(() => this.#change(command, options));
  }

  async #change(command: readonly [string, ...string[]], options: CommandOptions): Promise<CommandResult> {
    const [program, ...words] = command;
    const last = words.at(-1) ?? '';
    const input = async (): Promise<string> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of options.stdin as AsyncIterable<Uint8Array>) pieces.push(piece);
      return Buffer.concat(pieces).toString('utf8');
    };
    switch (program) {
      case 'mbstream': {
        const folder = last.slice(last.indexOf('=') + 1);
        await writeFile(path.join(folder, 'tables.json'), await input());
        this.world.said.push('unpack');
        return this.#answer(command);
      }
      case 'mariadb-backup': {
        await writeFile(path.join(last.slice(last.indexOf('=') + 1), 'prepared'), '');
        this.world.said.push('prepare');
        return this.#answer(command);
      }
      case 'systemctl': {
        const [word = '', unit = ''] = words;
        if (word === 'start') this.world.running.add(unit);
        else this.world.running.delete(unit);
        this.world.said.push(`${word} ${unit}`);
        return this.#answer(command);
      }
      case 'rabbitmqctl': {
        if (!this.world.running.has('rabbitmq')) throw new RangeError('the broker does not run');
        if (words.includes('export_definitions')) return this.#answer(command, this.world.definitions);
        throw new RangeError(`rabbitmqctl reads a file, and was given none: ${last}`);
      }
      case 'sh': {
        if (last !== 'import_definitions') return this.#local.run(command, options);
        // The shell writes its input to a file, which the broker's tool then reads.
        if (!this.world.running.has('rabbitmq')) throw new RangeError('the broker does not run');
        this.world.definitions = await input();
        this.world.said.push('definitions');
        return this.#answer(command);
      }
      case 'neutron-ovn-db-sync-util': {
        for (const text of this.world.differences) options.onLine?.({ stream: 'stderr', text });
        this.world.said.push(`ovn ${last}`);
        if (last === 'repair') this.world.differences = ['2026-11-30 12:00:00.000 7 INFO neutron [-] done'];
        return this.#answer(command);
      }
      case 'mktemp': {
        const scratch = await this.#scratch;
        const here = words.map((word) => word.replace(/^--tmpdir=.*/, `--tmpdir=${scratch}`));
        return this.#local.run([program, ...here], options);
      }
      default: {
        const result = await this.#local.run(command, options);
        if (program === 'tar' && words[0] === '--extract') this.world.said.push('files');
        return result;
      }
    }
  }

  async #query(command: readonly string[], sql: string): Promise<CommandResult> {
    if (!this.world.running.has('mariadb'))
      return {
        ...(await this.#answer(command, '', 1)),
        stderr: 'ERROR 2002 (HY000): Can’t connect to local server through socket (2)',
      };
    if (sql.endsWith('SELECT 1')) return this.#answer(command, '1');
    if (!existsSync(path.join(this.#datadir, 'prepared'))) throw new RangeError('it was not prepared');
    const text = await readFile(path.join(this.#datadir, 'tables.json'), 'utf8');
    const tables = Object.entries(JSON.parse(text) as Record<string, string>);
    const asked = /`(.+)`\.`(.+)`/.exec(sql);
    if (asked === null)
      return this.#answer(command, tables.map(([name]) => name.replace('.', '\t')).join('\n'));
    const name = `${asked[1]}.${asked[2]}`;
    return this.#answer(command, `${name}\t${Object.fromEntries(tables)[name] ?? 'NULL'}`);
  }

  async #answer(command: readonly string[], stdout = '', exitCode = 0): Promise<CommandResult> {
    return { host: this.name, command, exitCode, stdout, stderr: '', dropped: 0, durationMs: 0 };
  }
}

export const TABLES = { 'nova.instances': '11', 'keystone.user': '22' };
export const DEFINITIONS = '{"vhosts":[{"name":"/nova"}],"users":[{"name":"nova"}]}';
export const DIFFERENCES = [
  '2026-11-30 12:00:00.000 7 INFO neutron [-] Starting OVN-Northbound DB sync process',
  '2026-11-30 12:00:01.000 7 WARNING neutron [-] Port found in Neutron but not in OVN DB, port_id=p1',
];

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** A part that has one stream and is known by its facts. */
const partOf = (
  name: string,
  kind: ControlPlanePart['kind'],
  text: string,
  facts: unknown,
): ControlPlanePart => ({
  name,
  kind,
  host: 'ctl-1',
  async store({ writer }) {
    await writer.put(`${name}.bytes`, bytes(text));
    return { facts, gaps: [] };
  },
});

export interface Stack {
  readonly folder: string;
  readonly datadir: string;
  readonly keys: string;
  readonly host: ScriptedHost;
  readonly repository: BackupRepository;
  readonly point: RecoveryPoint;
  readonly target: ControlPlaneTarget;
  /** Makes everything as it was before the restore: another database, other keys, all running. */
  readonly ruin: () => Promise<void>;
}

const component = (name: string) => ({
  host: 'ctl-1',
  stop: ['systemctl', 'stop', name] as const,
  start: ['systemctl', 'start', name] as const,
});

/** A control plane that was backed up, and has lived on since. */
export async function stack(): Promise<Stack> {
  const folder = await mkdtemp(path.join(tmpdir(), 'control-plane-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [datadir, keys] = [path.join(folder, 'live/mysql'), path.join(folder, 'live/keys')];
  const world: World = { running: new Set(), definitions: '', differences: [], said: [] };
  const host = new ScriptedHost(datadir, world);
  const repository = await openRepository({
    engine: new FolderEngine(path.join(folder, 'repository')),
    create: true,
  });
  onTestFinished(() => repository[Symbol.asyncDispose]());
  await mkdir(keys, { recursive: true });
  await writeFile(path.join(keys, '0'), 'staged', { mode: 0o600 });
  await writeFile(path.join(keys, '1'), 'primary', { mode: 0o600 });
  const { point } = await backupControlPlane(repository, {
    site: 'fra',
    parts: [
      partOf('mariadb', 'database', JSON.stringify(TABLES), {
        position: { kind: 'none' },
        checksums: TABLES,
      }),
      hostFiles({ host, name: 'keystone-keys', paths: [keys] }),
      partOf('rabbitmq', 'definitions', DEFINITIONS, {}),
    ],
  });
  const names = ['mariadb', 'rabbitmq', 'keystone', 'nova'];
  const pristine = path.join(folder, 'pristine');
  await cp(keys, pristine, { recursive: true });
  return {
    folder,
    datadir,
    keys,
    host,
    repository,
    point,
    target: {
      order: [['mariadb', 'rabbitmq'], ['keystone'], ['nova']],
      components: Object.fromEntries(names.map((name) => [name, [component(name)]])),
      databases: { mariadb: { host: 'ctl-1', component: 'mariadb', datadir } },
      definitions: { rabbitmq: { host: 'ctl-1', component: 'rabbitmq' } },
      ovn: { host: 'ctl-1', command: ['neutron-ovn-db-sync-util'] },
    },
    async ruin() {
      await rm(path.join(folder, 'live'), { recursive: true });
      await mkdir(datadir, { recursive: true });
      await writeFile(path.join(datadir, 'tables.json'), '{"nova.instances":"99"}');
      await writeFile(path.join(datadir, 'prepared'), '');
      await mkdir(keys, { recursive: true });
      await writeFile(path.join(keys, '2'), 'of an intruder');
      for (const name of names) world.running.add(name);
      world.definitions = 'others';
      world.differences = DIFFERENCES;
      world.said.length = 0;
    },
  };
}
