import { askLab, type LabCommandOptions } from './command.ts';

/**
 * Installs Debian packages that are missing on this machine. Their services are not started.
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
