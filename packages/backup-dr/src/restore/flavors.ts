import { canonicalJson } from '@groundcrew/ground/signatures';
import type { PointResource, Wire } from '../point/tenant-point.ts';
import { objectOf, textOf } from '../point/wire.ts';

/** The size of a server. */
export interface Size {
  readonly vcpus: number;
  /** MiB. */
  readonly ram: number;
  /** GiB. */
  readonly disk: number;
  /** GiB. */
  readonly ephemeral: number;
  /** MiB. */
  readonly swap: number;
}

const PARTS = ['ram', 'vcpus', 'disk', 'ephemeral', 'swap'] as const satisfies readonly (keyof Size)[];

/** The size that a server or a flavor shows; `undefined` if it shows none. */
export function sizeOf(wire: Wire | undefined): Size | undefined {
  const number = (name: string): number | undefined => {
    const value = wire?.[name];
    return typeof value === 'number' ? value : undefined;
  };
  const [vcpus, ram, disk] = [number('vcpus'), number('ram'), number('disk')];
  const ephemeral = number('ephemeral') ?? number('OS-FLV-EXT-DATA:ephemeral');
  // Before 2.75 a flavor without swap shows an empty text.
  const swap = wire?.['swap'] === '' ? 0 : number('swap');
  return vcpus === undefined ||
    ram === undefined ||
    disk === undefined ||
    ephemeral === undefined ||
    swap === undefined
    ? undefined
    : { vcpus, ram, disk, ephemeral, swap };
}

/** The size of a server: its own since 2.47, before that its flavor's. */
export const sizeOfServer = (server: PointResource, flavor: PointResource | undefined): Size | undefined =>
  sizeOf(objectOf(server.wire['flavor'])) ?? sizeOf(flavor?.wire);

export const sameSize = (a: Size, b: Size): boolean => PARTS.every((part) => a[part] === b[part]);

/** The words for a size in a reason. */
export const sizeWords = ({ vcpus, ram, disk, ephemeral, swap }: Size): string =>
  [
    `${vcpus} VCPUs`,
    `${ram} MiB`,
    `${disk} GiB disk`,
    ...(ephemeral === 0 ? [] : [`${ephemeral} GiB ephemeral`]),
    ...(swap === 0 ? [] : [`${swap} MiB swap`]),
  ].join(', ');

/**
 * The smallest flavor in which a server has at least what it had; `undefined` if there is none. One with other extra specs
 * (a GPU, dedicated CPUs) comes last: it is another kind of server.
 */
export function closestFlavor(
  size: Size,
  specs: Wire | undefined,
  flavors: readonly Wire[],
): Wire | undefined {
  const wanted = canonicalJson(specs ?? {});
  const isOther = (flavor: Wire): number => {
    const own = objectOf(flavor['extra_specs']);
    return own === undefined || canonicalJson(own) === wanted ? 0 : 1;
  };
  return flavors
    .flatMap((flavor) => {
      const has = sizeOf(flavor);
      const fits =
        has !== undefined &&
        flavor['OS-FLV-DISABLED:disabled'] !== true &&
        PARTS.every((part) => has[part] >= size[part]);
      return fits ? [{ flavor, has, other: isOther(flavor) }] : [];
    })
    .toSorted((a, b) => {
      const bigger = PARTS.map((part) => a.has[part] - b.has[part]).find((more) => more !== 0);
      return a.other - b.other || (bigger ?? compareNames(a.flavor, b.flavor));
    })[0]?.flavor;
}

/** By code units: the same choice on every machine. */
function compareNames(a: Wire, b: Wire): number {
  const [one, two] = [textOf(a['name']) ?? '', textOf(b['name']) ?? ''];
  return one < two ? -1 : one > two ? 1 : 0;
}
