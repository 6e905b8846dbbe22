import { readFile } from 'node:fs/promises';
import { defineConfig, type Options } from 'tsup';
import { packageBuild } from '../../tsup.base.ts';

const services = ['block-storage', 'compute', 'identity', 'image', 'instance-ha', 'network', 'placement'];

/**
 * Makes the records of a service when they are first touched: `records.compute` becomes a getter, behind which esbuild puts the
 * service's modules to sleep until then. A program that asks one service pays for one, and `import` for none: the schemas of
 * 961 operations were half of its time.
 *
 * Only what is published is lazy. From source, the records are made at once, and an error in one shows in every test.
 */
const lazyRecords: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'lazy-records',
  setup(build) {
    build.onLoad({ filter: /[/\\]core[/\\]src[/\\]records\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const modules = new Map(
        [...source.matchAll(/^import \{ (\w+) \} from '(.+)';$/gm)].map(([, name, from]) => [name, from]),
      );
      const names = /records: Records = \{([^}]+)\}/.exec(source)?.[1]?.match(/\w+/g) ?? [];
      if (names.length === 0 || names.some((name) => !modules.has(name)))
        throw new Error(
          'records.ts: every service is imported by its name, and listed in `records: Records = { … }`',
        );
      const getters = names.map(
        (name) => `get ${name}() { return require('${modules.get(name)}').${name}; }`,
      );
      return { contents: `export const records = { ${getters.join(', ')} };`, loader: 'js' };
    });
  },
};

export default defineConfig({
  ...packageBuild([
    'src/index.ts',
    'src/opentelemetry.ts',
    ...services.map((service) => `src/${service}/entities.ts`),
  ]),
  esbuildPlugins: [lazyRecords],
});
