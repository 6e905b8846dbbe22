import { visible } from '@groundcrew/ground';
import type { Json } from '@groundcrew/runbook';
import type { PointResource } from '../point/tenant-point.ts';
import { objectOf, textOf } from '../point/wire.ts';
import { CreateDraft } from './create-draft.ts';
import { FILLING_KEY, MARK_KEY } from './mark.ts';
import { called, type Planning } from './planning.ts';

/** Bytes of a container's name (`max_container_name_length` of swift/common/constraints.py). */
const LONGEST = 256;

/** Plans the containers whose objects are kept. None is put into one that is there. */
export function planContainers(planning: Planning): void {
  const containers = planning.of('container');
  const kept = containers.filter(({ bytes }) => bytes !== undefined);
  for (const container of containers)
    if (container.bytes === undefined)
      planning.warnings.push(`${called(container)} is not restored: its objects were not kept`);
  const [first] = kept;
  if (first === undefined) return;
  const { completeness, gaps } = planning.target.containers;
  if (completeness === 'unsupported')
    planning.refuse(
      'service-missing',
      first,
      `the point has ${called(first)}, and the target has no object store`,
      'Name what is to be restored without it: only.',
    );
  else if (completeness !== 'complete')
    planning.refuse(
      'unseen',
      first,
      `whether the target has containers of the same name is not known: ${gaps[0]?.why ?? completeness}`,
      gaps[0]?.remedy ?? 'Name what is to be restored without them: only.',
    );
  else {
    refuseOverAccount(planning, kept);
    for (const container of kept) planContainer(planning, container);
  }
}

/** The operator's quota of the account counts bytes (swift/common/middleware/account_quotas.py); that of a container comes with it. */
function refuseOverAccount(planning: Planning, containers: readonly PointResource[]): void {
  const account = planning.target.account.value;
  const quota = Number(textOf(objectOf(account?.['metadata'])?.['quota-bytes']) ?? Number.NaN);
  const used = numberIn(account?.['X-Account-Bytes-Used']);
  const wanted = containers.reduce((sum, { wire }) => sum + numberIn(wire['X-Container-Bytes-Used']), 0);
  if (Number.isNaN(quota) || used + wanted <= quota) return;
  planning.refuse(
    'quota',
    undefined,
    `the containers have ${wanted} bytes, and the account in the object store may have ${Math.max(0, quota - used)} more`,
    'Let the operator raise its quota, or name what is to be restored: only.',
  );
}

const numberIn = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

function planContainer(planning: Planning, container: PointResource): void {
  const { bytes, wire } = container;
  if (bytes === undefined) return;
  const name = planning.nameOf(container);
  if (name.includes('/') || Buffer.byteLength(name) > LONGEST) {
    planning.refuse(
      'name-not-allowed',
      container,
      `with the prefix ${called(container)} would have a slash, or more than ${LONGEST} bytes`,
      'Give another prefix.',
    );
    return;
  }
  const draft = new CreateDraft('container', name).set({ container: name, metadata: metadataOf(container) });
  // Who may read it is told by ids of users and projects, and the policies are those of one cloud.
  if (planning.target.project.id === planning.point.project.id)
    draft.copy(wire, 'X-Container-Read', 'X-Container-Write', 'X-Storage-Policy');
  else warnOfSettings(planning, container);
  for (const field of container.withheld ?? [])
    planning.warnings.push(
      `${called(container)} is restored without its ${visible(field)}, which was not kept`,
    );
  const { repository, stream, size, sha256 } = bytes;
  planning.make(draft, {
    bytes: { repository, stream, size, ...(sha256 === undefined ? {} : { sha256 }) },
  });
}

/** Without what an earlier restore has written on it. */
const metadataOf = ({ wire }: PointResource): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectOf(wire['metadata']) ?? {}).flatMap(([key, value]) =>
      key === MARK_KEY || key === FILLING_KEY || typeof value !== 'string' ? [] : [[key, value]],
    ),
  );

function warnOfSettings(planning: Planning, container: PointResource): void {
  const { wire } = container;
  const lists = ['X-Container-Read', 'X-Container-Write'].filter(
    (field) => textOf(wire[field]) !== undefined,
  );
  if (lists.length > 0)
    planning.warnings.push(
      `${called(container)} is restored for its project alone: ${lists.join(' and ')} of another project are not taken over`,
    );
  const policy = textOf(wire['X-Storage-Policy']);
  if (policy !== undefined)
    planning.warnings.push(
      `${called(container)} gets the storage policy that is the target's default; it had ${visible(policy)}`,
    );
}
