import { askLab, type LabCommandOptions } from './command.ts';

/**
 * Debian packages of this machine, installed if they are not; what they bring is not started.
 *
 * @throws LabCommandFailed which names what is missing, where it may not install
 * @example
 * await ensurePackages(['keepalived', 'haproxy']);
 */
export async function ensurePackages(
  names: readonly string[],
  options: LabCommandOptions = {},
): Promise<void> {
  await askLab(['packages', ...names], { timeout: 15 * 60_000, ...options });
}
