import type { Finding } from '@groundcrew/runbook';
import type { EffectivePort } from '../effective-ports.ts';
import type { RuleEdit } from '../remediation/rule-edit.ts';

/** How much is open: the union of all rules, not one rule. */
export interface Coverage {
  readonly family: 'IPv4' | 'IPv6';
  readonly direction: 'ingress' | 'egress';
  /** Share of the addresses that the internet routes, 0 to 1. */
  readonly sources: number;
  /** `any`, or numbers of protocols. */
  readonly protocols: 'any' | readonly number[];
  /** `1-65535`, or single ports. */
  readonly ports: string;
}

/** One of the rules that cause it; together they are as few as can be. */
export interface Cause {
  readonly rule_id: string;
  readonly security_group_id: string;
  readonly via: 'any' | 'prefix' | 'address_group' | 'remote_group';
}

/** What rules open to everyone, as data: what a repair and an answer to "who did that" begin with. */
export interface ExposureFinding extends Finding {
  readonly coverage: Coverage;
  readonly cause: readonly Cause[];
  /** The ports that use the rules, and what leads to them. */
  readonly effective: readonly EffectivePort[];
  /** The edits after which this finding is gone, and nothing else is closed that need not be. */
  readonly fix: readonly RuleEdit[];
}

export const isExposure = (finding: Finding): finding is ExposureFinding =>
  'coverage' in finding && 'fix' in finding;
