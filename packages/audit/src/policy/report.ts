import type { Finding, Severity, Tally } from '@groundcrew/ground';
import type { Frameworks } from './define-policy.ts';
import type { Exemption } from './exemption.ts';

/** A finding of a policy. */
export interface ComplianceFinding extends Finding {
  /** Id of the project it concerns, where it concerns one. */
  readonly project?: string | undefined;
  /**
   * For an exempt finding: the exemption with its owner, reason and end, and the further exemptions that would hold.
   */
  readonly exemption?: (Exemption & { readonly overlaps: readonly string[] }) | undefined;
}

/** A project, as reports name it. */
export interface ScopedProject {
  readonly id: string;
  readonly name?: string | undefined;
}

/** The projects that a report is about. An auditor must know them before trusting a pass. */
export interface ReportScope {
  /** In words: `all projects`, `project shop only`. */
  readonly words: string;
  /** The projects that were asked for. */
  readonly asked: readonly ScopedProject[];
  /** True if those are all projects of the cloud; if not, there may be more that nobody asked for. */
  readonly all: boolean;
  /** The projects whose things were shown. */
  readonly seen: readonly ScopedProject[];
  /** The projects whose things were not shown. */
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
 * The use of an exemption. `used`: something would fail without it. `unused`: its policy was run wholly, and nothing
 * that it covers fails. `expired`: it no longer counts. `undecided`: its policy was not run, or not wholly.
 */
export interface ExemptionUse {
  readonly exemption: Exemption;
  readonly state: 'used' | 'unused' | 'expired' | 'undecided';
  /** The number of findings that it covers, or would if it had not expired. */
  readonly findings: number;
  /** Ids of others that hold for some of the same findings. */
  readonly overlaps: readonly string[];
}

/** The report as JSON: which rules are kept, which are broken, and for which nobody can tell. */
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
