import { packageBuild } from '../../tsup.base.ts';

export default packageBuild([
  'src/index.ts',
  'src/checks.ts',
  'src/compatibility.ts',
  'src/dossier.ts',
  'src/fleet.ts',
  'src/path.ts',
  'src/rehearsal.ts',
  'src/run.ts',
  'src/schema.ts',
]);
