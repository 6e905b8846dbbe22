import { defineConfig, type Options } from 'tsup';

/**
 * How every package is bundled. tsup emits JavaScript only; `tsc -b` emits the declarations beside it, since
 * tsup's own declaration plugin needs a compiler API that TypeScript 7 does not have yet.
 *
 * Never `clean`: tsc's output and its build info live in the same folder.
 */
export const packageBuild = (entry: string[] = ['src/index.ts'], more: Options = {}) =>
  defineConfig({
    entry,
    format: ['esm'],
    target: 'node22',
    dts: false,
    clean: false,
    sourcemap: true,
    treeshake: true,
    // `node:sqlite` has no other name.
    removeNodeProtocol: false,
    ...more,
  });
