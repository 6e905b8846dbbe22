import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** The error of `use` in a process of its own, in which Node does not find the package. */
async function errorWithout(packageName: string, use: string): Promise<unknown> {
  const program = `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, specifier === ${JSON.stringify(packageName)} ? { ...context, parentURL: 'file:///nowhere/index.js' } : context),
    });
    try {
      ${use}
    } catch ({ code, message, remedy }) {
      console.log(JSON.stringify({ code, message, remedy }));
    }`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@groundcrew/source', '--input-type=module', '--eval', program],
    { cwd: dirname(fileURLToPath(import.meta.url)) },
  );
  return JSON.parse(stdout);
}

test.for(['pg', '@dbos-inc/dbos-sdk'])('an engine without %s says what to install', async (packageName) => {
  const error = await errorWithout(
    packageName,
    `const { dbosEngine } = await import('@groundcrew/runbook/dbos');
     const engine = dbosEngine({ databaseUrl: 'postgres://db.example', implementations: [] });
     await engine.launch();`,
  );
  expect(error).toEqual({
    code: 'missing-package',
    message: `Running plans on DBOS needs the package ${packageName}, which is not installed`,
    remedy: `Install it beside the package that uses it: npm install ${packageName}`,
  });
});
