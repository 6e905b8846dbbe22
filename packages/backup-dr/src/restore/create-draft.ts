import type { Duration } from '@groundcrew/ground';
import type { Json, Step } from '@groundcrew/runbook';
import type { Wire } from '../point/tenant-point.ts';
import { type CreateInput, createResource, type MadeKind, type Ref, type Slot } from './restore-actions.ts';

type Place = string | number;

/** What making one thing takes; whatever is not named here is one or a few calls. */
const TAKES: { readonly [kind in MadeKind]?: Duration } = { server: '30s', volume: '10s' };

/** An image has its bytes, and a container its objects, when its step ends. */
const LONG: { readonly [kind in MadeKind]?: Duration } = { image: '1d', container: '7d' };

/** The body of one thing that is to be made, in which ids are there already or come from earlier steps. */
export class CreateDraft {
  readonly kind: MadeKind;
  readonly #name: string;
  readonly #body: Record<string, Json> = {};
  readonly #slots: Slot[] = [];
  readonly #needs = new Set<string>();

  constructor(kind: MadeKind, name: string) {
    this.kind = kind;
    this.#name = name;
  }

  /** Sets fields; one that is `undefined` is left out. */
  set(fields: { readonly [field: string]: Json | undefined }): this {
    for (const [field, value] of Object.entries(fields)) if (value !== undefined) this.#body[field] = value;
    return this;
  }

  /** Copies fields as they were; what is null or absent is left to the service. */
  copy(wire: Wire, ...fields: readonly string[]): this {
    for (const field of fields) {
      const value = wire[field];
      if (value !== undefined && value !== null) this.#body[field] = value;
    }
    return this;
  }

  /** Puts the id of something at a place, which must be there unless it is a field of the body itself. */
  put(at: readonly [Place, ...Place[]], ref: Ref): this {
    if ('step' in ref) {
      this.#slots.push({ at: [...at], step: ref.step });
      this.#needs.add(ref.step);
    }
    setAt(this.#body, at, 'id' in ref ? ref.id : null);
    return this;
  }

  /** Lets it wait for other steps, whose ids it does not need. */
  after(...steps: readonly string[]): this {
    for (const step of steps) this.#needs.add(step);
    return this;
  }

  /** Leaves fields out. */
  without(fields: ReadonlySet<string> | undefined): this {
    for (const field of fields ?? []) Reflect.deleteProperty(this.#body, field);
    return this;
  }

  /** The step that makes it. */
  step(
    id: string,
    project: string,
    more: Partial<Omit<CreateInput, 'kind' | 'name' | 'project' | 'body' | 'slots'>> & {
      readonly why?: string | undefined;
    } = {},
  ): Step {
    const { why, ...input } = more;
    return createResource.step({
      id,
      input: {
        kind: this.kind,
        name: this.#name,
        project,
        body: this.#body as CreateInput['body'],
        slots: this.#slots,
        ...input,
      },
      needs: [...this.#needs],
      why,
      estimate: { duration: TAKES[this.kind] ?? '1s', basis: 'a guess: measure it on your cloud' },
      timeout: LONG[this.kind] ?? '30m',
    });
  }
}

/** Sets what is at a place of nested lists and objects. */
export function setAt(body: object, at: readonly Place[], value: Json): void {
  let inner: object = body;
  for (const place of at.slice(0, -1)) inner = Reflect.get(inner, place) as object;
  Reflect.set(inner, at.at(-1) as Place, value);
}
