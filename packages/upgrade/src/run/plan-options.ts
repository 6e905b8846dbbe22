import { aDuration, anObjectWith, aPositiveDuration, type Duration, optionsSchema } from '@groundcrew/ground';
import type { Estimate, Finding, Target } from '@groundcrew/runbook';
import { z } from 'zod';
import type { DetectedRelease } from '../detect.ts';
import type { RollingSafety } from '../schema/rolling-safety.ts';
import { topologySchema, type UpgradeTopology } from './topology.ts';

/**
 * Evidence that the databases can be restored. A `RestoreProof` of `@groundcrew/backup-dr` is one; so is what another tool's drill told,
 * for which the caller answers.
 */
export interface RestoreEvidence {
  /** Of the proof; ISO 8601. */
  readonly at: string;
  /** The recovery point. @default not told */
  readonly point?: string | undefined;
}

export interface PlanUpgradeOptions {
  readonly topology: UpgradeTopology;
  /** `rolling`: old and new code serve at once. `outage`: each service is down while it is upgraded. @default 'rolling' */
  readonly strategy?: 'rolling' | 'outage' | undefined;
  /** Services for which a short outage is chosen, whatever the strategy: `['neutron']`. @default none */
  readonly outage?: readonly string[] | undefined;
  /** Services of the topology to be upgraded. @default all of them */
  readonly services?: readonly string[] | undefined;
  /** The time of planning, ISO 8601: a planner has no clock. */
  readonly now: string;
  /** What `detectRelease` found. @default the cloud is taken to be where the hop begins */
  readonly found?: DetectedRelease | undefined;
  /** What `rollingSafety` told of services. @default a warning for each service of which nothing is known */
  readonly schema?: readonly RollingSafety[] | undefined;
  /** Findings: a failure refuses the plan, what is unknown is a warning of it. @default none, with a warning */
  readonly checks?: readonly Finding[] | undefined;
  /** That the databases can be restored. Without it there is no plan: every hop migrates them. */
  readonly proof?: RestoreEvidence | undefined;
  /** The oldest that the proof may be, when it is planned and when it is run. @default '24h' */
  readonly proofLimit?: Duration | undefined;
  /** Hosts with computes and agents that are upgraded at a time. @default 1 */
  readonly wave?: number | undefined;
  /** What is led elsewhere before it is restarted: requests of APIs, servers of computes. @default nothing */
  readonly drain?: readonly ('api' | 'compute')[] | undefined;
  /** Rows of online migrations at a time, and the pause between. @default 1000 rows, and '1s' */
  readonly throttle?:
    | { readonly batch?: number | undefined; readonly pause?: Duration | undefined }
    | undefined;
  /** Services whose own check may be impossible to run: Glance 33's always ends in an error. @default none */
  readonly acceptUnknownChecks?: readonly string[] | undefined;
  /** Time of steps by `service.what`: `nova.install`, `keystone.expand`, `neutron.restart`. @default unknown */
  readonly estimates?: { readonly [step: string]: Estimate } | undefined;
  /** Whether the run waits for a person before its first point of no return. @default true */
  readonly gate?: boolean | undefined;
  /** What must not have changed since, for `revisionOf` of `run`. @default nothing */
  readonly targets?: readonly Target[] | undefined;
}

const names = z.array(z.string().min(1));

export const planUpgradeOptions = optionsSchema<PlanUpgradeOptions>({
  topology: topologySchema,
  strategy: z.enum(['rolling', 'outage']).optional(),
  outage: names.optional(),
  services: names.min(1).optional(),
  now: z.iso.datetime(),
  found: anObjectWith<DetectedRelease>('what detectRelease returns', 'verdict', 'candidates').optional(),
  schema: z
    .array(anObjectWith<RollingSafety>('what rollingSafety returns', 'service', 'verdict', 'conflicts'))
    .optional(),
  checks: z.array(anObjectWith<Finding>('a Finding', 'verdict', 'title')).optional(),
  // Loose: a RestoreProof has more.
  proof: z.looseObject({ at: z.iso.datetime(), point: z.string().min(1).optional() }).optional(),
  proofLimit: aPositiveDuration.optional(),
  wave: z.int().min(1).optional(),
  drain: z.array(z.enum(['api', 'compute'])).optional(),
  throttle: z.strictObject({ batch: z.int().min(1).optional(), pause: aDuration.optional() }).optional(),
  acceptUnknownChecks: names.optional(),
  estimates: z
    .record(
      z.string(),
      z.strictObject({
        duration: aDuration,
        downtime: aDuration.optional(),
        basis: z.string().min(1).optional(),
      }),
    )
    .optional(),
  gate: z.boolean().optional(),
  targets: z
    .array(z.strictObject({ kind: z.string().min(1), id: z.string().min(1), revision: z.string().min(1) }))
    .optional(),
});
