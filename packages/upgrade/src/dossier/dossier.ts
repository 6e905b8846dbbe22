import type { SeriesName } from '@groundcrew/ground/series';
import type { KnownBreak } from '../compatibility/known-break.ts';
import type { PackageOnHost } from './observe-packages.ts';

/** Whom to call. */
export interface DossierContact {
  readonly name: string;
  /** Numbers, addresses, the contract: as they are to be read at three in the morning. */
  readonly reach: readonly string[];
  /** The services that they answer for. @default all */
  readonly services?: readonly string[] | undefined;
}

/** An issue that the caller knows of: a bug of the vendor's, a note of the last rehearsal. */
export interface DossierIssue {
  readonly service: string;
  readonly title: string;
  /** Where it is told. */
  readonly source: string;
}

/** Whether the project of a series still mends it; `until` is planned, or was. */
export interface DossierSupport {
  readonly series: SeriesName;
  readonly status: 'maintained' | 'unmaintained' | 'end of life' | 'development' | 'future' | 'unknown';
  /** ISO date. */
  readonly until: string | undefined;
}

/** A package, and how far it is from the newest of its series. */
export interface DossierPackage extends PackageOnHost {
  /** By its major version; `undefined` of what that does not tell. */
  readonly series: SeriesName | undefined;
  /** Point releases of its project between it and the newest of its major version; `undefined` where no list of them was given. */
  readonly behind: number | undefined;
}

/** All that whoever is called will ask of a service. */
export interface DossierService {
  /** By its project: `nova`. */
  readonly service: string;
  /** By its packages, and by its API where there is none; oldest first. Several: hosts differ, or its API does not tell them apart. */
  readonly series: readonly SeriesName[];
  /** Of each of them. */
  readonly support: readonly DossierSupport[];
  readonly packages: readonly DossierPackage[];
  /** Of the hop, by this package's own table. */
  readonly breaks: readonly KnownBreak[];
  readonly issues: readonly DossierIssue[];
  readonly contacts: readonly DossierContact[];
  /** What is not known of it, each a sentence. */
  readonly notKnown: readonly string[];
}

export interface Dossier {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** By name. */
  readonly services: readonly DossierService[];
  /** Packages that belong to none of them, but carry them: the message bus, the database, the hypervisor. */
  readonly others: readonly PackageOnHost[];
  /** What is not known of the cloud as a whole. */
  readonly notKnown: readonly string[];
}
