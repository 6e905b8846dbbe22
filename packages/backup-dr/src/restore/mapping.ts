import { optionsSchema } from '@groundcrew/ground';
import { z } from 'zod';
import type { PointKind } from '../point/tenant-point.ts';

/** One thing of a point or of the target, by its kind and its id or name. A name that several have is all of them. */
export type Chosen = { readonly kind: PointKind } & (
  | { readonly id: string; readonly name?: undefined }
  | { readonly name: string; readonly id?: undefined }
);

/** How the things of a recovery point become things of a target. */
export interface RestoreMapping {
  /** Id or name of the target's project: that of the target that was read, so that nothing is restored into another one by mistake. */
  readonly project: string;
  /** Networks of the point (id or name) that are there already, by the name or id that they have in the target. @default {} */
  readonly networks?: Readonly<Record<string, string>> | undefined;
  /** Flavors by name, or `closest`: the smallest one in which the server has what it had. @default the same name and size */
  readonly flavors?: 'closest' | Readonly<Record<string, string>> | undefined;
  /** Volume types by name. @default the same name */
  readonly types?: Readonly<Record<string, string>> | undefined;
  /** Images of the point (id or name), by the name or id that they have in the target. @default the same id or bytes */
  readonly images?: Readonly<Record<string, string>> | undefined;
  /** Security groups of other projects (id or name), by the name or id of a group of the target. @default {} */
  readonly groups?: Readonly<Record<string, string>> | undefined;
  /** Zones of servers and volumes, by the name that they have in the target. @default no zone is asked for */
  readonly zones?: Readonly<Record<string, string>> | undefined;
  /**
   * Addresses of networks that the target has already: floating IPs, gateways, ports of shared networks. `same` needs an
   * administrator for floating IPs and gateways. Addresses of networks that are restored are always the same. @default 'new'
   */
  readonly addresses?: 'same' | 'new' | undefined;
  /** `prefix` is put before every name but that of the group `default`. @default no prefix */
  readonly names?: { readonly prefix: string } | undefined;
  /**
   * Things of the target that may be deleted, or overwritten, for what has their name: servers, volumes, server groups, key pairs,
   * and the rules of the group `default`. @default none: whatever is there stays as it is
   */
  readonly replace?: readonly Chosen[] | undefined;
  /** The things to be restored, with what each of them needs. @default everything */
  readonly only?: readonly Chosen[] | undefined;
  /** `empty`: volumes without kept bytes are made empty. @default they are refused */
  readonly volumes?: 'empty' | undefined;
  /** Names of fields that may be lost, where the target does not know them: `tags`, `description`. @default none */
  readonly without?: readonly string[] | undefined;
}

const name = z.string().min(1);
const byName = z.record(z.string(), name);
const chosen = z.union([
  z.strictObject({ kind: name, id: z.string() }),
  z.strictObject({ kind: name, name }),
]);

export const restoreMapping = optionsSchema<RestoreMapping>({
  project: name,
  networks: byName.optional(),
  flavors: z.union([z.literal('closest'), byName]).optional(),
  types: byName.optional(),
  images: byName.optional(),
  groups: byName.optional(),
  zones: byName.optional(),
  addresses: z.enum(['same', 'new']).optional(),
  names: z.strictObject({ prefix: z.string() }).optional(),
  replace: z.array(chosen).optional(),
  only: z.array(chosen).min(1).optional(),
  volumes: z.literal('empty').optional(),
  without: z.array(name).optional(),
});

/** The entry of a thing in a table that is by id or name. */
export const mappedTo = (
  table: Readonly<Record<string, string>> | undefined,
  ...keys: readonly string[]
): string | undefined => {
  if (table === undefined) return undefined;
  const key = keys.find((candidate) => Object.hasOwn(table, candidate));
  return key === undefined ? undefined : table[key];
};

/** Whether a choice means this thing. */
export const isChosen = (
  choices: readonly Chosen[] | undefined,
  thing: { readonly kind: PointKind; readonly id: string; readonly name: string },
): boolean =>
  choices?.some(
    (choice) =>
      choice.kind === thing.kind &&
      (choice.id === undefined ? choice.name === thing.name : choice.id === thing.id),
  ) === true;
