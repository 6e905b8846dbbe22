import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What OpenStack's own command says, as JSON: a client that shares nothing with ours. */
export async function openstack(cloud: string, ...words: string[]): Promise<Record<string, unknown>[]> {
  const args = ['--os-cloud', cloud, ...words, '-f', 'json'];
  const { stdout } = await run('openstack', args, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Record<string, unknown>[];
}
