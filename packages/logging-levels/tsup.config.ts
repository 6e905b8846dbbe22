import { packageBuild } from '../../tsup.base.ts';

export default packageBuild([
  'src/index.ts',
  'src/catalogue.ts',
  'src/follow.ts',
  'src/levels.ts',
  'src/read.ts',
  'src/relevel.ts',
  'src/templates.ts',
  'src/timeline.ts',
]);
