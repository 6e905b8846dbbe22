import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { pulled } from '../repository/pulled.ts';
import type { ControlPlanePart } from './control-plane-part.ts';

export interface HostFilesOptions {
  readonly host: Pick<Host, 'run' | 'name'>;
  /** `keystone-keys`, `etc`. */
  readonly name: string;
  /** Absolute paths of folders and files: Fernet keys, `/etc/nova`, Swift's rings. One that is not there is a gap. */
  readonly paths: readonly string[];
  /** As root, or as the user of that name. @default as who one is */
  readonly sudo?: boolean | string | undefined;
}

const aPath = z
  .string()
  .startsWith('/', 'must be an absolute path')
  .refine((path) => !path.includes('\0') && !path.split('/').includes('..'), 'must be a path without `..`');
const filesOptions = optionsSchema<HostFilesOptions>({
  host: anObjectWith<HostFilesOptions['host']>('a Host', 'run', 'name'),
  name: z.string().regex(/^[a-z\d][a-z\d-]{0,40}$/, 'must be a short name in lower case'),
  paths: z.array(aPath).min(1),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
});

/**
 * Files of a host, with their owners, modes and links, as one archive of tar. It is a stream: nothing is written to the host.
 *
 * @throws InputError naming the field
 * @example hostFiles({ host, name: 'keystone-keys', paths: ['/etc/keystone/fernet-keys', '/etc/keystone/credential-keys'], sudo: true })
 */
export function hostFiles(options: HostFilesOptions): ControlPlanePart {
  parseArguments('hostFiles', filesOptions, options);
  const { host, name, paths, sudo } = options;
  const more = sudo === undefined ? {} : { sudo };
  return {
    name,
    kind: 'files',
    host: host.name,
    async store({ writer, progress }) {
      const { there, missing } = await sorted(host, paths, { ...more, signal: writer.signal });
      const gaps = missing.map((path) => ({ what: `${path} of ${host.name}`, why: 'it is not there' }));
      if (there.length === 0) return { facts: { paths: [] }, gaps };
      progress(`reading ${there.join(', ')}`);
      const archive = pulled(async (hand, signal) => {
        // Without their leading slash, as tar would take it off itself, and say so.
        const command = [
          'tar',
          '--create',
          '--numeric-owner',
          '--directory=/',
          '--',
          ...there.map((path) => path.slice(1)),
        ] as const;
        await host.run([...command], { ...more, signal, timeout: '1h', onStdout: hand });
      }, writer.signal);
      await writer.put(`${name}.tar`, archive, { tags: { host: host.name, part: name } });
      return { facts: { paths: there }, gaps };
    },
  };
}

async function sorted(
  host: HostFilesOptions['host'],
  paths: readonly string[],
  options: { readonly sudo?: boolean | string; readonly signal: AbortSignal },
): Promise<{ readonly there: string[]; readonly missing: string[] }> {
  const there: string[] = [];
  const missing: string[] = [];
  for (const path of paths) {
    const { exitCode } = await host.run(['test', '-e', path], { ...options, expect: [0, 1] });
    (exitCode === 0 ? there : missing).push(path);
  }
  return { there, missing };
}
