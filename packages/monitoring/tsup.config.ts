import { packageBuild } from '../../tsup.base.ts';

export default packageBuild([
  'src/index.ts',
  'src/uptime.ts',
  'src/uptime/sqlite.ts',
  'src/uptime/postgres.ts',
]);
