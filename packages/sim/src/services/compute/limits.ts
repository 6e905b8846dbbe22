import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const limitRoutes: Routes = {
  'GET limits': (call) => {
    const of = call.admin ? (call.query.get('tenant_id') ?? call.projectId) : call.projectId;
    const quota = call.state.compute.quota(of);
    const used = call.state.compute.used(of);
    return ok({
      limits: {
        rate: [],
        absolute: {
          maxTotalInstances: quota['instances'],
          maxTotalCores: quota['cores'],
          maxTotalRAMSize: quota['ram'],
          maxServerMeta: quota['metadata_items'],
          ...(call.atLeast('2.39') ? {} : { maxImageMeta: quota['metadata_items'] }),
          ...(call.atLeast('2.57')
            ? {}
            : {
                maxPersonality: quota['injected_files'],
                maxPersonalitySize: quota['injected_file_content_bytes'],
              }),
          maxTotalKeypairs: quota['key_pairs'],
          maxServerGroups: quota['server_groups'],
          maxServerGroupMembers: quota['server_group_members'],
          ...(call.atLeast('2.36')
            ? {}
            : {
                maxTotalFloatingIps: -1,
                maxSecurityGroups: -1,
                maxSecurityGroupRules: -1,
                totalFloatingIpsUsed: 0,
                totalSecurityGroupsUsed: 0,
              }),
          totalRAMUsed: used.ram,
          totalCoresUsed: used.cores,
          totalInstancesUsed: used.instances,
          totalServerGroupsUsed: call.state.compute.groups.filter((group) => group.project_id === of).length,
        },
      },
    });
  },
};
