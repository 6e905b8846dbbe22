import { type Cloud, type Visibility, visibilityOf } from '@groundcrew/core';
import { InputError, type ReadOptions } from '@groundcrew/ground';

/** The project that is read, and how this client sees it. */
export interface Whose {
  readonly project: { readonly id: string; readonly name: string; readonly domain_id: string | null };
  /** Whether the client's token is of this project: services then list it without being asked for all. */
  readonly own: boolean;
  readonly visibility: Visibility;
  readonly user: string | undefined;
  /** The types of the catalogue, as registered. */
  readonly services: readonly string[];
}

/**
 * Finds a project by its id or name.
 *
 * @throws InputError if this user is not shown it; the errors of Keystone if there is none, or it may not be asked
 */
export async function whoseOf(
  cloud: Cloud,
  operation: string,
  idOrName: string,
  options: ReadOptions,
): Promise<Whose> {
  const [visibility, token] = await Promise.all([visibilityOf(cloud, options), cloud.token(options)]);
  const mine = token?.project;
  const common = {
    visibility,
    user: token?.user?.id,
    services: token?.catalog.map(({ type }) => type) ?? [],
  };
  if (mine !== undefined && (mine.id === idOrName || mine.name === idOrName))
    return {
      ...common,
      own: true,
      project: { id: mine.id, name: mine.name ?? mine.id, domain_id: mine.domain?.id ?? null },
    };
  if (!visibility.all)
    throw new InputError(
      `${operation}: project: the services show this user ${visibility.words}, and not ${idOrName}`,
      {
        field: 'project',
        operation,
        remedy: `Connect with a user of the project ${idOrName}, or as an administrator.`,
      },
    );
  const { id, name, domain_id } = await cloud.identity.projects.find(idOrName, options);
  return { ...common, own: false, project: { id, name, domain_id: domain_id ?? null } };
}
