import { packageBuild } from '../../tsup.base.ts';

export default packageBuild(['src/index.ts', 'src/command-line.ts', 'src/series.ts', 'src/stores.ts']);
