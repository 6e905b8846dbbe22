import { ConfigError } from '../errors/errors.ts';
import { type Entry, given } from './auth-keys.ts';
import type { TokenBody } from './token.ts';

/**
 * An application credential is of the project that it was made in, whatever scope is asked for, and Keystone would
 * not even be asked: then the entry must not say otherwise, or calls go where nobody meant them to.
 *
 * @throws ConfigError
 */
export function assertFixedScope(entry: Entry, token: TokenBody): void {
  if (entry.auth_type !== 'v3applicationcredential') return;
  const { auth } = entry;
  const { project } = token;
  const id = given(auth, 'project_id');
  const name = given(auth, 'project_name');
  const asked = (
    [
      ['project_id', id === undefined || project === undefined || id === project.id],
      [
        'project_name',
        name === undefined || id !== undefined || project === undefined || name === project.name,
      ],
      ['system_scope', given(auth, 'system_scope') === undefined || token.system !== undefined],
      ['trust_id', given(auth, 'trust_id') === undefined],
      // Beside a project it is that project's domain.
      ['domain_id', given(auth, 'domain_id') === undefined || id !== undefined || name !== undefined],
      ['domain_name', given(auth, 'domain_name') === undefined || id !== undefined || name !== undefined],
      ['unscoped', auth.unscoped !== true],
    ] as const
  ).find(([, isMet]) => !isMet);
  if (asked === undefined) return;
  const [key] = asked;
  const is = project === undefined ? 'of its own scope' : `of project ${project.name ?? project.id}`;
  throw new ConfigError(
    `cloud ${entry.name}: the application credential is ${is}, not of ${key} ${String(auth[key])}`,
    {
      key: `auth.${key}`,
      remedy: 'Leave the scope out, make a credential where it is wanted, or use a password.',
    },
  );
}
