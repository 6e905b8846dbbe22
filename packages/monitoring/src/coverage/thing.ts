/** Something that exists, and of which a figure could be measured now. */
export interface CoverageThing {
  readonly id: string;
  readonly name: string | undefined;
  /**
   * What sources call it, with the kind of the name: `id:…`, `domain:…`. A name that two things of a figure have is nobody's.
   */
  readonly keys: readonly string[];
  /** How many series it takes to see all of it: a volume that two servers have attached has two disks. */
  readonly parts: number;
  /** From when on there has been anything to measure, in milliseconds since 1970, if that is told. */
  readonly since: number | undefined;
  /** The compute host of a server. */
  readonly host?: string | undefined;
}

/** The name of a thing by its id. */
export const idKey = (id: string): string => `id:${id.toLowerCase()}`;
