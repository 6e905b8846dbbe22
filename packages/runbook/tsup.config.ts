import { packageBuild } from '../../tsup.base.ts';

export default packageBuild(['src/index.ts', 'src/hosts.ts', 'src/postgres.ts', 'src/dbos.ts']);
