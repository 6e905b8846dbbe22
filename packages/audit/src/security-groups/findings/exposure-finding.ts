import type { Finding } from '@groundcrew/ground';
import type { EffectivePort } from '../filters/effective-ports.ts';
import type { Remediation } from '../remediation/remediation.ts';

/** The extent of an exposure: the union of all rules, not one rule. */
export interface ExposureCoverage {
  readonly family: 'IPv4' | 'IPv6';
  readonly direction: 'ingress' | 'egress';
  /** Share of the addresses that the internet routes, 0 to 1. */
  readonly sources: number;
  /** `any`, or numbers of protocols. */
  readonly protocols: 'any' | readonly number[];
  /** `1-65535`, or single ports. */
  readonly ports: string;
}

/**
 * A finding with the rules that are open to everyone, as data: a repair and the search for the author begin with them.
 */
export interface ExposureFinding extends Finding, Remediation {
  readonly coverage: ExposureCoverage;
  /** The ports that use the rules, and what leads to them. */
  readonly effective: readonly EffectivePort[];
}

export const isExposure = (finding: Finding): finding is ExposureFinding =>
  'coverage' in finding && 'fix' in finding;
