import { packageBuild } from '../../tsup.base.ts';

export default packageBuild([
  'src/index.ts',
  'src/command-line.ts',
  'src/html.ts',
  'src/series.ts',
  'src/signatures.ts',
  'src/stores.ts',
]);
