import type { CoverageThing } from './thing.ts';

/** What one way tells of the things of its figure. */
export interface SeenThings {
  /** The things with a value that is young enough, by id: when it was measured; ISO 8601, UTC. */
  readonly fresh: ReadonlyMap<string, string>;
  /** Those whose newest value is older: when that one was measured, or `undefined` if it is older than what was asked for. */
  readonly stale: ReadonlyMap<string, string | undefined>;
  /** Those of which it cannot tell, and why. */
  readonly untold: ReadonlyMap<string, string>;
}

interface Sighting {
  readonly at: number;
  readonly isFresh: boolean;
}

/** Gathers values that were seen, and finds out whose they are. */
export class Sightings {
  readonly #things: readonly CoverageThing[];
  readonly #byKey: ReadonlyMap<string, readonly CoverageThing[]>;
  readonly #parts = new Map<CoverageThing, Map<string, Sighting | undefined>>();
  readonly #untold = new Map<string, string>();

  constructor(things: readonly CoverageThing[]) {
    this.#things = things;
    const named = things.flatMap((thing) => thing.keys.map((key) => [key, thing] as const));
    this.#byKey = new Map(
      [...Map.groupBy(named, ([key]) => key)].map(([key, pairs]) => [key, pairs.map(([, thing]) => thing)]),
    );
  }

  /** The thing that one of these names is of, if it is of one alone. */
  find(keys: readonly string[]): CoverageThing | undefined {
    for (const key of keys) {
      const [thing, another] = this.sharing(key);
      if (thing !== undefined && another === undefined) return thing;
    }
    return undefined;
  }

  /** The things that have this name. */
  sharing(key: string): readonly CoverageThing[] {
    return this.#byKey.get(key) ?? [];
  }

  /** Takes a value of a part (a disk, an interface) of a thing; `undefined` if there is one that is older than what was asked. */
  add(thing: CoverageThing, part: string, sighting: Sighting | undefined): void {
    const parts = this.#parts.get(thing) ?? new Map<string, Sighting | undefined>();
    this.#parts.set(thing, parts);
    const known = parts.get(part);
    if (known === undefined || (sighting !== undefined && sighting.at > known.at)) parts.set(part, sighting);
  }

  untold(thing: CoverageThing, why: string): void {
    this.#untold.set(thing.id, why);
  }

  /** The things of which nothing young enough has been seen so far. */
  get missing(): readonly CoverageThing[] {
    return this.#things.filter((thing) => this.#newest(thing)?.isFresh !== true);
  }

  get seen(): SeenThings {
    const fresh = new Map<string, string>();
    const stale = new Map<string, string | undefined>();
    const untold = new Map<string, string>();
    for (const thing of this.#things) {
      const newest = this.#newest(thing);
      const at = newest === undefined ? undefined : new Date(newest.at).toISOString();
      const why = this.#untold.get(thing.id);
      if (newest?.isFresh === true && at !== undefined) fresh.set(thing.id, at);
      else if (why !== undefined) untold.set(thing.id, why);
      else if (this.#parts.has(thing)) stale.set(thing.id, at);
    }
    return { fresh, stale, untold };
  }

  /** The value by which all of a thing is seen: of a volume with two disks, that of the disk that was seen longer ago. */
  #newest(thing: CoverageThing): Sighting | undefined {
    const parts = [...(this.#parts.get(thing)?.values() ?? [])];
    const newest = parts.flatMap((part) => part ?? []).toSorted((a, b) => b.at - a.at);
    return newest.length < thing.parts ? undefined : newest[thing.parts - 1];
  }
}
