import type { CommandOptions, CommandResult, Host } from '@groundcrew/runbook/hosts';

export interface Asked {
  readonly command: readonly [string, ...string[]];
  readonly stdin: string;
}

/** A host with a database server and tools of services, of which a test says what they answer. */
export class ScriptedServer implements Pick<Host, 'run' | 'name' | 'upload'> {
  readonly name = 'ctl-1';
  readonly asked: Asked[] = [];
  readonly files = new Map<string, string>();
  readonly databases = new Set(['keystone', 'nova', 'nova_api', 'nova_cell0']);
  cells: string[] = ['00000000-0000-0000-0000-000000000000', 'c1'];
  /** Exit codes of tools, by a part of their command; the first that fits. */
  exits: readonly (readonly [part: string, exits: number[], stdout?: string])[] = [];
  fingerprint = 'same';

  async run(command: readonly [string, ...string[]], options: CommandOptions = {}): Promise<CommandResult> {
    const stdin = typeof options.stdin === 'string' ? options.stdin : await this.#read(options);
    this.asked.push({ command, stdin });
    const [program] = command;
    if (program === 'mktemp') return answer(command, '/var/tmp/groundcrew-rehearsal-x\n');
    if (program === 'bash') {
      for (const word of command)
        if (this.databases.has(`rehearsal_${word}`)) this.databases.add(`rehearsal_${word}`);
      return answer(command);
    }
    if (program === 'mariadb') return answer(command, this.#query(stdin));
    const text = command.join(' ');
    const scripted = this.exits.find(([part]) => text.includes(part));
    const exitCode = scripted?.[1].shift() ?? 0;
    return { ...answer(command, scripted?.[2] ?? '', exitCode), stderr: exitCode === 0 ? '' : 'it broke\n' };
  }

  async upload(content: string | Uint8Array, file: string): Promise<void> {
    this.files.set(file, String(content));
  }

  /** What a probe says; it is read to its end. */
  async #read({ stdin, onLine }: CommandOptions): Promise<string> {
    if (stdin === undefined || typeof stdin === 'string' || stdin instanceof Uint8Array) return '';
    let all = '';
    for await (const piece of stdin) {
      const text = Buffer.from(piece).toString();
      all += text;
      const table = /DELETE FROM `(\w+)`/.exec(text)?.[1] ?? '';
      const blocked = table === 'blocked' ? '00:00:03.500000' : '00:00:00.010000';
      for (const line of [
        `from\t2026-11-30 00:00:00.000000\t${table}`,
        `to\t2026-11-30 ${blocked}\t${table}`,
      ])
        onLine?.({ stream: 'stdout', text: line });
    }
    return all;
  }

  #query(sql: string): string {
    const created = /CREATE DATABASE `(\w+)`/.exec(sql)?.[1];
    if (created !== undefined) this.databases.add(created);
    const dropped = /DROP DATABASE IF EXISTS `(\w+)`/.exec(sql)?.[1];
    if (dropped !== undefined) this.databases.delete(dropped);
    const wanted = [...(/IN \(([^)]*)\)/.exec(sql)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(
      ([, name]) => name ?? '',
    );
    const there = wanted.filter((name) => this.databases.has(name));
    if (sql.includes('default_character_set_name'))
      return there.map((name) => `${name}\tutf8mb3\tutf8mb3_general_ci\t1024`).join('\n');
    if (sql.includes('information_schema.schemata')) return there.join('\n');
    if (sql.includes('MD5(')) return this.fingerprint;
    if (sql.includes('SELECT uuid FROM')) return this.cells.join('\n');
    if (sql.includes('SELECT COUNT(*)')) return '0';
    if (sql.includes('information_schema.tables')) return 'instances\nblocked';
    return '';
  }
}

const answer = (command: readonly string[], stdout = '', exitCode = 0): CommandResult => ({
  host: 'ctl-1',
  command,
  exitCode,
  stdout,
  stderr: '',
  dropped: 0,
  durationMs: 1500,
});
