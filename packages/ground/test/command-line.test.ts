import { describe, expect, test } from 'vitest';
import { readCommandLine, wrongCall } from '../src/command-line.ts';

const tool = {
  usage: 'usage: tool [--out DIRECTORY]\n\n  --out  where it goes\n',
  version: '1.2.3',
  options: { out: { type: 'string', default: 'here' }, loud: { type: 'boolean', short: 'l' } },
} as const;

describe('a command line', () => {
  test('has its flags, with their types', () => {
    const line = readCommandLine(['--out', 'there', '-l'], tool);
    expect(line).toEqual({ kind: 'run', values: { out: 'there', loud: true }, positionals: [] });
    if (line.kind === 'run') expect(line.values.out satisfies string).toBe('there');
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
    expect(text).toMatch(/^[^\n\u001B]+\n$/);
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
