import { type Cloud, connect } from '@groundcrew/core';
import { ConnectionReset, simulateCloud, type SimulatedCloud, type SimulateOptions } from '@groundcrew/sim';
import { onTestFinished } from 'vitest';

/** An administrator of a simulated cloud, in this process: no socket, no real time. */
export interface Site {
  readonly simulated: SimulatedCloud;
  /** In the project `admin`. */
  readonly admin: Cloud;
  /** A new project with large quotas, and an administrator's client in its scope. */
  project(name: string): Promise<{ readonly id: string; readonly name: string; readonly cloud: Cloud }>;
  /** Another client of the same user, whose requests pass through `through`. */
  client(project: string, through?: typeof fetch): Cloud;
}

const ORIGIN = 'http://sim.test';

/** Makes a site, which ends with the test. */
export function siteOf(options: SimulateOptions = {}): Site {
  const simulated = simulateCloud(options);
  onTestFinished(() => simulated.close());
  const direct: typeof fetch = async (input, init) => {
    try {
      return await simulated.handle(new Request(input, init));
    } catch (error) {
      if (error instanceof ConnectionReset) throw new TypeError('fetch failed', { cause: error });
      throw error;
    }
  };
  const clientOf = (through: typeof fetch): Cloud =>
    connect({
      auth: {
        auth_url: `${ORIGIN}/identity/v3`,
        username: 'admin',
        password: 'secret-of-sim',
        project_name: 'admin',
        user_domain_name: 'Default',
        project_domain_name: 'Default',
      },
      region_name: 'RegionOne',
      clock: simulated.clock,
      fetch: through,
    });
  const admin = clientOf(direct);
  return {
    simulated,
    admin,
    client: (project, through = direct) => clientOf(through).scoped({ project_id: project }),
    async project(name) {
      const { id } = await admin.identity.projects.create({ name });
      const { user } = (await admin.token()) ?? {};
      const role = await admin.identity.roles.find('admin');
      await admin.identity.projectUserRoles.assign({
        project_id: id,
        user_id: user?.id ?? '',
        role_id: role.id,
      });
      await admin.compute
        .at('2.79')
        .quotaSets.update({ id, instances: -1, cores: -1, ram: -1, server_groups: 100 });
      await admin.network.quotas.update({
        project_id: id,
        network: -1,
        subnet: -1,
        port: -1,
        router: -1,
        floatingip: -1,
        security_group: -1,
        security_group_rule: -1,
      });
      await admin.blockStorage.quotaSets.update({ id, volumes: -1, gigabytes: -1 });
      return { id, name, cloud: admin.scoped({ project_id: id }) };
    },
  };
}
