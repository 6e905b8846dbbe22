import type { Finding, Severity } from '@groundcrew/ground';
import type { Tally } from '@groundcrew/runbook';
import type { Frameworks } from './define-policy.ts';
import type { Exemption } from './exemption.ts';

/** A finding of a policy. */
export interface ComplianceFinding extends Finding {
  /** Id of the project it concerns, where it concerns one. */
  readonly project?: string | undefined;
  /** Of an exempt one: who answers for it, why, until when, and which further exemptions would hold. */
  readonly exemption?: (Exemption & { readonly overlaps: readonly string[] }) | undefined;
}

/** A project, as reports name it. */
export interface ScopedProject {
  readonly id: string;
  readonly name?: string | undefined;
}

/** Whose things a report is about. An auditor reads this before he reads a pass. */
export interface ReportScope {
  /** In words: `all projects`, `project shop only`. */
  readonly words: string;
  /** The projects that were asked for. */
  readonly asked: readonly ScopedProject[];
  /** Whether those are all that the cloud has; if not, there may be more that nobody asked for. */
  readonly all: boolean;
  /** Those whose things were shown. */
  readonly seen: readonly ScopedProject[];
  /** Those whose things were not. */
  readonly denied: readonly ScopedProject[];
}

/** A policy that was run, without its function. */
export interface RanPolicy {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly needs: readonly string[];
  readonly remedy: string;
  readonly frameworks: Frameworks;
  readonly tally: Tally;
}

/**
 * What came of an exemption. `used`: something would fail without it. `unused`: its policy was run wholly, and nothing
 * that it covers fails. `expired`: it no longer counts. `undecided`: its policy was not run, or not wholly.
 */
export interface ExemptionUse {
  readonly exemption: Exemption;
  readonly state: 'used' | 'unused' | 'expired' | 'undecided';
  /** How many findings it covers, or would if it had not expired. */
  readonly findings: number;
  /** Ids of others that hold for some of the same findings. */
  readonly overlaps: readonly string[];
}

/** Which rules are kept, which are broken, and which nobody can tell of. JSON. */
export interface ComplianceReport {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly scope: ReportScope;
  /** Worst first. */
  readonly findings: readonly ComplianceFinding[];
  readonly tally: Tally;
  readonly policies: readonly RanPolicy[];
  readonly exemptions: readonly ExemptionUse[];
}
