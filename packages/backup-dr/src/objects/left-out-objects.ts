import { counted } from '@groundcrew/ground';
import { z } from 'zod';
import type { StreamTags } from '../repository/engine.ts';
import type { LeftOutObject } from './pack-container.ts';

/** Objects that are named for each reason. */
const MOST_NAMED = 5;

/** The tag of an archive that says what it does not have. */
const LEFT_OUT = 'left-out';

const leftOutSchema = z.array(z.looseObject({ objects: z.string(), why: z.string() }));

/** Objects of one reason, in words: `3 objects (a, b, c)`. */
export type LeftOut = z.output<typeof leftOutSchema>[number];

/** Objects that an archive does not have: a few by name, and a number for each reason, however many there are. */
export class LeftOutObjects {
  readonly #byReason = new Map<string, { count: number; readonly names: string[] }>();

  add({ name, why }: LeftOutObject): void {
    const known = this.#byReason.get(why) ?? { count: 0, names: [] };
    known.count += 1;
    if (known.names.length < MOST_NAMED) known.names.push(name);
    this.#byReason.set(why, known);
  }

  /** As the manifest keeps them, beside the archive. */
  tags(): StreamTags {
    const left = [...this.#byReason].map(([why, { count, names }]): LeftOut => ({
      objects: `${counted(count, 'object')} (${names.join(', ')}${count > names.length ? ', …' : ''})`,
      why,
    }));
    return left.length === 0 ? {} : { [LEFT_OUT]: JSON.stringify(left) };
  }
}

/** What an archive does not have, as its tags say. */
export function leftOutIn(tags: StreamTags): readonly LeftOut[] {
  const text = tags[LEFT_OUT];
  return text === undefined ? [] : leftOutSchema.parse(JSON.parse(text));
}
