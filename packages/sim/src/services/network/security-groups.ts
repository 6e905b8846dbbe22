import type { Routes } from '../../call.ts';
import { conflict } from '../../fault.ts';
import { flag, text } from '../../wire.ts';
import { groupMissing, resource } from './resource.ts';
import { ruleView } from './security-group-rules.ts';
import type { NetworkEntity } from './state.ts';

export const securityGroupRoutes: Routes = {
  ...resource<NetworkEntity>({
    name: 'security_group',
    plural: 'security_groups',
    store: (call) => {
      // The default group of a project is made at the first request.
      if (call.projectId !== '') call.state.network.defaultGroup(call.projectId);
      return call.state.network.entities.security_groups;
    },
    missing: groupMissing,
    quota: 'security_group',
    make: (call, given, project) => {
      const name = text(given['name']) ?? '';
      if (name === 'default')
        throw conflict('Default security group already exists.', 'SecurityGroupDefaultAlreadyExists');
      const group = call.state.network.addGroup(project, name, text(given['description']) ?? '');
      group['stateful'] = flag(given['stateful']) ?? true;
      return group;
    },
    update: (_call, group, given) => {
      if (group['name'] === 'default' && given['name'] !== undefined) {
        throw conflict('Updating default security group not allowed.', 'SecurityGroupCannotUpdateDefault');
      }
      Object.assign(group, given);
    },
    remove: (call, group) => {
      const { ports, rules } = call.state.network;
      if (ports.values().some((port) => port.security_groups.includes(group.id))) {
        throw conflict(`Security Group ${group.id} in use.`, 'SecurityGroupInUse');
      }
      if (group['name'] === 'default' && !call.admin) {
        throw conflict(
          'Insufficient rights for removing default security group.',
          'SecurityGroupCannotRemoveDefault',
        );
      }
      for (const rule of rules.by('group', group.id)) rules.delete(rule.id);
    },
    show: (call, group) => ({
      ...group,
      security_group_rules: [...call.state.network.rules.by('group', group.id)].map((rule) =>
        ruleView(call, rule),
      ),
    }),
  }),
};
