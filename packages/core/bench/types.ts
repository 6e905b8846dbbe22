import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Measurement } from './measure.ts';

const CONSUMER = `
import { connect } from '@groundcrew/core';
await using cloud = connect({ cloud: 'prod' });
for await (const server of cloud.compute.servers.list({ all_tenants: true, status: 'ERROR' })) {
  console.log(server.id, server.name, server.status);
}
const made = await cloud.compute.at('2.37').servers.create({ name: 'a', flavorRef: '1', networks: 'auto' });
await cloud.compute.servers.waitFor(made.id, 'ACTIVE');
for await (const port of cloud.network.ports.list({ device_id: made.id })) console.log(port.mac_address);
for await (const volume of cloud.blockStorage.volumes.list()) console.log(volume.size);
`;
const BASELINE = "import { z } from 'zod';\nexport const Name = z.string();\n";

const core = path.join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const folderOf = (name: string): string => path.dirname(require.resolve(`${name}/package.json`));

/** The compilers that are installed here. To have another one beside them, name its folder in `TYPESCRIPT`. */
const COMPILERS: readonly (readonly [name: string, script: string])[] = [
  ['TypeScript 7', path.join(folderOf('typescript'), 'bin', 'tsc')],
  ['TypeScript 6', path.join(folderOf('@typescript/typescript6'), 'bin', 'tsc6')],
  ...(process.env['TYPESCRIPT'] === undefined
    ? []
    : [
        [
          path.basename(process.env['TYPESCRIPT']),
          path.join(process.env['TYPESCRIPT'], 'bin', 'tsc'),
        ] as const,
      ]),
];

/**
 * What it costs a program outside the workspace to be compiled against core's `dist`, in types that the compiler makes; the
 * baseline is a program that has zod only. Run `pnpm build` before.
 */
export async function bench(): Promise<Measurement[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'groundcrew-types-'));
  try {
    const modules = path.join(folder, 'node_modules');
    mkdirSync(path.join(modules, '@groundcrew'), { recursive: true });
    symlinkSync(core, path.join(modules, '@groundcrew', 'core'));
    symlinkSync(path.join(core, '..', '..', 'node_modules', '@types'), path.join(modules, '@types'));
    symlinkSync(folderOf('zod'), path.join(modules, 'zod'));
    writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(path.join(folder, 'consumer.ts'), CONSUMER);
    writeFileSync(path.join(folder, 'baseline.ts'), BASELINE);
    return COMPILERS.flatMap(([name, script]) =>
      [false, true].flatMap((skipLibCheck) => {
        const ours = compile(folder, script, 'consumer.ts', skipLibCheck);
        const baseline = compile(folder, script, 'baseline.ts', skipLibCheck);
        return UNITS.map(([unit, figure, aim]) => ({
          name: `${name}, skipLibCheck ${skipLibCheck}: ${figure}`,
          value: ours(figure),
          unit,
          baseline: baseline(figure),
          ratio: ours(figure) / baseline(figure),
          aim: aim === undefined ? undefined : (aim[Number(skipLibCheck)] ?? 0) / baseline(figure),
        }));
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const UNITS: readonly (readonly [unit: string, figure: string, aim?: readonly [number, number]])[] = [
  ['types', 'Types', [100_000, 10_000]],
  ['instantiations', 'Instantiations'],
  ['K', 'Memory used'],
  ['s', 'Total time'],
];

/** Compiles one file; the answer tells its figures. */
function compile(
  folder: string,
  script: string,
  file: string,
  skipLibCheck: boolean,
): (figure: string) => number {
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2024', 'esnext.array', 'esnext.disposable'],
    types: ['node'],
    noEmit: true,
    skipLibCheck,
  };
  const config = path.join(folder, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ compilerOptions: options, files: [file] }));
  // One thread: several checkers make the same types, and each counts its own.
  const threads =
    script.endsWith('tsc6') || process.env['TYPESCRIPT'] === path.dirname(path.dirname(script))
      ? []
      : ['--singleThreaded'];
  const { stdout, status } = spawnSync(
    process.execPath,
    [script, '-p', config, '--extendedDiagnostics', ...threads],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${script} does not compile ${file}:\n${stdout}`);
  return (figure) => Number(new RegExp(`${figure}: +([\\d.]+)`).exec(stdout)?.[1]);
}
