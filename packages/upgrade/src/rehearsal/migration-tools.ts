import type { CommandOptions, CommandResult } from '@groundcrew/runbook/hosts';
import { completedIn } from '../run/executors/completed-rows.ts';
import { lastLine } from '../run/executors/last-line.ts';
import type { OnlineMigrations, Recipe, UpgradeCommand } from '../run/recipe.ts';
import type { DatabaseClient } from './database-client.ts';
import { LockProbe } from './lock-probe.ts';
import type { RehearsalOptions } from './rehearsal-options.ts';
import type { RehearsedMigration } from './rehearsed-migration.ts';
import { databasesOf, type RehearsedService } from './rehearsed-services.ts';
import { RehearsalError } from './rehearsal-error.ts';

interface ToolsSetting extends Omit<RehearsalOptions, 'into' | 'prefix'> {
  readonly into: DatabaseClient;
  readonly prefix: string;
}

/** Rounds of online migrations, after which they are taken for one that never ends. */
const MOST_ROUNDS = 100_000;

/** The new release's tools, which know of copies only. */
export class MigrationTools {
  readonly #setting: ToolsSetting;
  readonly #folder: string;

  private constructor(setting: ToolsSetting, folder: string) {
    this.#setting = setting;
    this.#folder = folder;
  }

