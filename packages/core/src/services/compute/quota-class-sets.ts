import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt, until } from '../../record/shape.ts';

/** -1: no limit. */
const Quota = z.number();
const NewQuota = z.number().int().min(-1).optional();

/** The quotas of a class of projects. There is one class: `default`. */
export const QuotaClassSet = answer({
  /** The class; absent from the answer to an update. */
  id: z.string().optional(),
  instances: Quota,
  cores: Quota,
  /** MiB. */
  ram: Quota,
  key_pairs: Quota,
  metadata_items: Quota,
  server_groups: changes(['2.1', Quota.optional()], ['2.50', Quota]),
  server_group_members: changes(['2.1', Quota.optional()], ['2.50', Quota]),
  floating_ips: until('2.50', Quota),
  fixed_ips: until('2.50', Quota),
  security_groups: until('2.50', Quota),
  security_group_rules: until('2.50', Quota),
  injected_files: until('2.57', Quota),
  injected_file_content_bytes: until('2.57', Quota),
  injected_file_path_bytes: until('2.57', Quota),
});
export type QuotaClassSet = OutputAt<typeof QuotaClassSet>;

/** The quotas that projects have for which nothing was set. Administrators only. */
export const quotaClassSets = resource({
  name: 'quotaClassSets',
  operations: {
    /** @example `cloud.compute.quotaClassSets.get({ id: 'default' })` */
    get: operation({
      verb: 'GET',
      path: 'os-quota-class-sets/{id}',
      receive: 'quota_class_set',
      input: args({ id: z.string() }),
      output: QuotaClassSet,
    }),
    /** Change the defaults for all projects that have no quotas of their own. */
    update: operation({
      verb: 'PUT',
      path: 'os-quota-class-sets/{id}',
      send: 'quota_class_set',
      receive: 'quota_class_set',
      input: args({
        id: z.string(),
        instances: NewQuota,
        cores: NewQuota,
        /** MiB. */
        ram: NewQuota,
        key_pairs: NewQuota,
        metadata_items: NewQuota,
        server_groups: NewQuota,
        server_group_members: NewQuota,
        floating_ips: until('2.50', NewQuota),
        fixed_ips: until('2.50', NewQuota),
        security_groups: until('2.50', NewQuota),
        security_group_rules: until('2.50', NewQuota),
        injected_files: until('2.57', NewQuota),
        injected_file_content_bytes: until('2.57', NewQuota),
        injected_file_path_bytes: until('2.57', NewQuota),
      }),
      output: QuotaClassSet,
    }),
  },
});
