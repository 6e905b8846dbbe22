import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

const Number = z.number().optional();

/** The quotas that every cloud has. -1 is without limit. */
const limits = {
  volumes: Number,
  snapshots: Number,
  backups: Number,
  groups: Number,
  /** GiB of volumes and, unless the cloud's `no_snapshot_gb_quota`, snapshots. */
  gigabytes: Number,
  backup_gigabytes: Number,
  /** GiB that one volume may have. */
  per_volume_gigabytes: Number,
};

/**
 * Quotas of a project. For each volume type there are `volumes_TYPE`, `snapshots_TYPE` and `gigabytes_TYPE` beside
 * the fields here.
 */
export const VolumeQuotaSet = answer({ id: z.string().optional(), ...limits });
export type VolumeQuotaSet = OutputAt<typeof VolumeQuotaSet>;

const Usage = tolerant({
  /** -1 is without limit. */
  limit: z.number(),
  in_use: z.number(),
  reserved: z.number(),
  /** Given to projects below it, where quotas were nested. */
  allocated: z.number().optional(),
}).optional();

/** As a quota set, with what is used of each. */
export const VolumeQuotaUsage = answer({
  id: z.string().optional(),
  volumes: Usage,
  snapshots: Usage,
  backups: Usage,
  groups: Usage,
  gigabytes: Usage,
  backup_gigabytes: Usage,
  per_volume_gigabytes: Usage,
});
export type VolumeQuotaUsage = OutputAt<typeof VolumeQuotaUsage>;

/** Quotas to be set, by name; those of volume types are the cloud's own, so that any name passes. */
const Given = z.object({ id: z.string(), ...limits }).catchall(z.union([z.number(), z.string()]).optional());

// The project.
const ById = args({ id: z.string() });

/** Quotas of projects. The `id` is the project's. */
export const quotaSets = resource({
  name: 'quotaSets',
  operations: {
    /** The limits. */
    get: operation({
      verb: 'GET',
      path: 'os-quota-sets/{id}',
      receive: 'quota_set',
      input: ById,
      output: VolumeQuotaSet,
    }),
    /** The limits, and what is used of them. */
    getUsage: operation({
      verb: 'GET',
      path: 'os-quota-sets/{id}',
      receive: 'quota_set',
      input: args({ id: z.string(), usage: z.literal(true).default(true) }),
      output: VolumeQuotaUsage,
    }),
    /** Show the quotas of a project that has none of its own. */
    defaults: operation({
      verb: 'GET',
      path: 'os-quota-sets/{id}/defaults',
      receive: 'quota_set',
      input: ById,
      output: VolumeQuotaSet,
    }),
    /** Set some, and leave the others. 400 if more is used already. Administrators only. */
    update: operation({
      verb: 'PUT',
      path: 'os-quota-sets/{id}',
      send: 'quota_set',
      receive: 'quota_set',
      input: Given,
      output: VolumeQuotaSet,
    }),
    /** Go back to the defaults. Administrators only. */
    delete: operation({ verb: 'DELETE', path: 'os-quota-sets/{id}', input: ById, status: 200 }),
  },
});

/** Default quotas. The class `default` is the one that Cinder uses. */
export const quotaClassSets = resource({
  name: 'quotaClassSets',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'os-quota-class-sets/{id}',
      receive: 'quota_class_set',
      input: ById,
      output: VolumeQuotaSet,
    }),
    /** Set some, and leave the others. */
    update: operation({
      verb: 'PUT',
      path: 'os-quota-class-sets/{id}',
      send: 'quota_class_set',
      receive: 'quota_class_set',
      input: Given,
      output: VolumeQuotaSet,
    }),
  },
});
