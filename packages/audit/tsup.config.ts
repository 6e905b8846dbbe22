import { packageBuild } from '../../tsup.base.ts';

export default packageBuild([
  'src/index.ts',
  'src/security-groups.ts',
  'src/trail.ts',
  'src/postgres.ts',
  'src/rabbitmq.ts',
  'src/response.ts',
  'src/smtp.ts',
  'src/placement.ts',
  'src/policy.ts',
  'src/packs.ts',
]);
