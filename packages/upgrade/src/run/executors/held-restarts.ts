import { FileNotFoundError } from '@groundcrew/runbook/hosts';
import type { HostShell } from './host-shell.ts';

const POLICY = '/usr/sbin/policy-rc.d';
const MARK = '# groundcrew: packages restart nothing while one of its steps installs them';
const TEXT = `#!/bin/sh\n${MARK}\nexit 101\n`;

/** The file as it is; `undefined` if there is none. */
async function policyOf(shell: HostShell, host: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const bytes = await shell.host(host).download(POLICY, { signal, ...shell.root });
    return new TextDecoder().decode(bytes);
  } catch (error) {
    if (error instanceof FileNotFoundError) return undefined;
    throw error;
  }
}

/** Whether a step that was cut off left its policy there. */
export const holdsRestarts = async (shell: HostShell, host: string, signal: AbortSignal): Promise<boolean> =>
  (await policyOf(shell, host, signal))?.includes(MARK) ?? false;

/**
 * Keeps the maintainer scripts of packages from starting and restarting services meanwhile (invoke-rc.d(8)): a plan restarts them in its
 * own order. Somebody else's policy is left as it is.
 */
export async function withHeldRestarts<T>(
  shell: HostShell,
  host: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const policy = await policyOf(shell, host, signal);
  const isOurs = policy === undefined || policy.includes(MARK);
  if (isOurs) await shell.host(host).upload(TEXT, POLICY, { mode: 0o755, signal, ...shell.root });
  try {
    return await work();
  } finally {
    // Also when the step was cancelled, and its signal with it: a host that starts no service any more is a trap.
    if (isOurs) await shell.asRoot(host, ['rm', '-f', POLICY], { timeout: '1m' });
  }
}
