import type { Observed } from '@groundcrew/core';
import { isGroundcrewError } from '@groundcrew/ground';
import type { CommandOptions, Host } from '@groundcrew/runbook/hosts';
import { OrphanError } from './orphan-error.ts';
import type { HypervisorDomain } from './orphan-sources.ts';

/** What a host is asked with. */
export interface DomainsAsked {
  readonly sudo: boolean | string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The guests of libvirt on a host. A host that does not answer is a gap: its guests may run all the same. */
export async function domainsOf(
  name: string,
  host: Pick<Host, 'run'>,
  { sudo, signal, now }: DomainsAsked,
): Promise<Observed<readonly HypervisorDomain[]>> {
  const at = new Date(now()).toISOString();
  const source = `guests on ${name}`;
  const options: CommandOptions = {
    ...(sudo === undefined ? {} : { sudo }),
    signal,
    timeout: '1m',
    keep: 16 * 1024 * 1024,
  };
  const list = async (...more: string[]): Promise<readonly (readonly [string, string])[]> => {
    const { stdout } = await host.run(
      ['virsh', '--connect', 'qemu:///system', '--readonly', 'list', '--uuid', '--name', ...more],
      options,
    );
    return linesOf(stdout);
  };
  try {
    const running = new Set((await list()).map(([id]) => id));
    const all = await list('--all');
    const value = all.map(([id, called]) => ({ host: name, id, name: called, isRunning: running.has(id) }));
    return { value, at, source, completeness: 'complete', gaps: [] };
  } catch (error) {
    signal?.throwIfAborted();
    if (!isGroundcrewError(error)) throw error;
    const { message: why, remedy } = error;
    return {
      value: [],
      at,
      source,
      completeness: 'failed',
      gaps: [{ what: source, kind: 'failed', why, remedy, requestIds: [] }],
    };
  }
}

/** The guests of a host that must answer. @throws OrphanError `orphans.unseen` */
export async function guestsOf(...asked: Parameters<typeof domainsOf>): Promise<readonly HypervisorDomain[]> {
  const { value, gaps } = await domainsOf(...asked);
  const [gap] = gaps;
  if (gap === undefined) return value;
  throw new OrphanError('orphans.unseen', `${gap.what}: ${gap.why}`, { remedy: gap.remedy });
}

/** `virsh list --uuid --name` prints an id and a name in each line; what else there is, is no guest. */
const linesOf = (stdout: string): readonly (readonly [string, string])[] =>
  stdout.split('\n').flatMap((line): (readonly [string, string])[] => {
    const found = /^\s*([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\s+(\S.*)$/.exec(line.trimEnd());
    return found === null ? [] : [[found[1] ?? '', found[2] ?? '']];
  });
