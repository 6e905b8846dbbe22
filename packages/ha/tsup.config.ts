import { packageBuild } from '../../tsup.base.ts';

export default packageBuild([
  'src/index.ts',
  'src/instances.ts',
  'src/fencing.ts',
  'src/stack.ts',
  'src/recovery.ts',
  'src/enroll.ts',
  'src/drill.ts',
  'src/simulation.ts',
  'src/masakari.ts',
]);
