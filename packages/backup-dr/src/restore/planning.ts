import { type Observed, visible } from '@groundcrew/ground';
import type { Refusal, Step } from '@groundcrew/runbook';
import {
  keyOf,
  type PointKind,
  type PointNeed,
  type PointResource,
  type ResourceRef,
  type TenantPoint,
} from '../point/tenant-point.ts';
import type { CreateDraft } from './create-draft.ts';
import type { RestoreMapping } from './mapping.ts';
import type { RestoreTarget } from './read-target.ts';
import type { Ref } from './restore-actions.ts';

/**
 * Why a point is not restored. `quota`: the target's project may not have so much. `name-taken`: something has the name, and
 * `replace` does not name it. `no-such-flavor`, `no-such-type`, `image-missing`, `key-missing`, `external-network-unmapped`,
 * `reference-unmapped`: what a thing needs is not in the target, and the mapping does not say what stands for it. `address-taken`:
 * an address that is to be the same is another's. `older-release`: the target does not know a field. `volume-bytes-missing`: nobody
 * kept the bytes. `not-in-point`: `only` names something that the point does not have. `not-allowed`: it takes an administrator.
 * `name-too-long`: the prefix makes it longer than its service allows. `name-not-allowed`: with the prefix it is no name of a container.
 * `service-missing`: the target has no object store. `unseen`: a list of the target could not be read.
 * `other-project`: the target that was read is another project's. `nothing-to-restore`: the point has nothing that a plan makes.
 */
export type RestoreRefusalCode =
  | 'quota'
  | 'name-taken'
  | 'no-such-flavor'
  | 'no-such-type'
  | 'address-taken'
  | 'external-network-unmapped'
  | 'reference-unmapped'
  | 'key-missing'
  | 'older-release'
  | 'image-missing'
  | 'volume-bytes-missing'
  | 'not-in-point'
  | 'not-allowed'
  | 'name-too-long'
  | 'name-not-allowed'
  | 'service-missing'
  | 'unseen'
  | 'other-project'
  | 'nothing-to-restore';

export type RestoreRefusal = Refusal<RestoreRefusalCode>;

/** A name in a sentence, with the id where there is none. */
export const called = ({ kind, id, name }: ResourceRef & { readonly name: string }): string =>
  name === '' ? `${kind} ${visible(id)}` : `${kind} ${visible(name)}`;

/** One plan in the making: what is decided about each thing, what speaks against it, and the steps so far. */
export class Planning {
  readonly point: TenantPoint;
  readonly target: RestoreTarget;
  readonly mapping: RestoreMapping;
  readonly refusals: RestoreRefusal[] = [];
  readonly warnings: string[] = [];
  readonly steps: Step[] = [];
  /** Fields that the target does not know and that may be lost, by the kind of what has them. */
  readonly lost = new Map<PointKind, Set<string>>();
  /** The things that are restored, in the order of the point. */
  readonly chosen: readonly PointResource[];
  /** What stands for each thing in the target: it is there already, or a step makes it. */
  readonly #refs = new Map<string, Ref>();
  readonly #known: ReadonlyMap<string, PointResource>;
  readonly #numbers = new Map<string, number>();

  constructor(
    point: TenantPoint,
    target: RestoreTarget,
    mapping: RestoreMapping,
    chosen: readonly PointResource[],
  ) {
    this.point = point;
    this.target = target;
    this.mapping = mapping;
    this.chosen = chosen;
    this.#known = new Map(
      [...point.external, ...point.resources].map((resource) => [keyOf(resource), resource]),
    );
  }

  of(kind: PointKind): readonly PointResource[] {
    return this.chosen.filter((resource) => resource.kind === kind);
  }

  /** A thing of the point, or one that it refers to; `undefined` if neither. */
  known(ref: ResourceRef): PointResource | undefined {
    return this.#known.get(keyOf(ref));
  }

  /** The name that a thing has in the target. */
  nameOf({ name }: Pick<PointResource, 'name'>): string {
    return `${this.mapping.names?.prefix ?? ''}${name}`;
  }

  stands(thing: ResourceRef, ref: Ref): void {
    this.#refs.set(keyOf(thing), ref);
  }

  standsFor(thing: ResourceRef): Ref | undefined {
    return this.#refs.get(keyOf(thing));
  }

  /** Whether a step of this plan makes the thing. */
  isMade(thing: ResourceRef): boolean {
    const ref = this.standsFor(thing);
    return ref !== undefined && 'step' in ref;
  }

  /** A new id for a step: `subnet-3`. */
  stepId(what: string): string {
    const number = (this.#numbers.get(what) ?? 0) + 1;
    this.#numbers.set(what, number);
    return `${what}-${number}`;
  }

  /** Adds the step that makes something, without the fields that may be lost. Answers the step's id. */
  make(draft: CreateDraft, more?: Parameters<CreateDraft['step']>[2]): string {
    const id = this.stepId(draft.kind);
    this.steps.push(draft.without(this.lost.get(draft.kind)).step(id, this.target.project.id, more));
    return id;
  }

  refuse(
    code: RestoreRefusalCode,
    thing: (ResourceRef & { readonly name: string }) | undefined,
    reason: string,
    remedy: string | undefined,
  ): void {
    const subject = thing === undefined ? undefined : { kind: thing.kind, id: thing.id, name: thing.name };
    this.refusals.push({ code, reason, remedy, subject });
  }

  /** Whether the field may be lost. */
  mayLose(field: string): boolean {
    return this.mapping.without?.includes(field) === true;
  }
}

/** The needs of a kind that a resource has. */
export const needsAs = (resource: PointResource, ...as: readonly string[]): readonly PointNeed[] =>
  resource.needs.filter((need) => as.includes(need.as));

/** The lists without which nothing can be decided. */
const DECIDING = [
  'flavors',
  'volumeTypes',
  'images',
  'networks',
  'subnets',
  'routers',
  'ports',
  'securityGroups',
  'floatingIps',
  'servers',
  'volumes',
  'serverGroups',
  'keypairs',
  'extensions',
] as const satisfies readonly (keyof RestoreTarget)[];

/** Refuses for each list of the target that could not be read whole: what is not seen may be in the way. */
export function refuseUnseen(planning: Planning): void {
  const { target } = planning;
  for (const name of DECIDING) {
    const { completeness, gaps, source }: Observed<unknown> = target[name];
    if (completeness === 'complete' || completeness === 'unsupported') continue;
    const why = gaps[0]?.why ?? completeness;
    planning.refuse(
      'unseen',
      undefined,
      `the target's ${source} could not be read whole: ${why}`,
      gaps[0]?.remedy,
    );
  }
  for (const { completeness, source, gaps } of Object.values(target.quotas))
    if (completeness !== 'complete')
      planning.warnings.push(`Whether the ${source} suffice is not known: ${gaps[0]?.why ?? completeness}`);
}
