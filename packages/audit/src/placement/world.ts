import type { Gap } from '@groundcrew/core';

/** What a thing says of itself: server metadata, aggregate metadata, tags `name=value` of projects. */
export type Labels = Readonly<Record<string, string>>;

/** One resource class of a host, as Placement counts it. */
export interface Stock {
  readonly total: number;
  readonly reserved: number;
  readonly allocation_ratio: number;
  readonly used: number;
}

/** A place where a workload can run: a compute host. `undefined` anywhere: not seen, and so not known. */
export interface Location {
  readonly host: string;
  readonly region?: string | undefined;
  readonly zone: string | undefined;
  readonly aggregates: readonly { readonly name: string; readonly metadata: Labels }[] | undefined;
  /** Of its aggregates' metadata together; a key with several values has them separated by commas. */
  readonly labels: Labels | undefined;
  readonly traits: readonly string[] | undefined;
  readonly stock: Readonly<Record<string, Stock>> | undefined;
  readonly enabled: boolean;
  readonly up: boolean;
}

/** Something that runs, or is to run. */
export interface Workload {
  readonly id: string;
  readonly name: string;
  readonly project_id: string;
  /** Where it is; `undefined` for what does not run yet, or whose host is not shown. */
  readonly host: string | undefined;
  readonly status: string;
  readonly vcpus: number;
  /** MiB. */
  readonly ram: number;
  /** GiB of local disk. */
  readonly disk: number;
  readonly extra_specs: Labels | undefined;
  readonly image_properties: Labels | undefined;
  /** Its zone, if it was asked for. */
  readonly zone: string | undefined;
  /** Metadata of the server, over `name=value` tags of its project. `undefined`: neither was seen wholly. */
  readonly labels: Labels | undefined;
  readonly group:
    | { readonly id: string; readonly policy: string; readonly members: readonly string[] }
    | undefined;
  readonly volumes: readonly { readonly id: string; readonly encrypted: boolean | undefined }[] | undefined;
  /** It boots from a volume: no local disk is moved. */
  readonly onVolume: boolean;
}

export interface PlacementWorld {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly locations: readonly Location[];
  readonly workloads: readonly Workload[];
  /** What was not seen, of the whole. */
  readonly gaps: readonly Gap[];
}
