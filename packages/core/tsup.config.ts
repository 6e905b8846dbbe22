import { packageBuild } from '../../tsup.base.ts';

const services = ['block-storage', 'compute', 'identity', 'image', 'instance-ha', 'network', 'placement'];

export default packageBuild([
  'src/index.ts',
  'src/opentelemetry.ts',
  ...services.map((service) => `src/${service}/entities.ts`),
]);
