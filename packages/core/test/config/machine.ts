import { inspect } from 'node:util';
import type { CloudEntry } from '../../src/config/cloud-entry.ts';
import { type LoadOptions, loadCloud } from '../../src/config/load.ts';
import { ConfigError } from '../../src/errors/errors.ts';

/** A machine of its own: files by path, variables, a user at `/home/me` who works in `/project`. */
export interface Machine {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export const sourcesOf = ({ files = {}, env = {} }: Machine) => ({
  env,
  home: '/home/me',
  cwd: '/project',
  readFile: (path: string): string => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
    return content;
  },
});

export const load = (machine: Machine, options: LoadOptions = {}): CloudEntry =>
  loadCloud({ ...sourcesOf(machine), ...options });

/** `clouds.yaml` in the working directory, its content as a value: JSON is YAML. */
export const cloudsFile = (clouds: unknown): Machine => ({
  files: { '/project/clouds.yaml': JSON.stringify({ clouds }) },
});

/** A machine with one cloud, `prod`, which has `credentials` unless it brings its own. */
export const prod = (settings: Readonly<Record<string, unknown>> = {}): Machine =>
  cloudsFile({ prod: { auth: credentials, ...settings } });

export const credentials = {
  auth_url: 'https://keystone:5000/v3',
  username: 'ann',
  password: 'pa55',
  user_domain_name: 'Default',
  project_name: 'demo',
  project_domain_name: 'Default',
};

export const without = (...keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(credentials).filter(([key]) => !keys.includes(key)));

/** `auth` with its secrets revealed, to compare it whole. */
export const authOf = (entry: CloudEntry): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(entry.auth).map(([key, value]) => [
      key,
      typeof value === 'object' ? value.reveal() : value,
    ]),
  );

/** The error that `run` must end in, and everything that anyone could print of it. */
export function refusal(run: () => unknown): { readonly error: ConfigError; readonly printed: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError)
      return { error, printed: `${inspect(error, { depth: 9 })} ${JSON.stringify(error)}` };
    throw error;
  }
  throw new Error('it was accepted');
}
