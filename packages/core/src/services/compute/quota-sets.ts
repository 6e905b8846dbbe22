import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt, until } from '../../record/shape.ts';
import { Flag } from './textual.ts';
import { tolerant } from '../../record/tolerant.ts';

/** -1: no limit. */
const Quota = z.number();
const Usage = tolerant({ limit: z.number(), in_use: z.number(), reserved: z.number() });
const NewQuota = z.number().int().min(-1).optional();

/** The quotas of a project, or of a user in it. */
export const QuotaSet = answer({
  /** The project's id; absent from the answer to an update. */
  id: z.string().optional(),
  instances: Quota,
  cores: Quota,
  /** MiB. */
  ram: Quota,
  key_pairs: Quota,
  metadata_items: Quota,
  server_groups: Quota,
  server_group_members: Quota,
  floating_ips: until('2.36', Quota),
  fixed_ips: until('2.36', Quota),
  security_groups: until('2.36', Quota),
  security_group_rules: until('2.36', Quota),
  injected_files: until('2.57', Quota),
  injected_file_content_bytes: until('2.57', Quota),
  injected_file_path_bytes: until('2.57', Quota),
});
export type QuotaSet = OutputAt<typeof QuotaSet>;

/** Quotas with what is used of them. */
export const QuotaDetail = answer({
  id: z.string().optional(),
  instances: Usage,
  cores: Usage,
  ram: Usage,
  key_pairs: Usage,
  metadata_items: Usage,
  server_groups: Usage,
  server_group_members: Usage,
  floating_ips: until('2.36', Usage),
  fixed_ips: until('2.36', Usage),
  security_groups: until('2.36', Usage),
  security_group_rules: until('2.36', Usage),
  injected_files: until('2.57', Usage),
  injected_file_content_bytes: until('2.57', Usage),
  injected_file_path_bytes: until('2.57', Usage),
});
export type QuotaDetail = OutputAt<typeof QuotaDetail>;

const OfProject = args({
  /** The project's. */
  id: z.string(),
  /** The quotas of this user in the project. */
  user_id: z.string().optional(),
});

/** The quotas of a project. With unified limits Keystone has them, and changes here do nothing. */
export const quotaSets = resource({
  name: 'quotaSets',
  operations: {
    /** The quotas of a project. Nova does not check that the project exists. */
    get: operation({
      verb: 'GET',
      path: 'os-quota-sets/{id}',
      receive: 'quota_set',
      input: OfProject,
      output: QuotaSet,
    }),
    /** Show the quotas of a project for which nothing was set. */
    defaults: operation({
      verb: 'GET',
      path: 'os-quota-sets/{id}/defaults',
      receive: 'quota_set',
      input: args({ id: z.string() }),
      output: QuotaSet,
    }),
    /** With what is used. */
    detail: operation({
      verb: 'GET',
      path: 'os-quota-sets/{id}/detail',
      receive: 'quota_set',
      input: OfProject,
      output: QuotaDetail,
    }),
    /** Change quotas. Administrators only. Below what is used is a 400, unless forced. */
    update: operation({
      verb: 'PUT',
      path: 'os-quota-sets/{id}',
      send: 'quota_set',
      receive: 'quota_set',
      query: ['user_id'],
      input: args({
        id: z.string(),
        user_id: z.string().optional(),
        force: Flag.optional(),
        instances: NewQuota,
        cores: NewQuota,
        /** MiB. */
        ram: NewQuota,
        key_pairs: NewQuota,
        metadata_items: NewQuota,
        server_groups: NewQuota,
        server_group_members: NewQuota,
        floating_ips: until('2.36', NewQuota),
        fixed_ips: until('2.36', NewQuota),
        security_groups: until('2.36', NewQuota),
        security_group_rules: until('2.36', NewQuota),
        injected_files: until('2.57', NewQuota),
        injected_file_content_bytes: until('2.57', NewQuota),
        injected_file_path_bytes: until('2.57', NewQuota),
      }),
      output: QuotaSet,
    }),
    /** Go back to the defaults. Administrators only. */
    delete: operation({ verb: 'DELETE', path: 'os-quota-sets/{id}', input: OfProject, status: 202 }),
  },
});
