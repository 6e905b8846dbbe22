import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from '@typescript/typescript6';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { declarationsOf } from '../declarations/declarations.ts';
import { versionsOf } from '../declarations/service.ts';
import { records } from '../src/index.ts';

const root = path.join(import.meta.dirname, '..');
/** Within the package: its modules are found from there. */
const outer = mkdtempSync(path.join(root, 'node_modules', '.declarations-'));
const folder = path.join(outer, 'editor');
const src = '../../../src';

beforeAll(() => {
  const { modules, services } = declarationsOf(root, {
    made: '../declared',
    core: src,
    back: src,
  });
  mkdirSync(folder);
  mkdirSync(path.join(outer, 'declared'));
  for (const [name, text] of modules) writeFileSync(path.join(outer, 'declared', `${name}.d.ts`), text);
  writeFileSync(path.join(folder, 'services.d.ts'), services);
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../../../../tsconfig.test.json',
      compilerOptions: { skipLibCheck: false, noUnusedLocals: false },
      include: ['*.ts', '../declared/*.ts'],
    }),
  );
}, 600_000);
afterAll(() => rmSync(outer, { recursive: true, force: true }));

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const kebab = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The version before, at which a change has not come yet. */
const before = (version: string): string =>
  version.replace(/\d+$/, (minor) => String(Math.max(0, Number(minor) - 1)));

describe('the declarations', () => {
  test('are the types that are inferred from the records, at every version at which something changes', () => {
    const lines = [
      `import type { ResourceClient } from '${src}/call/client.ts';`,
      'type Flat<T> = { [K in keyof T]: T[K] };',
      'type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;',
    ];
    let checks = 0;
    for (const [name, service] of Object.entries(records)) {
      const file = kebab(name);
      const client = `${capital(name)}Client`;
      const floor = service.microversion?.floor ?? '0.0';
      lines.push(`import type { ${name} } from '${src}/services/${file}/${file}.ts';`);
      lines.push(`import type { ${client}, ${client}At } from '../declared/${file}.ts';`);
      for (const [key, resource] of Object.entries(service.resources)) {
        const same = (version: string, declared: string): void => {
          const record = `(typeof ${name})['resources']['${key}']`;
          checks += 1;
          lines.push(
            `export const check${checks}: Same<Flat<ResourceClient<${record}, ${version}>>, Flat<${declared}['${key}']>> = true;`,
          );
        };
        same(`'floor:${floor}'`, client);
        same('string', `${client}At<string>`);
        const versions = versionsOf(resource, floor).flatMap((version) =>
          version === floor ? [version] : [before(version), version],
        );
        for (const version of new Set(versions)) same(`'${version}'`, `${client}At<'${version}'>`);
      }
    }
    expect(checks).toBeGreaterThan(300);
    writeFileSync(path.join(folder, 'checks.ts'), lines.join('\n'));
    const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
    const { stdout, status } = spawnSync(
      process.execPath,
      [path.join(path.dirname(tsc), 'bin', 'tsc'), '-p', folder, '--pretty', 'false'],
      { encoding: 'utf8' },
    );
    const wrong = stdout
      .split('\n')
      .filter((line) => line.includes('error'))
      .map((line) => {
        const at = /checks\.ts\((\d+),/.exec(line)?.[1];
        return at === undefined ? line : `${line}\n    ${lines[Number(at) - 1]}`;
      });
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(status).toBe(0);
  }, 600_000);
});

describe('in an editor', () => {
  const program = [
    "import type { Services } from './services.ts';",
    'declare const cloud: Services;',
    'cloud.compute.servers;',
    'for await (const item of cloud.compute.servers.list()) console.log(item);',
    "for await (const newer of cloud.compute.at('2.96').servers.list()) console.log(newer);",
    'cloud.compute.servers.stop;',
    "cloud.compute.servers.waitFor('s', '');",
    '',
  ].join('\n');
  const file = path.join(folder, 'editor.ts');
  let service: ts.LanguageService;
  const end = (text: string): number => program.indexOf(text) + text.length;

  beforeAll(() => {
    writeFileSync(file, program);
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(path.join(folder, 'tsconfig.json'), (name) => ts.sys.readFile(name)).config,
      ts.sys,
      folder,
    );
    service = ts.createLanguageService({
      ...ts.sys,
      useCaseSensitiveFileNames: () => true,
      getCompilationSettings: () => ({ ...options, module: ts.ModuleKind.NodeNext }),
      getScriptFileNames: () => [file],
      getScriptVersion: () => '1',
      getScriptSnapshot: (name) => {
        const text = ts.sys.readFile(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
      getCurrentDirectory: () => folder,
    });
  });
  afterAll(() => service.dispose());

  /** What is shown over a place; with `verbosity` 1 as it is when a reader unfolds it, of which the API's types do not tell. */
  const hover = (position: number, verbosity = 0): string => {
    const asked: [string, number, number] = [file, position, 10_000];
    const info = service.getQuickInfoAtPosition(...([...asked, verbosity] as unknown as typeof asked));
    return ts.displayPartsToString(info?.displayParts);
  };

  test('a resource is shown by its name, and its methods one step further', () => {
    const at = end('cloud.compute.serv');
    expect(hover(at)).toBe('(property) ComputeClient.servers: ServersClient');
    const expanded = hover(at, 1);
    expect(expanded).toContain(
      'list: (input?: ServersListInput, options?: CallOptions) => AsyncIterable<Server>',
    );
    expect(expanded).toContain('Promise<CreatedServer>');
    expect(expanded).not.toContain('Zod');
  });

  test('a resource is completed with its methods', () => {
    const found = service.getCompletionsAtPosition(file, end('cloud.compute.servers.'), undefined);
    const names = found?.entries.map(({ name }) => name) ?? [];
    expect(names).toEqual(
      expect.arrayContaining(['get', 'list', 'create', 'stop', 'find', 'waitFor', 'waitGone']),
    );
  });

  test('an item of a list is a Server, not its fields', () => {
    expect(hover(end('const it'))).toBe('const item: Server');
    expect(hover(end('const new'))).toBe('const newer: ServerAt2_96');
  });

  test('a method has the comment of its record', () => {
    const info = service.getQuickInfoAtPosition(file, end('cloud.compute.servers.st'));
    expect(ts.displayPartsToString(info?.displayParts)).toContain(
      'stop: (input: ById, options?: CallOptions) => Promise<void>',
    );
    expect(ts.displayPartsToString(info?.documentation)).toMatch(/\w/);
  });

  test('the states to wait for are completed', () => {
    const found = service.getCompletionsAtPosition(file, end("waitFor('s', '"), undefined);
    const names = found?.entries.map(({ name }) => name) ?? [];
    expect(names).toEqual(expect.arrayContaining(['ACTIVE', 'SHUTOFF', 'ERROR']));
  });
});
