import { aHost } from '../../option-parts.ts';
import { type HostCommandOptions, runOn, checkedHostOptions } from '../../probing/ask-host.ts';
import { parseArguments } from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import * as z from 'zod';
import { ask, UnreadError } from '../../probing/ask.ts';
import { crmMon, type PacemakerStatus } from './crm-mon.ts';

const PacemakerTarget = z.strictObject({ host: aHost });

/** A node of a Pacemaker cluster, on which `crm_mon` is run. */
export type PacemakerTarget = Readonly<z.input<typeof PacemakerTarget>>;

/**
 * Asks Pacemaker, on one of its nodes, for its view of the cluster. It needs root or the group `haclient`.
 *
 * @throws InputError
 */
export async function observePacemaker(
  target: PacemakerTarget,
  options: HostCommandOptions = {},
): Promise<Observed<PacemakerStatus | undefined>> {
  checkedHostOptions('observePacemaker', options);
  const { host } = parseArguments('observePacemaker', PacemakerTarget, target);
  return ask(
    `pacemaker ${host.name}`,
    async (signal) => {
      const { stdout, stderr, exitCode } = await runOn(host, ['crm_mon', '--output-as=xml'], options, signal);
      if (/permission denied/i.test(stdout + stderr))
        throw new UnreadError('denied', `crm_mon: ${(stderr || stdout).trim().slice(0, 200)}`, {
          remedy: 'Ask as root, or as a member of the group haclient.',
        });
      if (stdout.trim() === '')
        throw new UnreadError(
          'failed',
          `crm_mon ended with ${exitCode}: ${stderr.trim().slice(0, 200) || 'no word'}`,
        );
      return crmMon(host.name, stdout);
    },
    options,
  );
}
