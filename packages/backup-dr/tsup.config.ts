import { packageBuild } from '../../tsup.base.ts';

export default packageBuild([
  'src/index.ts',
  'src/backup.ts',
  'src/cinder-backups.ts',
  'src/control-plane.ts',
  'src/point.ts',
  'src/prove.ts',
  'src/replication.ts',
  'src/repository.ts',
  'src/restore.ts',
  'src/volume-bytes.ts',
]);
