import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Options } from 'tsup';
import { packageBuild } from '../../tsup.base.ts';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const services = [
  'block-storage',
  'compute',
  'identity',
  'image',
  'instance-ha',
  'load-balancer',
  'network',
  'object-store',
  'placement',
];

/**
 * Makes the records of a service when they are first touched: `records.compute` becomes a getter, behind which esbuild puts the
 * service's modules to sleep until then. A program that asks one service pays for one, and `import` for none: the schemas of
 * 961 operations were half of its time.
 *
 * Only what is published is lazy. From source, the records are made at once, and an error in one shows in every test.
 */
const lazyRecords: Plugin = {
  name: 'lazy-records',
  setup(build) {
    build.onLoad({ filter: /[/\\]core[/\\]src[/\\]services[/\\]records\.ts$/ }, async (args) => {
      const source = await readFile(args.path, 'utf8');
      const modules = new Map(
        [...source.matchAll(/^import \{ (\w+) \} from '(.+)';$/gm)].map(([, name, from]) => [name, from]),
      );
      const names = /records: Records = \{([^}]+)\}/.exec(source)?.[1]?.match(/\w+/g) ?? [];
      if (names.length === 0 || names.some((name) => !modules.has(name)))
        throw new Error(
          'services/records.ts: every service is imported by its name, and listed in `records: Records = { … }`',
        );
      const getters = names.map(
        (name) => `get ${name}() { return require('${modules.get(name)}').${name}; }`,
      );
      return { contents: `export const records = { ${getters.join(', ')} };`, loader: 'js' };
    });
  },
};

/**
 * Takes yaml into the bundle, as the ES module that it has for browsers, and makes it when a file is first read. Its CommonJS
 * modules for Node are 70 files, which took a fifth of the time of an import, and which no bundler can put into an ES module.
 */
const lazyYaml: Plugin = {
  name: 'lazy-yaml',
  setup(build) {
    const yaml = path.join(import.meta.dirname, 'node_modules', 'yaml', 'browser', 'index.js');
    build.onResolve({ filter: /^yaml$/ }, () => ({ path: yaml }));
    build.onResolve({ filter: /^\.\/parse\.ts$/ }, ({ kind, resolveDir }) =>
      kind === 'import-statement' ? { path: 'parse', namespace: 'lazy', pluginData: resolveDir } : undefined,
    );
    build.onLoad({ filter: /^parse$/, namespace: 'lazy' }, ({ pluginData }) => ({
      contents: `export const parseSection = (...args) => require('./parse.ts').parseSection(...args);`,
      resolveDir: pluginData as string,
      loader: 'js',
    }));
  },
};

const entries = services.map((service) => `src/services/${service}/entities.ts`);

export default packageBuild(
  ['src/index.ts', 'src/conversation.ts', 'src/telemetry/opentelemetry.ts', ...entries],
  {
    noExternal: ['yaml'],
    esbuildPlugins: [lazyRecords, lazyYaml],
  },
);
