import { aSudo } from '../option-parts.ts';
import { z } from 'zod';
import { aSignal, messageOf, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook';
import { type FileOwner, ownerOf } from './managed-file.ts';
import { EnrollTopology, type ParsedTopology } from './topology.ts';

/** The files of one balancer. */
export interface BalancerFiles {
  readonly host: string;
  readonly haproxy: FileOwner;
  readonly check: FileOwner;
  readonly keepalived: FileOwner;
}

/** The files that an enrolment would replace, as they are now. */
export interface EnrollmentSnapshot {
  readonly balancers: readonly BalancerFiles[];
  /** Settings files of replicas by `HOST:PATH`. */
  readonly settings: Readonly<Record<string, FileOwner>>;
}

export interface ObserveEnrollmentOptions {
  readonly signal?: AbortSignal | undefined;
  /** `true` runs commands as root, a name as that user, by `sudo -n`. @default as the user of the connection */
  readonly sudo?: boolean | string | undefined;
  /** Settings files of replicas that are read, too. @default none */
  readonly settings?: readonly { readonly host: string; readonly path: string }[] | undefined;
}

const readOptions = optionsSchema<ObserveEnrollmentOptions>({
  signal: aSignal.optional(),
  sudo: aSudo.optional(),
  settings: z.array(z.strictObject({ host: z.string(), path: z.string() })).optional(),
});

/**
 * Reads the files that an enrolment would write, all at the same time. A missing file is `absent`; one that
 * could not be read, on a host that is not reached or not given, is `unseen`, and keeps a plan from being made.
 *
 * @throws InputError; the signal's reason
 */
export async function observeEnrollment(
  topology: EnrollTopology,
  hosts: readonly Host[],
  options: ObserveEnrollmentOptions = {},
): Promise<EnrollmentSnapshot> {
  parseArguments('observeEnrollment', readOptions, options);
  const { signal, sudo, settings = [] } = options;
  const { balancers }: ParsedTopology = parseArguments('observeEnrollment', EnrollTopology, topology);
  const look = async (host: string, kind: string, path: string): Promise<FileOwner> => {
    const found = hosts.find(({ name }) => name === host);
    if (found === undefined) return { state: 'unseen', why: `no host ${host} was given` };
    try {
      const text = await readFileOf(found, path, { signal, sudo });
      return text === undefined ? { state: 'absent' } : ownerOf(kind, text);
    } catch (error) {
      signal?.throwIfAborted();
      return { state: 'unseen', why: messageOf(error) };
    }
  };
  const [files, own] = await Promise.all([
    Promise.all(
      balancers.map(async ({ host, haproxy, keepalived }): Promise<BalancerFiles> => {
        const [haproxyFile, checkFile, keepalivedFile] = await Promise.all([
          look(host, 'haproxy', haproxy.config),
          look(host, 'check', keepalived.script),
          look(host, 'keepalived', keepalived.config),
        ]);
        return { host, haproxy: haproxyFile, check: checkFile, keepalived: keepalivedFile };
      }),
    ),
    Promise.all(
      settings.map(
        async ({ host, path }) => [`${host}:${path}`, await look(host, 'settings', path)] as const,
      ),
    ),
  ]);
  return { balancers: files, settings: Object.fromEntries(own) };
}

/** `undefined` if it is not there. Told by the shell, so that an absent file and an unreadable one are not mixed up. */
export async function readFileOf(
  host: Host,
  path: string,
  {
    signal,
    sudo,
  }: { readonly signal?: AbortSignal | undefined; readonly sudo?: boolean | string | undefined },
): Promise<string | undefined> {
  const { exitCode, stdout, stderr } = await host.run(
    ['sh', '-c', 'if [ -e "$1" ] || [ -L "$1" ]; then exec cat -- "$1"; else exit 44; fi', 'sh', path],
    { expect: 'any', keep: 4 * 1024 * 1024, timeout: '30s', signal, sudo },
  );
  if (exitCode === 44) return undefined;
  if (exitCode !== 0) throw new Error(`${path}: ${stderr.trim() || `exit code ${exitCode}`}`);
  return stdout;
}
