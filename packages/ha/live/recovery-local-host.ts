import { spawn } from 'node:child_process';
import { chmod, chown, readFile, rename, writeFile } from 'node:fs/promises';
import type { CommandResult, Host } from '@groundcrew/runbook';

/** This machine under another name, with no more than what these suites need. */
export const localHost = (name: string): Host => ({
  name,
  run: (command, { signal, timeout = 60, expect = [0], stdin = '', env } = {}) =>
    new Promise<CommandResult>((resolve, reject) => {
      const [program, ...args] = command;
      const limit = AbortSignal.timeout(timeout * 1_000);
      const began = Date.now();
      const child = spawn(program, args, {
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        env: { ...process.env, ...(env as Record<string, string> | undefined), LC_ALL: 'C' },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.stdin.on('error', () => undefined).end(stdin);
      child.once('error', reject);
      child.once('close', (code) => {
        const exitCode = code ?? -1;
        const result = {
          host: name,
          command,
          exitCode,
          stdout,
          stderr,
          dropped: 0,
          duration: Date.now() - began,
        };
        if (expect === 'any' || expect.includes(exitCode)) resolve(result);
        else reject(new Error(`${command.join(' ')}: exit code ${exitCode}: ${stderr.trim().slice(-300)}`));
      });
    }),
  async upload(content, path, { mode = 0o600, owner } = {}) {
    const fresh = `${path}.new`;
    await writeFile(fresh, content);
    await chmod(fresh, mode);
    const [uid, gid] = (owner ?? '').split(':').map(Number);
    if (uid !== undefined && gid !== undefined) await chown(fresh, uid, gid);
    await rename(fresh, path);
  },
  download: (path) => readFile(path),
});
