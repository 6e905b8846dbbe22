/** An empty project outside the workspace, in which the packed packages are installed as a stranger installs them. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Manifest, publicPackages, root } from './workspace.ts';

/** Packs the public packages: the tarball of each, as a manifest names it. */
export function pack(folder: string): Readonly<Record<string, string>> {
  run(root, 'pnpm', [
    '-r',
    ...publicPackages().flatMap(({ manifest }) => ['--filter', manifest.name]),
    'pack',
    '--pack-destination',
    folder,
  ]);
  const files = readdirSync(folder);
  return Object.fromEntries(
    publicPackages().map(({ folder: name, manifest }) => {
      const file = `groundcrew-${name}-${manifest.version}.tgz`;
      if (!files.includes(file)) throw new Error(`${file} was not packed`);
      return [manifest.name, `file:${path.join(folder, file)}`];
    }),
  );
}

/** A project that depends on the packed packages, and gets them instead of what the registry may have under their names. */
export function project(folder: string, tarballs: Readonly<Record<string, string>>): void {
  const manifest = {
    name: 'a-stranger',
    private: true,
    type: 'module',
    dependencies: { ...tarballs, zod: installed('packages/core/node_modules/zod') },
    devDependencies: {
      '@types/node': installed('node_modules/@types/node'),
      typescript: installed('node_modules/typescript'),
    },
  };
  const options = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2024', 'esnext.array', 'esnext.disposable'],
    strict: true,
    types: ['node'],
    skipLibCheck: true,
    rootDir: '.',
    outDir: 'out',
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  // JSON is YAML.
  writeFileSync(
    path.join(folder, 'pnpm-workspace.yaml'),
    JSON.stringify({ packages: ['.'], overrides: tarballs, pmOnFail: 'ignore' }),
  );
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['*.ts'] }),
  );
  // The exporter's example needs the optional peer prom-client, which this stranger has not installed.
  const exclude = ['**/*.test.ts', '**/exporter.ts'];
  for (const file of globSync('examples/*.ts', { cwd: root, exclude }))
    copyFileSync(path.join(root, file), path.join(folder, path.basename(file)));
  const imports = entries().map((entry, index) => `export * as entry${index} from '${entry}';`);
  writeFileSync(path.join(folder, 'entries.ts'), `${imports.join('\n')}\n`);
  run(folder, 'pnpm', ['install', '--prefer-offline', '--ignore-scripts']);
}

/** Everything that can be imported from the packages. */
export const entries = (): string[] =>
  publicPackages().flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((entry) => entry !== './package.json')
      .map((entry) => path.posix.join(manifest.name, entry)),
  );

/** Runs a program to its end, which must be good: what it printed. */
export function run(cwd: string, program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status === 0) return stdout;
  throw new Error(
    `${[program, ...args].join(' ')}: ${error?.message ?? `ended with ${status}`}\n${stdout}${stderr}`,
  );
}

function installed(folder: string): string {
  return (JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as Manifest).version;
}
