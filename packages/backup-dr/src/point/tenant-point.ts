import type { Completeness, Gap } from '@groundcrew/ground';
import type { Json } from '@groundcrew/runbook';

/** The kinds of things that a recovery point of this version has. */
export type PointKind =
  | 'server'
  | 'server-group'
  | 'keypair'
  | 'flavor'
  | 'image'
  | 'volume'
  | 'volume-type'
  | 'network'
  | 'subnet'
  | 'router'
  | 'port'
  | 'security-group'
  | 'floating-ip'
  | 'load-balancer'
  | 'compute-quota'
  | 'volume-quota'
  | 'network-quota'
  | 'role-assignment';

/** The fields of an answer, by the names and with the values that the service gave them. */
export type Wire = { readonly [field: string]: Json };

/** Names one thing of a cloud. The ids of two kinds may be equal. */
export interface ResourceRef {
  readonly kind: PointKind;
  /** The service's own; of a key pair `USER/NAME`, of a flavor and a volume type the name, of a quota the project's. */
  readonly id: string;
}

/** Something that a resource cannot be without. */
export interface PointNeed extends ResourceRef {
  /** The part that it has: `flavor`, `gateway`, `remote_group`. */
  readonly as: string;
}

/** The place where the bytes of a volume or an image are kept. */
export interface VolumeBytes {
  /** The name of the repository, as the program that restores knows it. */
  readonly repository: string;
  /** The name of the stream in it. */
  readonly stream: string;
  /** Bytes. */
  readonly size: number;
  /** Of all bytes, in hexadecimal. */
  readonly sha256?: string | undefined;
  /** The moment that they are of: that of the snapshot; ISO 8601. Since 1.1. */
  readonly at?: string | undefined;
  /**
   * How they are of one moment with the other disks of the server: its snapshots were taken at once, and so many milliseconds apart, with
   * its application at rest or as a power cut would leave it. Absent for a volume that no server had. Since 1.1.
   */
  readonly together?: TakenTogether | undefined;
}

export interface TakenTogether {
  /** The id of the server. */
  readonly server: string;
  /** Milliseconds from the first snapshot to the last, by the cloud's clock; 0 where storage took them as one. */
  readonly spreadMs: number;
  readonly consistency: 'application' | 'crash';
  /** As one snapshot of the group of volumes that they are in, or a snapshot of each at once. Since 1.2; absent: of each. */
  readonly how?: 'group' | 'snapshots' | undefined;
}

/** One thing of the project, as its service showed it. */
export interface PointResource extends ResourceRef {
  /** Not unique, and may be empty; other people's text. */
  readonly name: string;
  readonly wire: Wire;
  /** The microversion that the fields were read with; absent where the service has none. */
  readonly microversion?: string | undefined;
  /** Names of fields that were shown and are not kept, since they may hold secrets. */
  readonly withheld?: readonly string[] | undefined;
  readonly needs: readonly PointNeed[];
  /** The place of its bytes, of a volume or an image; absent where none were kept. */
  readonly bytes?: VolumeBytes | undefined;
}

/** A thing of another project, or of the whole cloud, that something here refers to: a shared network, a public image. */
export interface ExternalResource extends PointResource {
  /** Whether it was seen; of one that was not, there is only the id. */
  readonly seen: boolean;
}

/** How completely one list was read. */
export interface PointList {
  /** `servers`, `key pairs`, … */
  readonly name: string;
  readonly completeness: Completeness;
  /** Things of the project that were seen in it. */
  readonly count: number;
}

export interface PointSignature {
  readonly key_id: string;
  /** Ed25519 over the digest, base64. */
  readonly value: string;
}

/**
 * A recovery point of a project without its bytes: everything that belongs to it, as plain data. It is the manifest of a
 * backup, and what `planRestore` plans from.
 */
export interface TenantPoint {
  readonly format: 'groundcrew.tenant-point';
  /** `MAJOR.MINOR`: a newer minor version is read, and not changed; another major one is refused. */
  readonly formatVersion: string;
  /** The time when the reading began; ISO 8601, UTC. */
  readonly at: string;
  readonly cloud: { readonly name: string; readonly region: string | null };
  readonly project: { readonly id: string; readonly name: string; readonly domain_id: string | null };
  /** Whether everything was seen; `partial`: the gaps say what was not. */
  readonly completeness: 'complete' | 'partial';
  readonly lists: readonly PointList[];
  readonly gaps: readonly Gap[];
  readonly resources: readonly PointResource[];
  readonly external: readonly ExternalResource[];
  /** Resources that need each other, each circle once; one that needs itself is a circle, too. */
  readonly cycles: readonly (readonly ResourceRef[])[];
  /** `sha256:` and 64 hex digits over canonical JSON (RFC 8785) of all but the digest and the signature. */
  readonly digest: string;
  readonly signature?: PointSignature | undefined;
}

export const POINT_FORMAT = 'groundcrew.tenant-point';
export const POINT_VERSION = '1.2';

/** A key for maps: kinds have no blanks. */
export const keyOf = ({ kind, id }: ResourceRef): string => `${kind} ${id}`;
