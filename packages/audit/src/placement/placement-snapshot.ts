import type { Gap } from '@groundcrew/core';

/** Labels of a thing: server metadata, aggregate metadata, tags `name=value` of projects. */
export type Labels = Readonly<Record<string, string>>;

/** One resource class of a host, as Placement counts it. */
export interface Stock {
  readonly total: number;
  readonly reserved: number;
  readonly allocation_ratio: number;
  /** `undefined`: not told. */
  readonly used: number | undefined;
  /** The most, and the least, that one workload can have of it, and in what steps. @default no bound */
  readonly max_unit?: number | undefined;
  readonly min_unit?: number | undefined;
  readonly step_size?: number | undefined;
}

/** A place where a workload can run: a compute host. `undefined` anywhere: not seen, and so not known. */
export interface Location {
  readonly host: string;
  readonly region?: string | undefined;
  readonly zone: string | undefined;
  readonly aggregates: readonly { readonly name: string; readonly metadata: Labels }[] | undefined;
  /** The metadata of all its aggregates; a key with several values has them separated by commas. */
  readonly labels: Labels | undefined;
  readonly traits: readonly string[] | undefined;
  readonly stock: Readonly<Record<string, Stock>> | undefined;
  /** There are providers below it (devices), whose traits and stock are not among those here. @default false */
  readonly nested?: boolean | undefined;
  /** `undefined`: not told, as of a service in a cell that does not answer. */
  readonly enabled: boolean | undefined;
  readonly up: boolean | undefined;
}

/** A server that runs, or is to run. */
export interface Workload {
  readonly id: string;
  readonly name: string;
  readonly project_id: string;
  /** The host on which it runs; `undefined` if it does not run yet, or if its host is not shown. */
  readonly host: string | undefined;
  /** The region of its host: hosts of two regions may have one name. @default any */
  readonly region?: string | undefined;
  /** It is known to be on no host: shelved, or never scheduled. @default false */
  readonly nowhere?: boolean | undefined;
  readonly status: string;
  readonly vcpus: number;
  /** MiB. */
  readonly ram: number;
  /** GiB of its root disk, which is local unless `onVolume`. */
  readonly disk: number;
  /** GiB that are local in any case: ephemeral disk and swap. @default 0 */
  readonly ephemeral?: number | undefined;
  readonly extra_specs: Labels | undefined;
  readonly image_properties: Labels | undefined;
  /** Its zone, if it was asked for. */
  readonly zone: string | undefined;
  /** True if it was not seen whether a zone was asked for: Nova tells it from 2.96 on. @default false */
  readonly zoneUnseen?: boolean | undefined;
  /**
   * `name=value` tags of its project, over metadata of the server: a tenant that may write metadata must not
   * override the labels of its project. `undefined`: not seen wholly.
   */
  readonly labels: Labels | undefined;
  readonly group:
    | {
        readonly id: string;
        readonly policy: string;
        readonly members: readonly string[];
        /** The limit of an anti-affinity group, from 2.64 on. @default 1 */
        readonly max_server_per_host?: number | undefined;
      }
    | undefined;
  /** True if it was not seen whether it is in a group. @default false */
  readonly groupUnseen?: boolean | undefined;
  readonly volumes: readonly { readonly id: string; readonly encrypted: boolean | undefined }[] | undefined;
  /** It boots from a volume: no local disk is moved. */
  readonly onVolume: boolean;
}

export interface PlacementSnapshot {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly locations: readonly Location[];
  readonly workloads: readonly Workload[];
  /** Gaps in what was seen as a whole. */
  readonly gaps: readonly Gap[];
}

/** Tells whether the workload runs at the location. */
export const isAt = ({ host, region }: Workload, location: Location): boolean =>
  host === location.host &&
  (region === undefined || location.region === undefined || region === location.region);

/** The location at which the workload runs, among those that were seen. */
export const placeOf = (workload: Workload, { locations }: PlacementSnapshot): Location | undefined => {
  if (workload.host === undefined) return undefined;
  const index = hosts.get(locations) ?? Map.groupBy(locations, ({ host }) => host);
  hosts.set(locations, index);
  return index.get(workload.host)?.find((location) => isAt(workload, location));
};

/** Asked for each workload, and by some rules for each place: a search through all would be the most of the work. */
const hosts = new WeakMap<readonly Location[], ReadonlyMap<string, readonly Location[]>>();

/** Values that are separated by commas. */
export const listOf = (text: string | undefined): string[] =>
  text === undefined
    ? []
    : text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
