import { packageBuild } from '../../tsup.base.ts';

export default packageBuild(['src/index.ts', 'src/slo.ts', 'src/probes.ts']);
