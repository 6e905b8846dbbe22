import { anObjectWith, isSecretName, optionsSchema, parseArguments, Secret } from '@groundcrew/ground';
import type { Host, Revealable } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import type { Engine } from '../engine.ts';
import { ResticEngine } from './restic-engine.ts';

export interface ResticOptions {
  /** As restic has it: `/srv/backups`, `sftp:host:/path`, `s3:https://…/bucket`, `swift:container:/path`, `rest:https://…`. */
  readonly repository: string;
  /** One line, without blanks around it: restic would leave them out. */
  readonly password: string | Revealable;
  /**
   * For its storage: `AWS_SECRET_ACCESS_KEY`, `OS_PASSWORD`, … Those whose names are those of secrets are never shown.
   *
   * @default nothing but the environment of the machine
   */
  readonly env?: Readonly<Record<string, string | Revealable>> | undefined;
  /** The machine on which restic runs. @default this one */
  readonly on?: Host | undefined;
  /** @default 'restic' */
  readonly program?: string | undefined;
  /** The folder of its cache; `false`: none, which is slow with remote storage. @default restic's own choice */
  readonly cache?: string | false | undefined;
}

const revealable = z.union([z.string(), anObjectWith<Revealable>('text or a secret', 'reveal')]);

const resticOptions = optionsSchema<ResticOptions>({
  repository: z.string().min(1),
  password: revealable.refine(
    isPassword,
    'must be one line of text, without blanks around it, and not empty',
  ),
  env: z.record(z.string(), revealable).optional(),
  on: anObjectWith<Host>('a Host', 'name', 'run').optional(),
  program: z.string().min(1).optional(),
  cache: z.union([z.string().min(1), z.literal(false)]).optional(),
});

function isPassword(given: string | Revealable): boolean {
  const password = typeof given === 'string' ? given : given.reveal();
  return /^[^\n\r\0]+$/.test(password) && password.trim() === password;
}

/**
 * Keeps bytes in a repository of [restic](https://restic.net), by its program: 0.14 or newer, on this machine or another one. What
 * is stored can be read with restic alone.
 *
 * The password reaches restic through a pipe: it is no argument, no variable and no file. Passwords within `repository`, and `env`,
 * are in restic's environment, which its own user and root can read.
 *
 * @throws InputError on an option that it does not know, or a password that restic would change
 * @example
 * const engine = restic({ repository: '/srv/backups', password: new Secret('…') });
 */
export function restic(options: ResticOptions): Engine {
  parseArguments('restic', resticOptions, options);
  const { repository, password, env = {}, on = localHost(), program = 'restic', cache } = options;
  const hidden = Object.entries(env).map(
    ([name, value]) =>
      [name, typeof value === 'string' && isSecretName(name) ? new Secret(value) : value] as const,
  );
  return new ResticEngine({
    host: on,
    program,
    repository,
    password: typeof password === 'string' ? new Secret(password) : password,
    env: Object.fromEntries(hidden),
    cache,
    secrets: passwordsIn(repository),
  });
}

/** The password of a URL, as it is written and as it is meant. */
function passwordsIn(repository: string): string[] {
  const [, password] = /:\/\/[^/@:]{0,256}:([^/@]{1,256})@/.exec(repository) ?? [];
  if (password === undefined) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
