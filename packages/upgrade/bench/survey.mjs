// What is measured, in a process of its own, from what `pnpm build` made: asks so many clouds for their release.
import { connect } from '@groundcrew/core';
import { surveyFleet } from '@groundcrew/upgrade/fleet';

const [authUrl = '', count = '1'] = process.argv.slice(2);
const members = Array.from({ length: Number(count) }, (_, at) => ({
  name: `cloud-${at}`,
  connect: () =>
    connect({
      auth: {
        auth_url: authUrl,
        username: 'demo',
        password: 'secret-of-sim',
        project_name: 'demo',
        user_domain_id: 'default',
        project_domain_id: 'default',
      },
      region_name: 'RegionOne',
    }),
}));
const fleet = await surveyFleet(members);
const told = fleet.clouds.filter(({ release }) => release.verdict === 'uniform').length;
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ told, seconds: (user + system) / 1e6 }));
