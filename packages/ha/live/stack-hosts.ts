import { milliseconds } from '@groundcrew/ground';
import { execFile } from 'node:child_process';
import type { CommandResult, Host } from '@groundcrew/runbook';

/** A host that runs commands on this machine, behind some words: `['ip', 'netns', 'exec', 'a']`. */
export const commandHost = (
  name: string,
  prefix: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Host => ({
  name,
  run: (command, { signal, timeout = '1m' } = {}) =>
    new Promise<CommandResult>((resolve, reject) => {
      const [program = '', ...args] = [...prefix, ...command];
      const began = performance.now();
      const options = {
        signal,
        timeout: milliseconds(timeout),
        maxBuffer: 16 * 1024 * 1024,
        env: { ...process.env, ...env },
      };
      execFile(program, args, options, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') {
          reject(error);
          return;
        }
        const exitCode = typeof error?.code === 'number' ? error.code : 0;
        const durationMs = performance.now() - began;
        resolve({ host: name, command, exitCode, stdout, stderr, dropped: 0, durationMs });
      });
    }),
  upload: () => Promise.reject(new Error('not here')),
  download: () => Promise.reject(new Error('not here')),
});

/** Runs a program to its end; its output is in the error if it fails. */
export const must = (program: string, ...args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(program, args, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} ${args.join(' ')}: ${stderr || error.message}`, { cause: error }));
    });
  });
