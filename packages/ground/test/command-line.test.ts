import { describe, expect, expectTypeOf, test } from 'vitest';
import { InputError } from '../src/errors.ts';
import { nodeTooOld, readCommandLine, wrongCall } from '../src/command-line.ts';

const tool = {
  usage: 'usage: tool [--out DIRECTORY]\n\n  --out  where it goes\n',
  version: '1.2.3',
  options: { out: { type: 'string', default: 'here' }, loud: { type: 'boolean', short: 'l' } },
} as const;

describe('a command line', () => {
  test('has its flags, with their types', () => {
    const line = readCommandLine(['--out', 'there', '-l'], tool);
    expect(line).toEqual({ kind: 'run', values: { out: 'there', loud: true }, positionals: [] });
    const { out } = (line as Extract<typeof line, { kind: 'run' }>).values;
    expectTypeOf(out).toEqualTypeOf<string>();
  });

  test('has defaults', () => {
    expect(readCommandLine([], tool)).toEqual({ kind: 'run', values: { out: 'here' }, positionals: [] });
  });

  test.each([['--help'], ['-h']])('%s shows how it is called, and ends well', (flag) => {
    expect(readCommandLine([flag], tool)).toEqual({
      kind: 'end',
      code: 0,
      stream: 'stdout',
      text: tool.usage,
    });
  });

  test.each([['--version'], ['-V']])('%s shows the version, and ends well', (flag) => {
    expect(readCommandLine([flag], tool)).toMatchObject({ code: 0, stream: 'stdout', text: '1.2.3\n' });
  });

  test('a leading -- is what pnpm handed on', () => {
    expect(readCommandLine(['--', '--out', 'x'], tool)).toMatchObject({ values: { out: 'x' } });
  });

  test.each([
    [['--quiet'], '--quiet'],
    [['-q'], '-q'],
    [['--out'], '--out'],
    [['--out', '-l'], '--out'],
    [['--loud=yes'], '--loud'],
    [['stray'], 'stray'],
    [['--a. To specify a positional'], '--a'],
    [['--col\u001B[2Jour'], '--col'],
  ])('%j is wrong: one line names it', (args, name) => {
    const line = readCommandLine(args, tool);
    expect(line).toMatchObject({ kind: 'end', code: 2, stream: 'stderr' });
    const text = line.kind === 'end' ? line.text : '';
    expect(text).toContain(name);
    expect(text).toContain('usage: tool [--out DIRECTORY]');
    expect(text).toMatch(/^\P{Cc}+\n$/u);
  });

  test('takes arguments without a flag if it says so', () => {
    expect(readCommandLine(['a', 'b'], { ...tool, positionals: true })).toMatchObject({
      positionals: ['a', 'b'],
    });
  });

  test('a value that the program itself refuses ends alike', () => {
    expect(wrongCall(tool, '--out is not\na folder')).toEqual({
      kind: 'end',
      code: 2,
      stream: 'stderr',
      text: String.raw`--out is not\na folder; usage: tool [--out DIRECTORY]` + '\n',
    });
  });
});

describe('the Node that a program runs on', () => {
  const manifest = { name: '@groundcrew/tool', version: '1.2.3', engines: { node: '>=22.18' } };

  test.each(['22.18.0', '22.19.1', '24.0.0', '100.0.0'])('%s is new enough', (running) => {
    expect(nodeTooOld(manifest, running)).toBeUndefined();
  });

  test.each(['22.17.9', '20.20.2', '22.2.0', '9.99.0'])(
    '%s is too old, and the line says what is needed',
    (running) => {
      const line = nodeTooOld(manifest, running);
      expect(line).toContain('@groundcrew/tool needs Node 22.18 or newer');
      expect(line).toContain(running);
      expect(line).toMatch(/^[^\n]+\n$/);
    },
  );

  test('a range that it cannot read is a fault of the package', () => {
    expect(() => nodeTooOld({ ...manifest, engines: { node: '^22' } })).toThrow(InputError);
  });
});
