import { visible } from '@groundcrew/ground';
import type { PointKind, PointResource, Wire } from '../point/tenant-point.ts';
import { idIn } from './find-in-target.ts';
import { isChosen } from './mapping.ts';
import { called, type Planning } from './planning.ts';
import { removeResource } from './restore-actions.ts';
import type { RestoreTarget } from './read-target.ts';

/** Kinds whose names are looked for in the target. Names of ports and subnets are often empty, and nobody goes by them. */
const NAMED = {
  server: 'servers',
  volume: 'volumes',
  'server-group': 'serverGroups',
  network: 'networks',
  router: 'routers',
  'security-group': 'securityGroups',
  container: 'containers',
} as const satisfies { readonly [kind in PointKind]?: keyof RestoreTarget };
type Named = keyof typeof NAMED;

/** Kinds that may be deleted for what has their name: nothing else hangs on them. */
const REPLACEABLE = ['server', 'volume', 'server-group'] as const;

/** Characters of a name that every service takes, counted as UTF-16 has them: one outside of it is two, and refused early. */
const LONGEST = 255;

/** Refuses names that something of the target's project has, unless `replace` names it, and names that are too long. */
export function refuseTakenNames(planning: Planning): void {
  const { target, mapping } = planning;
  for (const [kind, list] of Object.entries(NAMED) as [Named, (typeof NAMED)[Named]][])
    for (const resource of planning.of(kind)) {
      const name = planning.nameOf(resource);
      refuseLongName(planning, resource, name);
      // The group `default` is judged by its rules; what is mapped to something that is there is not made.
      if (name === '' || (kind === 'security-group' && resource.name === 'default')) continue;
      if (planning.standsFor(resource) !== undefined) continue;
      const taken = target[list].value.filter((wire) => wire['name'] === name && isOwn(planning, wire));
      const kept = taken.filter(
        (wire) =>
          !(REPLACEABLE as readonly PointKind[]).includes(kind) ||
          !isChosen(mapping.replace, { kind, id: idIn(wire), name }),
      );
      const [first] = kept;
      if (first === undefined) continue;
      planning.refuse(
        'name-taken',
        resource,
        `the target has a ${kind} ${visible(name)} already (${idIn(first)})`,
        (REPLACEABLE as readonly PointKind[]).includes(kind)
          ? 'Name it in replace, which deletes it, or give names a prefix.'
          : 'Give names a prefix, or map it (networks), or delete it first: too much hangs on it to be replaced.',
      );
    }
}

/** Whether a thing is of the target's project: networks of others are seen, too. */
const isOwn = ({ target }: Planning, wire: Wire): boolean => {
  const owner = wire['project_id'] ?? wire['tenant_id'];
  return owner === undefined || owner === null || owner === target.project.id;
};

function refuseLongName(planning: Planning, resource: PointResource, name: string): void {
  if (name.length <= LONGEST || planning.mapping.names === undefined) return;
  planning.refuse(
    'name-too-long',
    resource,
    `with the prefix the name of ${called(resource)} has more than ${LONGEST} characters`,
    'Give a shorter prefix.',
  );
}

/** Plans the deletion of what `replace` names: servers first, which hold volumes. Answers its steps. */
export function planRemovals(planning: Planning): readonly string[] {
  const { target, mapping } = planning;
  const lists = {
    server: target.servers.value,
    volume: target.volumes.value,
    'server-group': target.serverGroups.value,
    keypair: target.keypairs.value.map((wire): Wire => ({ ...wire, id: wire['name'] ?? '' })),
  };
  const servers: string[] = [];
  const steps: string[] = [];
  for (const kind of ['server', 'volume', 'server-group', 'keypair'] as const)
    for (const choice of mapping.replace ?? []) {
      if (choice.kind !== kind) continue;
      const named = choice.id ?? choice.name;
      const found = lists[kind].filter(
        (wire) => wire['id'] === named || (choice.id === undefined && wire['name'] === named),
      );
      if (found.length === 0)
        planning.warnings.push(`replace names ${kind} ${visible(named)}, which the target does not have`);
      for (const wire of found) {
        const id = planning.stepId('remove');
        const name = typeof wire['name'] === 'string' ? wire['name'] : '';
        planning.steps.push(
          removeResource.step({
            id,
            input: { kind, id: idIn(wire), name, project: target.project.id },
            needs: kind === 'volume' ? [...servers] : [],
            why: 'replace names it',
          }),
        );
        if (kind === 'server') servers.push(id);
        steps.push(id);
      }
    }
  return steps;
}
