import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Refusal } from '@groundcrew/runbook';
import { z } from 'zod';
import { legalLocations, type LegalLocations } from './legal-locations.ts';
import type { PlacementRule } from './rule.ts';
import type { Labels, PlacementSnapshot, Workload } from './placement-snapshot.ts';

/** The workload that a user wants to create, as far as placement goes. */
export interface Applicant {
  readonly name: string;
  readonly project_id: string;
  readonly flavor: {
    readonly vcpus: number;
    readonly ram: number;
    readonly disk: number;
    /** GiB of ephemeral disk and swap. @default 0 */
    readonly ephemeral?: number | undefined;
    /** `unseen`: policy hides them. @default none */
    readonly extra_specs?: Labels | 'unseen' | undefined;
  };
  /** `undefined`: not known. Empty for what boots from a volume. */
  readonly image_properties: Labels | undefined;
  readonly availability_zone?: string | undefined;
  readonly metadata?: Labels | undefined;
  /** Labels of its project: tags `name=value`, which outweigh `metadata`. `unseen`: they could not be read. */
  readonly project_labels?: Labels | 'unseen' | undefined;
  readonly group?: Workload['group'];
  /** Its group could not be read. @default false */
  readonly groupUnseen?: boolean | undefined;
  /** `unseen`: what they are was not read. @default none */
  readonly volumes?: Workload['volumes'] | 'unseen';
  readonly onVolume?: boolean | undefined;
}

export interface AdmissionPolicy {
  readonly rules: readonly PlacementRule[];
  /**
   * The answer when no place is known to be legal, and some may be: `refuse` (fail closed) or `admit` (fail open).
   * @default 'refuse'
   */
  readonly unknown?: 'refuse' | 'admit' | undefined;
}

/** A word that is none of them would fail open, or closed, without being meant. */
export const admissionPolicy = {
  rules: z.array(anObjectWith<PlacementRule>('a PlacementRule', 'id', 'allows')),
  unknown: z.enum(['refuse', 'admit']).optional(),
};
const policySchema = optionsSchema<AdmissionPolicy>(admissionPolicy);

export type Admission =
  | {
      readonly admitted: true;
      readonly places: LegalLocations;
      /** Only these: say the zone, if they are all of one. */ readonly availability_zone: string | undefined;
    }
  | { readonly admitted: false; readonly refusal: Refusal<'audit.no-legal-place' | 'audit.place-unknown'> };

/**
 * Decides whether this may be created, before the request is sent; a no says where it would be legal, or what is
 * missing.
 *
 * Nova's scheduler does not know these rules: if only some hosts are legal, say so in the request by the zone, or by
 * aggregates that the flavor asks for.
 *
 * @example
 * const answer = admit(applicant, snapshot, { rules: [...schedulerRules, residency()] });
 * if (!answer.admitted) throw new Error(answer.refusal.reason);
 */
export function admit(applicant: Applicant, snapshot: PlacementSnapshot, policy: AdmissionPolicy): Admission {
  parseArguments('admit', policySchema, policy);
  const places = legalLocations(workloadOf(applicant), snapshot, policy.rules);
  const subject = { kind: 'server', id: applicant.name };
  if (places.legal.length > 0) {
    const zones = new Set(places.legal.map(({ location }) => location.zone));
    const outside = [...places.illegal, ...places.unknown].some(({ location }) => !zones.has(location.zone));
    const [only] = zones;
    return { admitted: true, places, availability_zone: zones.size === 1 && outside ? only : undefined };
  }
  if (places.unknown.length > 0) {
    if (policy.unknown === 'admit') return { admitted: true, places, availability_zone: undefined };
    return {
      admitted: false,
      refusal: {
        code: 'audit.place-unknown',
        reason: `no place is known to be legal: ${places.unknown[0]?.because.map(({ why }) => why).join('; ') ?? ''}`,
        remedy: 'Give it its labels, and read the cloud as an administrator.',
        subject,
      },
    };
  }
  return {
    admitted: false,
    refusal: {
      code: 'audit.no-legal-place',
      reason: `there is nowhere that it may run; nearest: ${places.nearest.join(' | ') || 'there is no host'}`,
      remedy: 'Make room where it may run, or change what it asks for.',
      subject,
    },
  };
}

/**
 * A field that the caller leaves out is one that the request does not ask for; `unseen` says that the caller does not
 * know.
 */
const workloadOf = (applicant: Applicant): Workload => ({
  id: applicant.name,
  name: applicant.name,
  project_id: applicant.project_id,
  host: undefined,
  status: 'NEW',
  vcpus: applicant.flavor.vcpus,
  ram: applicant.flavor.ram,
  disk: applicant.flavor.disk,
  ephemeral: applicant.flavor.ephemeral,
  extra_specs: applicant.flavor.extra_specs === 'unseen' ? undefined : (applicant.flavor.extra_specs ?? {}),
  image_properties: applicant.image_properties,
  zone: applicant.availability_zone,
  labels:
    applicant.project_labels === 'unseen'
      ? undefined
      : { ...applicant.metadata, ...applicant.project_labels },
  group: applicant.group,
  groupUnseen: applicant.groupUnseen,
  volumes: applicant.volumes === 'unseen' ? undefined : (applicant.volumes ?? []),
  onVolume: applicant.onVolume ?? false,
});
