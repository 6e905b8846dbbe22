import type { Severity } from '@groundcrew/ground';
import type { SeriesName } from '@groundcrew/ground/series';

/** The services of which breaks are known here, by their service types. */
export type BreakableService =
  | 'block-storage'
  | 'compute'
  | 'identity'
  | 'image'
  | 'network'
  | 'placement'
  | 'shared-file-system';

/** A route as API references write it, without the version and the project: `/servers/{id}/consoles`. */
export interface BrokenRoute {
  /** `{id}` stands for any one segment. */
  readonly path: string;
  /** @default every method */
  readonly methods?: readonly string[];
  /** Whether what lies below it is gone, too. @default true */
  readonly below?: boolean;
}

/** An option whose name or value is no longer taken. */
export interface BrokenOption {
  /** @default any section: drivers stand in the sections of their backends */
  readonly section?: string;
  readonly name: string;
  /**
   * Values, or elements of a list, that are no longer taken; one that ends in `*` stands for all that begin so.
   * @default the option itself is gone
   */
  readonly values?: readonly string[];
}

/** By what it is seen that a cloud uses what breaks. Each sign is enough. */
export interface BreakSigns {
  /** A whole API by its major version: `v2` is that of `/v2/…` and of `/v2.0/…`. */
  readonly apiVersion?: string;
  /** First words of paths that this API version goes on to serve; the empty one is the version document. */
  readonly spares?: readonly string[];
  readonly routes?: readonly BrokenRoute[];
  /** Routes answer as before below this microversion: only who asks for `latest` is hit by a hop. */
  readonly fromMicroversion?: string;
  /** A condition on the body, which logs do not tell: what is found then is `unknown`. */
  readonly onlyIf?: string;
  readonly options?: readonly BrokenOption[];
  /** Aliases of Neutron's extensions. */
  readonly extensions?: readonly string[];
  /** As Nova's `os-hypervisors` names them in `hypervisor_type`. */
  readonly hypervisorTypes?: readonly string[];
  /** As Neutron's `agents` names them in `agent_type`. */
  readonly agentTypes?: readonly string[];
}

/** Something that goes away, or is no longer taken, in a series. */
export interface KnownBreak {
  /** Stable: `nova.os-cells`. */
  readonly id: string;
  readonly service: BreakableService;
  /** The first series in which it is so. */
  readonly in: SeriesName;
  /** What becomes of it, as the end of a sentence that begins with what was used: `answers 410`. */
  readonly outcome: string;
  readonly severity: Severity;
  readonly signs: BreakSigns;
  readonly remedy: string;
  /** The file in which it was read: repository, tag or commit, and path. */
  readonly source: string;
}
