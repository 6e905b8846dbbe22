import { aHost } from '../../option-parts.ts';
import { checkedHostOptions, commandParts, type HostCommandOptions, runOn } from '../../probing/ask-host.ts';
import type { Observed } from '@groundcrew/core';
import * as z from 'zod';
import { type ComponentObserver, observeOne, type ReadingOptions } from '../component-observer.ts';
import { UnreadError } from '../../probing/ask.ts';
import { importXmlPackage } from '../../probing/xml-package.ts';
import { crmMon, type PacemakerStatus } from './crm-mon.ts';

const PacemakerTarget = z.strictObject({ host: aHost, ...commandParts });

/** A node of a Pacemaker cluster, on which `crm_mon` is run. */
export interface PacemakerTarget extends Readonly<z.input<typeof PacemakerTarget>> {}

type Target = z.output<typeof PacemakerTarget>;

async function readStatus({ host, ...command }: Target, options: ReadingOptions): Promise<PacemakerStatus> {
  const { stdout, stderr, exitCode } = await runOn(host, ['crm_mon', '--output-as=xml'], {
    ...command,
    ...options,
  });
  if (/permission denied/i.test(stdout + stderr))
    throw new UnreadError('denied', `crm_mon: ${(stderr || stdout).trim().slice(0, 200)}`, {
      remedy: 'Ask as root, or as a member of the group haclient.',
    });
  if (stdout.trim() === '')
    throw new UnreadError(
      'failed',
      `crm_mon ended with ${exitCode}: ${stderr.trim().slice(0, 200) || 'no word'}`,
    );
  return crmMon(await importXmlPackage(), host.name, stdout);
}

/** The words for what is not known while no node of the cluster was seen. */
export const STANDS_UNKNOWN = 'How the cluster stands is not known';

/** The observer of a Pacemaker cluster. */
export const pacemakerObserver: ComponentObserver<'pacemaker', PacemakerTarget, PacemakerStatus> = {
  key: 'pacemaker',
  target: PacemakerTarget,
  source: ({ host }: Target) => `pacemaker ${host.name}`,
  observe: readStatus,
  unseen: { id: 'pacemaker.unseen', means: STANDS_UNKNOWN },
};

/**
 * Asks Pacemaker, on one of its nodes, for its view of the cluster. It needs root or the group `haclient`.
 *
 * @throws InputError
 */
export async function observePacemaker(
  target: PacemakerTarget,
  options: HostCommandOptions = {},
): Promise<Observed<PacemakerStatus | undefined>> {
  const { command, check } = checkedHostOptions('observePacemaker', options);
  return observeOne('observePacemaker', pacemakerObserver, { ...target, ...command }, check);
}
