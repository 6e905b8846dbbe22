import type { ReadOptions } from '@groundcrew/ground';
import {
  type Cloud,
  type Gap,
  gapOf,
  observeAllProjects,
  type Observed,
  observeList,
  type Visibility,
} from '@groundcrew/core';
import { z } from 'zod';
import type { Estate, EstateContainer, EstateVolumeType } from './estate.ts';
import { gather } from '../gather.ts';
import type { Projects } from './projects.ts';

/** Reads volume types with their encryption: administrators are shown private ones too. */
export async function readVolumeTypes(
  cloud: Cloud,
  visibility: Visibility,
  read: ReadOptions,
): Promise<Observed<readonly EstateVolumeType[]>> {
  const { volumeTypes } = cloud.blockStorage;
  const filter = visibility.all ? ({ is_public: 'None' } as const) : {};
  const [types, standard] = await Promise.all([
    observeAllProjects(cloud, 'volume types', visibility, volumeTypes.list(filter, read)),
    // 404 where the cloud has none.
    volumeTypes
      .get({ id: 'default' }, read)
      .catch((error: unknown) => gapOf('the default volume type', error)),
  ]);
  const defaultId = 'id' in standard ? standard.id : undefined;
  // 404 is Cinder's word that there is no default; any other failure is a gap of the types.
  const known = 'id' in standard || standard.kind === 'unsupported' ? types : withGap(types, standard);
  return gather(
    cloud,
    'volume types',
    known,
    async ({ id, name }) => {
      const encryption = await volumeTypes.getEncryption({ id }, read);
      return [{ id, name, encryption, isDefault: id === defaultId }];
    },
    ({ name }) => `encryption of volume type ${name}`,
  );
}

const withGap = <T>(observed: Observed<T>, gap: Observed<T>['gaps'][number]): Observed<T> => ({
  ...observed,
  completeness: observed.completeness === 'complete' ? 'partial' : observed.completeness,
  gaps: [...observed.gaps, gap],
});

// An entry without a name is of a list by folders, which is not asked for (swift, container_listing middleware): one that has none
// is an error, and not left out.
const Containers = z.array(z.looseObject({ name: z.string() }));
const PAGE = 1000;

/**
 * Reads who may use the containers of this project's account. An account of another project is shown to none but
 * resellers, so that the others are gaps.
 */
export async function readContainers(
  cloud: Cloud,
  projects: Projects,
  read: ReadOptions,
): Promise<Estate['containers']> {
  const clock = { now: () => cloud.clock.now() };
  const { own } = projects;
  // Without a token nobody is known to own it.
  const isOwner = ownsAccount((await cloud.token(read))?.roles ?? []);
  const shown = (header: string | null): string | undefined => header ?? (isOwner ? '' : undefined);
  const listed = await observeList('containers', containerNames(cloud, read), clock);
  // Swift has accounts of projects only, and the token names it: where there is no token, whose account answered is not known.
  if (own === undefined && listed.value.length > 0)
    return { ...listed, value: [], completeness: 'failed', gaps: [...listed.gaps, OF_NOBODY] };
  const names = { ...listed, value: listed.value.filter((name) => !isDots(name)) };
  const gathered = await gather(
    cloud,
    'containers',
    names,
    async (name): Promise<readonly EstateContainer[]> => {
      const path = encodeURIComponent(name);
      const { headers } = await cloud.request('object-store', {
        method: 'HEAD',
        path,
        operation: 'container',
        ...read,
      });
      return [
        {
          name,
          project_id: own?.id ?? '',
          read: shown(headers.get('x-container-read')),
          write: shown(headers.get('x-container-write')),
        },
      ];
    },
    (name) => `who may use container ${name}`,
  );
  const askable = names.value.length === listed.value.length ? gathered : withGap(gathered, NOT_ASKED);
  const others = projects.known.filter(({ id }) => id !== own?.id);
  if (askable.completeness === 'unsupported' || (others.length === 0 && projects.all)) return askable;
  return withGap(askable, {
    what:
      others.length === 0 ? 'containers of other projects' : `containers of ${others.length} other projects`,
    kind: 'denied',
    why: 'the object store shows a project its own account only',
    remedy: 'Ask once in each project.',
    requestIds: [],
  });
}

/**
 * Swift takes the access lists out of what it answers to readers of an account (`swift_owner_headers`, swift/proxy/server.py):
 * no header is an empty list only to who owns it, by the default of `operator_roles` and `reseller_admin_role`
 * (swift/common/middleware/keystoneauth.py).
 */
const ownsAccount = (roles: readonly { readonly name: string }[]): boolean =>
  roles.some(({ name }) => OWNERS.has(name.toLowerCase()));
const OWNERS: ReadonlySet<string> = new Set(['admin', 'swiftoperator', 'reselleradmin']);

/** Swift lets a container be called so, and any URL made of it is another URL. */
const isDots = (name: string): boolean => /^\.{1,2}$/.test(name);
const OF_NOBODY: Gap = {
  what: 'who may use containers',
  kind: 'failed',
  why: 'the token names no project, so that it is not known whose account this is',
  remedy: 'Ask with a token of a project.',
  requestIds: [],
};
const NOT_ASKED: Gap = {
  what: 'who may use a container whose name is dots',
  kind: 'failed',
  why: 'no URL can name it',
  remedy: 'Look at it with a client that sends paths as they are (curl --path-as-is), and delete it.',
  requestIds: [],
};

async function* containerNames(cloud: Cloud, read: ReadOptions): AsyncGenerator<string> {
  for (let marker: string | undefined; ;) {
    const { body } = await cloud.request('object-store', {
      path: '',
      query: { format: 'json', limit: PAGE, marker },
      schema: Containers,
      operation: 'containers',
      ...read,
    });
    const names = body.map(({ name }) => name);
    yield* names;
    const last = names.at(-1);
    // A marker that does not move would be asked for again and again.
    if (last === undefined || last === marker) return;
    marker = last;
  }
}
