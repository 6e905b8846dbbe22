import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code);

/** A line of the README that says what an expression gives, or which error it throws: `milliseconds('15m'); // 900000`. */
const CLAIM = /^(?!import |const |\s|\}|interface |readonly )(.+?); \/\/ (.+)$/gm;
/** A claimed value is a literal, and may be followed by prose behind a colon. */
const LITERAL = /^(?:'[^']*'|\d+|true|false|undefined|\[.*\]|\{.*\})/;

interface Claimed {
  readonly expression: string;
  readonly claim: string;
  readonly holds: boolean;
  readonly got: string;
}

/** The block as a program that writes, for each claim, whether it holds. */
const program = (code: string): string =>
  `import { isDeepStrictEqual, inspect } from 'node:util';\n${code.replaceAll(
    CLAIM,
    (_, expression: string, claim: string) => {
      const literal = LITERAL.exec(claim)?.[0];
      const told = `expression: ${JSON.stringify(expression)}, claim: ${JSON.stringify(claim)}`;
      return literal === undefined
        ? `try { ${expression}; console.log(JSON.stringify({ ${told}, holds: false, got: 'no error' })); }
           catch (error) { const got = error.name + ': ' + error.message; console.log(JSON.stringify({ ${told}, holds: got.startsWith(${JSON.stringify(claim)}), got })); }`
        : `{ const got = ${expression}; console.log(JSON.stringify({ ${told}, holds: isDeepStrictEqual(got, ${literal}), got: inspect(got) })); }`;
    },
  )}`;

async function claimsOf(code: string): Promise<Claimed[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@groundcrew/source', '--input-type=module-typescript', '--eval', program(code)],
    { cwd: folder, timeout: 240_000 },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Claimed);
}

describe('what the README says', () => {
  test.each(blocks.map((code, index) => [index + 1, code] as const))(
    'block %i gives the values and throws the errors that its comments name',
    async (_, code) => {
      const claimed = await claimsOf(code);
      expect(claimed.length).toBeGreaterThan(0);
      expect(claimed.filter(({ holds }) => !holds)).toEqual([]);
    },
  );

  test('a claim that does not hold is found', async () => {
    const [claimed] = await claimsOf('const one = 1;\none + 1; // 3: it is 2\n');
    expect(claimed).toMatchObject({ holds: false, got: '2' });
  });
});