  /** Writes the files that tell the tools of the copies: they hold passwords, and only their service may read them. */
  static async make(setting: ToolsSetting): Promise<MigrationTools> {
    const { host, services, users = {}, signal } = setting;
    const { stdout } = await host.run(
      ['mktemp', '--directory', '--tmpdir=/var/tmp', 'groundcrew-rehearsal-XXXXXXXX'],
      { signal },
    );
    const folder = stdout.trim();
    const tools = new MigrationTools(setting, folder);
    try {
      await host.run(['chmod', '711', '--', folder], { signal });
      for (const service of services) {
        const owner = users[service];
        const text = tools.#configuration(service);
        await host.upload(text, tools.#fileOf(service), {
          ...(owner === undefined ? {} : { owner, sudo: true }),
          redact: tools.#urlsOf(service).map(({ url }) => url),
        });
      }
    } catch (error) {
      await tools.end();
      throw error;
    }
    return tools;
  }

  /** Takes the files away. */
  async end(): Promise<void> {
    const { host, users } = this.#setting;
    const sudo = users === undefined ? {} : { sudo: true };
    await host.run(['rm', '-rf', '--one-file-system', '--', this.#folder], sudo);
  }

  /** What Nova's cells are led to. */
  novaUrls(): { readonly api: string; readonly mainUrl: string; readonly cell0Url: string } {
    const found = new Map(this.#urlsOf('nova').map((each) => [each.role, each]));
    const [api, main, cell0] = [found.get('api'), found.get('main'), found.get('cell0')];
    if (api === undefined || main === undefined || cell0 === undefined)
      throw new RehearsalError('rehearsal.cells', 'Nova has a database less than it needs');
    return { api: api.copy, mainUrl: main.url, cell0Url: cell0.url };
  }

  /** Runs the migrations of a service in their order; one that fails is the last. */
  async rehearse(service: RehearsedService, recipe: Recipe): Promise<RehearsedMigration[]> {
    const done: RehearsedMigration[] = [];
    const { online, migrations, contract } = recipe;
    const all: (() => Promise<RehearsedMigration>)[] = [
      ...migrations.map(
        ({ phase, command }) =>
          () =>
            this.#run(service, phase, command),
      ),
      ...(online === undefined ? [] : [() => this.#online(service, online)]),
      ...contract.map(
        ({ phase, command }) =>
          () =>
            this.#run(service, phase, command),
      ),
    ];
    for (const next of all) {
      const migration = await next();
      done.push(migration);
      if (!migration.ok) break;
    }
    return done;
  }

  async #run(service: RehearsedService, phase: string, command: UpgradeCommand): Promise<RehearsedMigration> {
    const { result, blocked } = await this.#measured(service, () =>
      this.#tool(service, command, { expect: 'any' }),
    );
    const { exitCode, stderr, stdout, durationMs } = result;
    const ok = exitCode === 0;
    const error = ok ? undefined : `exit ${exitCode}: ${lastLine(stderr) || lastLine(stdout)}`;
    return { service, phase, command, ok, durationMs: Math.round(durationMs), blocked, error };
  }

  /** In pieces, as they are in earnest, without the pauses between. */
  async #online(
    service: RehearsedService,
    { command, limit }: OnlineMigrations,
  ): Promise<RehearsedMigration> {
    const { batch = 1000 } = this.#setting;
    const words: UpgradeCommand = [...command, limit, String(batch)];
    let rows = 0;
    const { result, blocked } = await this.#measured(service, async () => {
      let durationMs = 0;
      for (let round = 1; ; round += 1) {
        const piece = await this.#tool(service, words, { expect: 'any' });
        durationMs += piece.durationMs;
        const moved = completedIn(piece.stdout) ?? 0;
        rows += moved;
        // 1 is "some were done, ask again" (nova-manage(1), cinder-manage(1)).
        if (piece.exitCode !== 1 || moved === 0 || round >= MOST_ROUNDS) return { ...piece, durationMs };
      }
    });
    const { exitCode, stderr, stdout, durationMs } = result;
    const ok = exitCode === 0;
    const error = ok ? undefined : `exit ${exitCode}: ${lastLine(stderr) || lastLine(stdout)}`;
    return {
      service,
      phase: 'migrate-data',
      command: words,
      ok,
      durationMs: Math.round(durationMs),
      rows,
      blocked,
      error,
    };
  }

  /** Does something, and writes to the main database of the service meanwhile. */
  async #measured(service: RehearsedService, work: () => Promise<CommandResult>) {
    const { host, into, signal } = this.#setting;
    const copy = this.#urlsOf(service).find(({ role }) => role === 'main')?.copy ?? '';
    const tables = (
      await into.query(
        `SELECT table_name FROM information_schema.tables WHERE table_schema = '${copy}' AND table_type = 'BASE TABLE' ORDER BY data_length DESC LIMIT 200`,
      )
    ).flat();
    const probe = new LockProbe(host, into.words, { database: copy, tables, signal });
    try {
      return { result: await work(), blocked: await probe.end() };
    } finally {
      await probe.end();
    }
  }

  /** A tool of the service, which reads the file that leads to the copies last of all. */
  #tool(
    service: RehearsedService,
    [program, ...words]: UpgradeCommand,
    how: Pick<CommandOptions, 'expect'>,
  ): Promise<CommandResult> {
    const { host, config = {}, rewrite = (command) => command, users = {}, signal } = this.#setting;
    const { files: own, rest } = withoutFiles(words);
    const files = config[service] ?? (own.length > 0 ? own : [configurationOf(service)]);
    const command = rewrite(
      [program, ...[...files, this.#fileOf(service)].flatMap((file) => ['--config-file', file]), ...rest],
      service,
    );
    const user = users[service];
    return host.run(command, {
      ...how,
      ...(user === undefined ? {} : { sudo: user }),
      env: { LC_ALL: 'C' },
      signal,
      timeout: '7d',
    });
  }

  #fileOf(service: RehearsedService): string {
    return `${this.#folder}/${service}.conf`;
  }

  #configuration(service: RehearsedService): string {
    const sections = this.#urlsOf(service).flatMap(({ section, url }) =>
      section === undefined ? [] : [`[${section}]\nconnection = ${literal(url)}\n`],
    );
    // Nobody is told anything over the real bus; `none`, which cells may have, is no driver that a tool could load.
    return `[DEFAULT]\ntransport_url = fake:///\n${sections.join('')}`;
  }

  #urlsOf(service: RehearsedService) {
    const { databases: names, prefix, url } = this.#setting;
    return databasesOf(service, names?.[service]).map(({ role, section, database }) => {
      const copy = `${prefix}${database}`;
      const told = url(copy);
      return { role, section, copy, url: typeof told === 'string' ? told : told.reveal() };
    });
  }
}

/** Where packages have it: Glance's is its API's. */
const configurationOf = (service: RehearsedService): string =>
  service === 'glance' ? '/etc/glance/glance-api.conf' : `/etc/${service}/${service}.conf`;

/** The files of the configuration that a recipe names, and the words without them. */
function withoutFiles(words: readonly string[]): { readonly files: string[]; readonly rest: string[] } {
  const files: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === '--config-file') files.push(words[(at += 1)] ?? '');
    else rest.push(words[at] ?? '');
  }
  return { files, rest };
}

/** oslo.config puts another option in the place of `$name`. */
const literal = (text: string): string => text.replaceAll('$', () => '$$');
