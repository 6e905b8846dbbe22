import type { Level } from '../level.ts';
import type { RuleId } from '../rules.ts';

/** The place in upstream's source where a message is logged. */
export interface CatalogueSource {
  /** `openstack/nova` */
  readonly repository: string;
  readonly tag: string;
  readonly file: string;
  readonly line: number;
}

/** A message that OpenStack logs at a level that the specification does not give it. */
export interface CatalogueEntry {
  /** Stable: users' exemptions name it. */
  readonly id: string;
  readonly service: string;
  readonly logger: string;
  /** The message, with `*` where it varies. oslo.log may add an exception at the end (`: keystone.exception.Conflict: …`). */
  readonly template: string;
  /** The class of the exception without which it is not meant, with `*` where it varies. */
  readonly exception?: string;
  /** The level at which it is logged. */
  readonly from: Level;
  /** The level that it should have. */
  readonly should: Level;
  /** The first and the last release whose source has it, of those from Zed to 2026.1. Others were not looked at. */
  readonly releases: { readonly first: string; readonly last: string };
  readonly source: CatalogueSource;
  readonly rule: RuleId;
  readonly why: string;
  /** The report of it, if there is one that is known. */
  readonly bug?: string;
  /** Messages as they are logged. */
  readonly examples: readonly string[];
}
