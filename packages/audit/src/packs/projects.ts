import type { ReadOptions } from '@groundcrew/ground';
import { type Cloud, type Observed, observeList, type Visibility } from '@groundcrew/core';
import type { ReportScope, ScopedProject } from '../policy/report.ts';

/** The projects that exist, as far as this user is told. */
export interface Projects {
  readonly known: readonly ScopedProject[];
  /** True if there are no others. */
  readonly all: boolean;
  /** The project of the token. */
  readonly own: ScopedProject | undefined;
  readonly observed: Observed<readonly ScopedProject[]>;
}

/** All projects; where that is denied, those in which the user has a role, and the token's own. */
export async function readProjects(cloud: Cloud, read: ReadOptions): Promise<Projects> {
  const clock = { now: () => cloud.clock.now() };
  const token = await cloud.token(read);
  const own = token?.project === undefined ? undefined : { id: token.project.id, name: token.project.name };
  const listed = await observeList('projects', cloud.identity.projects.list({}, read), clock);
  const some = listed.value.map(({ id, name }) => ({ id, name }));
  const known = own === undefined || some.some(({ id }) => id === own.id) ? some : [own, ...some];
  const all = listed.completeness === 'complete' && token?.domain === undefined;
  const observed = {
    ...listed,
    value: known,
    completeness:
      listed.completeness !== 'complete' && known.length > 0 ? ('partial' as const) : listed.completeness,
  };
  return { known, all, own, observed };
}

/**
 * The scope that a report may claim: a user that sees all projects has seen the known ones, any other user only its
 * own.
 */
export function reportScope(projects: Projects, visibility: Visibility): ReportScope {
  const { known, own, all } = projects;
  const seen = visibility.all ? known : own === undefined ? [] : [own];
  const denied = known.filter(({ id }) => !seen.some((project) => project.id === id));
  return { words: visibility.words, asked: known, all, seen, denied };
}
